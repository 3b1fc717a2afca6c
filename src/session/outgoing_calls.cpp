// Gives each call exactly one result.
#include "session/outgoing_calls.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <utility>

namespace mesosio::session {
namespace {

CallResult failed(CallOutcome outcome, errc code, std::string message, std::string peer_text = {},
                  int status = 0) {
  return {outcome, status, {make_error_code(code), std::move(message), std::move(peer_text)}};
}

CallResult result_of_answer(int status, codec::CallAnswer answer, const std::string& body,
                            const std::string& name) {
  switch (answer) {
    case codec::CallAnswer::accepted:
      return {CallOutcome::accepted, status, {}};
    case codec::CallAnswer::not_subscribed:
      return failed(CallOutcome::not_subscribed, errc::not_subscribed,
                    "the master answered " + name + " with " + std::to_string(status), printable(body),
                    status);
    default:
      return failed(CallOutcome::refused, errc::call_refused,
                    "the master refused " + name + " with status " + std::to_string(status), printable(body),
                    status);
  }
}

}  // namespace

void OutgoingCalls::open(policy::Attempt attempt, net::CallConnectionConfig config,
                         std::string framework_id) {
  framework_id_ = std::move(framework_id);
  if (current_ == attempt) return;
  current_ = attempt;
  auto handler = [weak = weak_from_this(), attempt](std::uint64_t id, net::CallReply reply) {
    if (const auto self = weak.lock()) self->on_reply(attempt, id, std::move(reply));
  };
  connections_.push_back(
      {attempt, net::CallConnection::create(executor_, std::move(config), std::move(handler)), 0});
}

void OutgoingCalls::close(const Error& why) {
  if (!current_) return;
  const policy::Attempt attempt = *current_;
  current_.reset();
  find(attempt)->calls->drain(why);
  forget_if_drained(attempt);
}

void OutgoingCalls::cancel_all() {
  // Taken out first: a completion may come back here with a new call.
  Table table = std::move(table_);
  table_.clear();
  auto connections = std::move(connections_);
  connections_.clear();
  current_.reset();
  const Error why{make_error_code(errc::stopped), "the client was stopped", {}};
  for (auto& [id, outstanding] : table) {
    if (!outstanding) continue;
    const auto connection = std::find_if(
        connections.begin(), connections.end(),
        [attempt = outstanding->attempt](const Connection& each) { return each.attempt == attempt; });
    const bool unsent = connection->calls->cancel(id) == net::CallConnection::Cancelled::removed;
    complete(std::move(outstanding->handler),
             unsent ? failed(CallOutcome::cancelled, errc::stopped, "cancelled before it was sent")
                    : failed(CallOutcome::unknown, errc::outcome_unknown, "cancelled after it was sent"),
             boost::asio::error::operation_aborted);
  }
  for (auto& connection : connections) connection.calls->close(why);
}

std::optional<policy::Attempt> OutgoingCalls::send(detail::EncodedCall call, CallHandler handler,
                                                   std::uint64_t id) {
  ++made_;
  const auto refuse = [&](CallResult result) {
    const error_code code = result.error.code;
    complete(std::move(handler), std::move(result), code);
    return std::nullopt;
  };
  if (call.error) return refuse({CallOutcome::invalid, 0, std::move(call.error)});
  const auto& name = scheduler::Call::Type_Name(call.type);
  if (!current_) {
    return refuse(
        failed(CallOutcome::not_subscribed, errc::not_subscribed, name + " was made while not subscribed"));
  }
  if (!call.framework_id.empty() && call.framework_id != framework_id_) {
    return refuse(failed(CallOutcome::invalid, errc::invalid_call,
                         "scheduler Call " + name + ": framework_id must be '" + printable(framework_id_) +
                             "', which this client is subscribed as, or not be set; got '" +
                             printable(call.framework_id) + "'"));
  }
  auto* connection = find(*current_);
  if (connection->calls->waiting() >= max_queued_) {
    return refuse(failed(CallOutcome::queue_full, errc::queue_full,
                         name + " was not queued: " + std::to_string(max_queued_) + " calls are waiting"));
  }
  table_.emplace_back(id, Outstanding{std::move(handler), call.type, *current_});
  ++connection->outstanding;
  connection->calls->send(id, std::move(call.body));
  if (call.type == scheduler::Call::TEARDOWN) return current_;
  return std::nullopt;
}

void OutgoingCalls::cancel(std::uint64_t id) {
  auto outstanding = take(id);
  if (!outstanding) return;
  auto* connection = find(outstanding->attempt);
  const bool unsent = connection->calls->cancel(id) == net::CallConnection::Cancelled::removed;
  --connection->outstanding;
  forget_if_drained(outstanding->attempt);
  const bool teardown = outstanding->type == scheduler::Call::TEARDOWN;
  complete(std::move(outstanding->handler),
           unsent ? failed(CallOutcome::cancelled, errc::stopped, "cancelled before it was sent")
                  : failed(CallOutcome::unknown, errc::outcome_unknown, "cancelled after it was sent"),
           boost::asio::error::operation_aborted);
  if (teardown) listener_.teardown_ended(outstanding->attempt, false);
}

void OutgoingCalls::on_reply(policy::Attempt attempt, std::uint64_t id, net::CallReply reply) {
  auto* connection = find(attempt);
  auto outstanding = take(id);
  if (connection == nullptr || !outstanding) return;
  const bool draining = current_ != attempt;
  --connection->outstanding;
  forget_if_drained(attempt);
  const auto& name = scheduler::Call::Type_Name(outstanding->type);
  auto answer = codec::CallAnswer::accepted;
  CallResult result;
  switch (reply.kind) {
    case net::CallReply::Kind::answered:
      answer = codec::classify_call(reply.status, reply.body);
      result = result_of_answer(reply.status, answer, reply.body, name);
      break;
    case net::CallReply::Kind::not_sent:
      result = draining
                   ? failed(CallOutcome::not_subscribed, errc::not_subscribed,
                            "the subscription ended before " + name + " was sent: " + reply.error.to_string())
                   : CallResult{CallOutcome::not_sent, 0, std::move(reply.error)};
      break;
    case net::CallReply::Kind::unknown:
      result = failed(CallOutcome::unknown, errc::outcome_unknown,
                      name + " was sent, but its answer did not arrive: " + reply.error.to_string());
      break;
  }
  const bool accepted = result.outcome == CallOutcome::accepted;
  const error_code code = result.error.code;
  const auto type = outstanding->type;
  complete(std::move(outstanding->handler), std::move(result), code);
  if (type == scheduler::Call::TEARDOWN) listener_.teardown_ended(attempt, accepted);
  if (answer != codec::CallAnswer::accepted) listener_.answered(attempt, answer, reply.body);
}

std::optional<OutgoingCalls::Outstanding> OutgoingCalls::take(std::uint64_t id) {
  const auto at =
      std::lower_bound(table_.begin(), table_.end(), id,
                       [](const auto& entry, std::uint64_t wanted) { return entry.first < wanted; });
  if (at == table_.end() || at->first != id || !at->second) return std::nullopt;
  auto outstanding = std::exchange(at->second, std::nullopt);
  while (!table_.empty() && !table_.front().second) table_.pop_front();
  return outstanding;
}

OutgoingCalls::Connection* OutgoingCalls::find(policy::Attempt attempt) {
  const auto at = std::find_if(connections_.begin(), connections_.end(),
                               [&](const Connection& each) { return each.attempt == attempt; });
  return at == connections_.end() ? nullptr : &*at;
}

void OutgoingCalls::forget_if_drained(policy::Attempt attempt) {
  const auto* connection = find(attempt);
  if (attempt == current_ || connection->outstanding > 0) return;
  connections_.erase(connections_.begin() + (connection - connections_.data()));
}

void OutgoingCalls::complete(CallHandler handler, CallResult result, error_code code) {
  ++ended_[static_cast<std::size_t>(result.outcome)];
  handler.post(code, std::move(result));
}

}  // namespace mesosio::session
