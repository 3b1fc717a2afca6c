// The transitions. Sources of the rules are the HTTP API of the Mesos master (src/master/http.cpp) and its
// documentation.
#include "policy/scheduler_session.hpp"

#include <utility>

namespace mesosio::policy {
namespace {

using Level = action::Log::Level;

Error make_error(errc code, std::string message, std::string_view peer_text = {}) {
  return {make_error_code(code), std::move(message), printable(peer_text)};
}

void log(Actions& out, Level level, std::string text) {
  out.push_back(action::Log{level, std::move(text)});
}

}  // namespace

SchedulerSession::SchedulerSession(SessionConfig config)
    : config_(std::move(config)),
      backoff_(config_.backoff, config_.seed),
      watch_(config_.timeouts.missed_heartbeats),
      endpoint_(config_.master),
      framework_id_(config_.framework_id) {}

void SchedulerSession::step(const Input& input, TimePoint now, Actions& out) {
  if (stale(input)) return;
  std::visit([&](const auto& in) { on(in, now, out); }, input);
}

bool SchedulerSession::stale(const Input& input) const {
  return std::visit(
      [this](const auto& in) {
        using In = std::decay_t<decltype(in)>;
        if constexpr (std::is_same_v<In, input::Start>) {
          return running_;
        } else if constexpr (std::is_same_v<In, input::Stop>) {
          return !running_;
        } else if constexpr (std::is_same_v<In, input::TeardownEnded>) {
          // The answer may come after the stream has ended: that is what a TEARDOWN does.
          return !running_ || teardown_ != in.attempt;
        } else {
          return !running_ || in.attempt != attempt_;
        }
      },
      input);
}

void SchedulerSession::on(const input::Start&, TimePoint, Actions& out) {
  running_ = true;
  ++attempt_;
  endpoint_ = config_.master;
  redirects_ = 0;
  teardown_.reset();
  backoff_.reset();
  connect(out);
}

void SchedulerSession::on(const input::Stop&, TimePoint, Actions& out) {
  end({}, out);
}

void SchedulerSession::connect(Actions& out) {
  state_ = ConnectionState::connecting;
  answered_ = false;
  out.push_back(action::Connect{attempt_, endpoint_});
  log(out, Level::debug, "connecting to " + endpoint_.to_string());
}

void SchedulerSession::on(const input::Connected&, TimePoint now, Actions& out) {
  if (state_ != ConnectionState::connecting) return;
  state_ = ConnectionState::connected;
  log(out, Level::debug, "connected to " + endpoint_.authority() + ", subscribing");
  out.push_back(action::SendSubscribe{attempt_, framework_id_});
  state_ = ConnectionState::subscribing;
  if (config_.timeouts.response.count() > 0) {
    out.push_back(action::SetTimer{Timer::response, attempt_, now + config_.timeouts.response});
  }
}

void SchedulerSession::on(const input::Answered& in, TimePoint now, Actions& out) {
  if (state_ != ConnectionState::subscribing || answered_) return;
  const auto explained = [&] { return endpoint_.to_string() + ": " + codec::explain_subscribe(in.status); };
  switch (codec::classify_subscribe(in.status)) {
    case codec::SubscribeAnswer::accepted:
      return accepted(in, now, out);
    case codec::SubscribeAnswer::redirect:
      return redirected(in, now, out);
    case codec::SubscribeAnswer::retry:
      return disconnect(make_error(errc::master_unavailable, explained(), in.body), now, out);
    case codec::SubscribeAnswer::not_a_master:
      return disconnect(make_error(errc::unexpected_status, explained(), in.body), now, out);
    case codec::SubscribeAnswer::unauthorized:
      return end(make_error(errc::unauthorized,
                            explained() + "; it asks for: " + printable(in.www_authenticate, 256), in.body),
                 out);
    case codec::SubscribeAnswer::refused:
      return end(make_error(errc::refused, explained(), in.body), out);
  }
}

void SchedulerSession::accepted(const input::Answered& in, TimePoint now, Actions& out) {
  if (!codec::expected_content_type(in.content_type)) {
    return disconnect(
        make_error(errc::malformed_response,
                   endpoint_.to_string() + " answered SUBSCRIBE with Content-Type '" +
                       printable(in.content_type, 64) + "' where " +
                       std::string(codec::protobuf_content_type) + " is expected; is this a Mesos master?"),
        now, out);
  }
  if (!codec::valid_stream_id(in.stream_id)) {
    return disconnect(
        make_error(errc::malformed_response,
                   endpoint_.to_string() + " accepted SUBSCRIBE with Mesos-Stream-Id '" +
                       printable(in.stream_id, 64) +
                       "' where 1 to 128 printable characters are expected; is this a Mesos master?"),
        now, out);
  }
  answered_ = true;
  stream_id_ = in.stream_id;
  watch_.start(now);
  watch_armed_ = false;
  arm_watch(out);
}

void SchedulerSession::redirected(const input::Answered& in, TimePoint now, Actions& out) {
  codec::Endpoint leader;
  if (const Error error = codec::resolve_location(endpoint_, in.location, leader)) {
    return disconnect(error, now, out);
  }
  if (redirects_ >= config_.max_redirects) {
    return disconnect(make_error(errc::too_many_redirects,
                                 endpoint_.to_string() + " redirects to " + leader.to_string() + " after " +
                                     std::to_string(redirects_) + " redirects in a row"),
                      now, out);
  }
  ++redirects_;
  log(out, Level::info, endpoint_.authority() + " redirects to the leading master at " + leader.authority());
  out.push_back(action::CloseStream{});
  out.push_back(action::CancelTimers{});
  ++attempt_;
  endpoint_ = std::move(leader);
  connect(out);
}

void SchedulerSession::on(const input::Lost& in, TimePoint now, Actions& out) {
  disconnect(in.error, now, out);
}

void SchedulerSession::on(const input::SubscribedSeen& in, TimePoint now, Actions& out) {
  if (!answered_) return;
  if (in.framework_id.empty()) {
    return disconnect(make_error(errc::malformed_response,
                                 endpoint_.to_string() + " sent SUBSCRIBED without a framework id"),
                      now, out);
  }
  if (state_ == ConnectionState::subscribed && in.framework_id != framework_id_) {
    return disconnect(
        make_error(errc::malformed_response,
                   endpoint_.to_string() + " changed the framework id of a stream from " +
                       printable(framework_id_, 128) + " to " + printable(in.framework_id, 128)),
        now, out);
  }
  watch_.set_interval(in.heartbeat_interval_seconds);
  watch_.seen(now);
  arm_watch(out);
  if (!framework_id_.empty() && framework_id_ != in.framework_id) {
    log(out, Level::warning,
        "the master calls framework " + printable(framework_id_, 128) + " now " +
            printable(in.framework_id, 128));
  }
  framework_id_ = in.framework_id;
  if (state_ == ConnectionState::subscribing) {
    state_ = ConnectionState::subscribed;
    subscribed_at_ = now;
    log(out, Level::info,
        "subscribed to " + endpoint_.authority() + " as framework " + printable(framework_id_, 128));
    // Before the event is handed over, so that its receiver can make calls.
    out.push_back(action::OpenCalls{attempt_, endpoint_, stream_id_, framework_id_});
  }
  out.push_back(action::Deliver{});
}

void SchedulerSession::on(const input::ErrorSeen& in, TimePoint, Actions& out) {
  if (!answered_) return;
  out.push_back(action::Deliver{});
  // Whatever it says: after "Framework failed over" a new attempt would evict the instance that replaced this
  // one.
  end(make_error(errc::error_event, "the master at " + endpoint_.authority() + " ended the subscription",
                 in.message),
      out);
}

void SchedulerSession::on(const input::EventSeen& in, TimePoint now, Actions& out) {
  if (!answered_) return;
  if (state_ != ConnectionState::subscribed && !in.heartbeat) {
    return disconnect(
        make_error(errc::malformed_response, endpoint_.to_string() + " sent an event before SUBSCRIBED"), now,
        out);
  }
  watch_.seen(now);
  out.push_back(action::Deliver{});
}

void SchedulerSession::on(const input::UndecodedSeen&, TimePoint now, Actions& out) {
  if (!answered_) return;
  watch_.seen(now);
  out.push_back(action::Deliver{});
}

void SchedulerSession::on(const input::TimerFired& in, TimePoint now, Actions& out) {
  switch (in.timer) {
    case Timer::retry:
      if (state_ == ConnectionState::disconnected && !teardown_) connect(out);
      return;
    case Timer::response:
      if (state_ != ConnectionState::subscribing) return;
      if (watch_.paused()) {
        // Nobody reads, so SUBSCRIBED may well be there.
        out.push_back(action::SetTimer{Timer::response, attempt_, now + config_.timeouts.response});
      } else if (answered_) {
        disconnect(make_error(errc::timeout, endpoint_.to_string() +
                                                 " accepted SUBSCRIBE, but sent no SUBSCRIBED event within " +
                                                 std::to_string(config_.timeouts.response.count()) + " ms"),
                   now, out);
      } else {
        disconnect(make_error(errc::timeout, endpoint_.to_string() + " did not answer SUBSCRIBE within " +
                                                 std::to_string(config_.timeouts.response.count()) + " ms"),
                   now, out);
      }
      return;
    case Timer::heartbeat:
      watch_armed_ = false;
      if (watch_.expired(now)) {
        out.push_back(action::PollStream{attempt_});
      } else {
        arm_watch(out);
      }
      return;
  }
}

void SchedulerSession::on(const input::Polled& in, TimePoint now, Actions& out) {
  // Bytes that wait unread mean that this process was slow, not the master.
  if (in.readable) watch_.seen(now);
  if (!watch_.expired(now)) return arm_watch(out);
  const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(watch_.allowance());
  disconnect(make_error(errc::heartbeat_timeout, "no event from " + endpoint_.authority() + " for " +
                                                     std::to_string(waited.count()) + " ms, the time of " +
                                                     std::to_string(config_.timeouts.missed_heartbeats) +
                                                     " heartbeats"),
             now, out);
}

void SchedulerSession::on(const input::ReadsPaused&, TimePoint now, Actions&) {
  watch_.pause(now);
}

void SchedulerSession::on(const input::ReadsResumed&, TimePoint now, Actions& out) {
  watch_.resume(now);
  if (answered_ && !watch_armed_) arm_watch(out);
}

void SchedulerSession::on(const input::CallAnswered& in, TimePoint now, Actions& out) {
  if (state_ != ConnectionState::subscribed) return;
  if (in.answer == codec::CallAnswer::not_subscribed) {
    disconnect(make_error(errc::not_subscribed,
                          endpoint_.authority() + " knows of no subscription of this framework", in.body),
               now, out);
  } else if (in.answer == codec::CallAnswer::redirected) {
    disconnect(
        make_error(errc::master_unavailable, endpoint_.authority() + " is no longer the leading master"), now,
        out);
  }
}

void SchedulerSession::on(const input::TeardownSent& in, TimePoint, Actions&) {
  if (state_ == ConnectionState::subscribed) teardown_ = in.attempt;
}

void SchedulerSession::on(const input::TeardownEnded& in, TimePoint now, Actions& out) {
  teardown_.reset();
  if (in.accepted) {
    log(out, Level::info, "framework " + printable(framework_id_, 128) + " is torn down");
    return end({}, out);
  }
  if (state_ == ConnectionState::disconnected) retry_later("the TEARDOWN was not accepted", now, out);
}

void SchedulerSession::disconnect(Error cause, TimePoint now, Actions& out) {
  const bool was_subscribed = state_ == ConnectionState::subscribed;
  out.push_back(action::CloseStream{});
  out.push_back(action::CancelTimers{});
  state_ = ConnectionState::disconnected;
  ++attempt_;
  watch_.stop();
  answered_ = false;
  endpoint_ = config_.master;
  redirects_ = 0;
  const std::string text = cause.to_string();
  if (was_subscribed) {
    // A subscription that held counts as success; one that ends at once, again and again, must not become a
    // storm.
    if (now - subscribed_at_ >= config_.backoff.max) backoff_.reset();
    out.push_back(action::CloseCalls{cause});
    out.push_back(action::DeliverDisconnected{std::move(cause)});
  }
  if (teardown_) return log(out, Level::debug, text + "; waiting for the answer to TEARDOWN");
  retry_later(text, now, out);
}

void SchedulerSession::retry_later(const std::string& cause, TimePoint now, Actions& out) {
  const auto delay = backoff_.next();
  out.push_back(action::SetTimer{Timer::retry, attempt_, now + delay});
  log(out, Level::warning, cause + "; subscribing again in " + std::to_string(delay.count()) + " ms");
}

void SchedulerSession::end(Error why, Actions& out) {
  out.push_back(action::CloseStream{});
  out.push_back(action::CancelTimers{});
  if (state_ == ConnectionState::subscribed) {
    out.push_back(action::CloseCalls{why ? why : make_error(errc::stopped, "the client was stopped")});
  }
  state_ = ConnectionState::disconnected;
  running_ = false;
  ++attempt_;
  watch_.stop();
  answered_ = false;
  teardown_.reset();
  if (why) log(out, Level::error, why.to_string());
  out.push_back(action::End{std::move(why)});
}

void SchedulerSession::arm_watch(Actions& out) {
  const auto deadline = watch_.deadline();
  if (!deadline) return;
  watch_armed_ = true;
  out.push_back(action::SetTimer{Timer::heartbeat, attempt_, *deadline});
}

}  // namespace mesosio::policy
