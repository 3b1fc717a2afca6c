/// What became of a call, and what a client has seen so far.
#pragma once

#include <mesosio/error.hpp>

#include <array>
#include <cstdint>
#include <string>

namespace mesosio {

/// How a call ended. Each call ends exactly once, in exactly one of these ways.
enum class CallOutcome {
  accepted,  ///< 202, or 200 for UPDATE_FRAMEWORK: the master has taken it; what it leads to comes as events.
  refused,   ///< Answered with an error status; a 5xx may come from a proxy that knows no more than that.
  invalid,   ///< It breaks a rule of the API; it was not sent.
  not_subscribed,  ///< There was no subscription, it ended before the call was written, or the master knows
                   ///< of none.
  queue_full,      ///< `max_queued_calls` calls were waiting; it was not sent.
  not_sent,        ///< No connection for calls could be made in time; it was not sent.
  unknown,    ///< It was written, and the connection ended before the answer: the master may have taken it or
              ///< not.
  cancelled,  ///< The caller cancelled it before it was written; it was not sent.
};

/// The name of an outcome, as in the enumeration.
[[nodiscard]] const char* to_string(CallOutcome outcome) noexcept;

/// The answer to a call.
struct CallResult {
  CallOutcome outcome = CallOutcome::accepted;
  int status = 0;  ///< HTTP status of the answer; 0 where there was none.
  Error error;     ///< False when accepted; else what was wrong, with the master's words in `peer_text`.
};

/// The states of a subscription, in the words of Mesos' own library.
enum class ConnectionState {
  disconnected,  ///< No connection: before the run, between attempts, and after the end.
  connecting,    ///< A connection is being made.
  connected,     ///< The connection stands; nothing is sent yet.
  subscribing,   ///< SUBSCRIBE is sent, the SUBSCRIBED event is awaited.
  subscribed,    ///< Events come and calls can be made.
};

/// The name of a state, as in the enumeration.
[[nodiscard]] const char* to_string(ConnectionState state) noexcept;

/// Counters of a client since it was made, and where it stands. A snapshot.
struct ClientStats {
  ConnectionState state = ConnectionState::disconnected;
  std::uint64_t subscriptions = 0;     ///< SUBSCRIBED events that opened a subscription.
  std::uint64_t disconnections = 0;    ///< Subscriptions that ended.
  std::uint64_t attempts = 0;          ///< Connections to a master that were begun for a subscription.
  std::uint64_t events = 0;            ///< Events received on current streams, HEARTBEAT included.
  std::uint64_t undecoded_events = 0;  ///< Records that could not be parsed; each was handed on as such.
  std::uint64_t event_bytes = 0;       ///< Bytes of those records.
  std::uint64_t queued_events = 0;     ///< Events that wait for the consumer now.
  std::uint64_t calls = 0;             ///< Calls that were made.
  std::array<std::uint64_t, 8> calls_by_outcome{};  ///< Ended calls, indexed by `CallOutcome`.
};

}  // namespace mesosio
