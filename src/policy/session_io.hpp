// What the session's state machine is told and what it tells to do: plain values that can be compared and
// printed.
#pragma once

#include "codec/http_status.hpp"
#include "codec/url.hpp"
#include "policy/time.hpp"

#include <mesosio/error.hpp>

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mesosio::policy {

// Numbers the attempts to hold a subscription. It goes out with each action and comes back with each input,
// so that what a stale connection or timer has to say is known to be stale.
using Attempt = std::uint64_t;

enum class Timer { retry, response, heartbeat };

namespace input {

struct Start {};
struct Stop {};
struct Connected {
  Attempt attempt;
};
// The head of the answer to SUBSCRIBE, and for a refusal what came of its body.
struct Answered {
  Attempt attempt;
  int status = 0;
  std::string stream_id;
  std::string content_type;
  std::string location;
  std::string www_authenticate;
  std::string body;
};
// The connection could not be made, broke, or came to its end.
struct Lost {
  Attempt attempt;
  Error error;
};
struct SubscribedSeen {
  Attempt attempt;
  std::string framework_id;
  std::optional<double> heartbeat_interval_seconds;
};
struct ErrorSeen {
  Attempt attempt;
  std::string message;
};
// Any other event; HEARTBEAT may come before SUBSCRIBED.
struct EventSeen {
  Attempt attempt;
  bool heartbeat = false;
};
// A record that could not be parsed.
struct UndecodedSeen {
  Attempt attempt;
};
struct TimerFired {
  Timer timer;
  Attempt attempt;
};
struct Polled {
  Attempt attempt;
  bool readable;
};
struct ReadsPaused {
  Attempt attempt;
};
struct ReadsResumed {
  Attempt attempt;
};
// The answer to a call that was sent on the subscription of `attempt`.
struct CallAnswered {
  Attempt attempt;
  codec::CallAnswer answer;
  std::string body;
};
struct TeardownSent {
  Attempt attempt;
};
struct TeardownEnded {
  Attempt attempt;
  bool accepted;
};

}  // namespace input

using Input = std::variant<input::Start, input::Stop, input::Connected, input::Answered, input::Lost,
                           input::SubscribedSeen, input::ErrorSeen, input::EventSeen, input::UndecodedSeen,
                           input::TimerFired, input::Polled, input::ReadsPaused, input::ReadsResumed,
                           input::CallAnswered, input::TeardownSent, input::TeardownEnded>;

namespace action {

struct Connect {
  Attempt attempt;
  codec::Endpoint endpoint;
  friend bool operator==(const Connect&, const Connect&) = default;
};
struct SendSubscribe {
  Attempt attempt;
  std::string framework_id;  // empty: none yet
  friend bool operator==(const SendSubscribe&, const SendSubscribe&) = default;
};
struct CloseStream {
  friend bool operator==(const CloseStream&, const CloseStream&) = default;
};
// Replaces a timer of the same kind.
struct SetTimer {
  Timer timer;
  Attempt attempt;
  TimePoint at;
  friend bool operator==(const SetTimer&, const SetTimer&) = default;
};
struct CancelTimers {
  friend bool operator==(const CancelTimers&, const CancelTimers&) = default;
};
// Look whether the socket holds bytes that have not been read, and say so in Polled.
struct PollStream {
  Attempt attempt;
  friend bool operator==(const PollStream&, const PollStream&) = default;
};
// Subscribed: calls can be made with this stream id.
struct OpenCalls {
  Attempt attempt;
  codec::Endpoint endpoint;
  std::string stream_id;
  std::string framework_id;
  friend bool operator==(const OpenCalls&, const OpenCalls&) = default;
};
// No call can be written any more; those that were get the time to be answered.
struct CloseCalls {
  Error why;
  friend bool operator==(const CloseCalls&, const CloseCalls&) = default;
};
// The event (or undecoded record) that came with the input goes to the consumer.
struct Deliver {
  friend bool operator==(const Deliver&, const Deliver&) = default;
};
struct DeliverDisconnected {
  Error cause;
  friend bool operator==(const DeliverDisconnected&, const DeliverDisconnected&) = default;
};
// The run is over; false where it ended as it was asked to.
struct End {
  Error why;
  friend bool operator==(const End&, const End&) = default;
};
struct Log {
  enum class Level { debug, info, warning, error };
  Level level;
  std::string text;
  friend bool operator==(const Log&, const Log&) = default;
};

}  // namespace action

using Action = std::variant<action::Connect, action::SendSubscribe, action::CloseStream, action::SetTimer,
                            action::CancelTimers, action::PollStream, action::OpenCalls, action::CloseCalls,
                            action::Deliver, action::DeliverDisconnected, action::End, action::Log>;
using Actions = std::vector<Action>;

// For test failures and traces.
std::ostream& operator<<(std::ostream& out, const Action& action);

}  // namespace mesosio::policy
