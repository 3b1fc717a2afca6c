// The calls of a client from their making to their one result, across the connections of one subscription
// after another.
#pragma once

#include "codec/http_status.hpp"
#include "net/call_connection.hpp"
#include "policy/session_io.hpp"

#include <mesosio/call_result.hpp>
#include <mesosio/detail/completion.hpp>
#include <mesosio/detail/encoded_call.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mesosio::session {

using CallHandler = detail::Completion<error_code, CallResult>;

// Not thread-safe: used on the engine's strand only.
class OutgoingCalls : public std::enable_shared_from_this<OutgoingCalls> {
 public:
  // What the session has to know; called after the result of the call was handed over.
  struct Listener {
    std::function<void(policy::Attempt, codec::CallAnswer, const std::string& body)> answered;
    std::function<void(policy::Attempt, bool accepted)> teardown_ended;
  };

  OutgoingCalls(boost::asio::any_io_executor executor, std::size_t max_queued, Listener listener)
      : executor_(std::move(executor)), max_queued_(max_queued), listener_(std::move(listener)) {}

  // A subscription is there: calls go out on a connection of this configuration. The same attempt again
  // changes nothing.
  void open(policy::Attempt attempt, net::CallConnectionConfig config, std::string framework_id);
  // It has ended: what waits ends as not_subscribed, what was written gets the time to be answered.
  void close(const Error& why);
  // Everything ends now, as cancelled or unknown.
  void cancel_all();

  // Sends, or completes with what stands against it (posted). Ids grow from call to call. Returns the attempt
  // where a TEARDOWN went out.
  std::optional<policy::Attempt> send(detail::EncodedCall call, CallHandler handler, std::uint64_t id);
  // The caller gives up the call with this id, if it is still outstanding.
  void cancel(std::uint64_t id);

  // May be asked on any thread.
  [[nodiscard]] std::uint64_t made() const noexcept { return made_; }
  [[nodiscard]] std::uint64_t ended(CallOutcome outcome) const noexcept {
    return ended_[static_cast<std::size_t>(outcome)];
  }

 private:
  struct Outstanding {
    CallHandler handler;
    scheduler::Call::Type type;
    policy::Attempt attempt;
  };
  struct Connection {
    policy::Attempt attempt;
    std::shared_ptr<net::CallConnection> calls;
    std::size_t outstanding = 0;
  };
  using Table = std::deque<std::pair<std::uint64_t, std::optional<Outstanding>>>;

  void on_reply(policy::Attempt attempt, std::uint64_t id, net::CallReply reply);
  std::optional<Outstanding> take(std::uint64_t id);
  Connection* find(policy::Attempt attempt);
  // A connection of a past subscription goes with the last of its calls.
  void forget_if_drained(policy::Attempt attempt);
  void complete(CallHandler handler, CallResult result, error_code code);

  boost::asio::any_io_executor executor_;
  const std::size_t max_queued_;
  Listener listener_;
  std::vector<Connection> connections_;  // at most one is current, the others are draining
  std::optional<policy::Attempt> current_;
  std::string framework_id_;
  Table table_;  // in the order of ids; answered ones are cut off at the front
  std::atomic<std::uint64_t> made_{0};
  std::array<std::atomic<std::uint64_t>, 8> ended_{};
};

}  // namespace mesosio::session
