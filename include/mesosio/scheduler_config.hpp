/// Everything that a scheduler's connection to a Mesos master can be told, with a default and a unit for
/// each.
#pragma once

#include <mesosio/messages.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace spdlog {
class logger;
}

namespace mesosio {

/// How long the client waits before it tries again. The n-th delay in a row is drawn evenly from zero to
/// `initial * multiplier^n`, at most `max`: many frameworks that lost one master do not come back in the same
/// moment.
struct BackoffConfig {
  /// Upper end of the first delay. Default 500 ms, as the connection delay of Mesos' own library.
  std::chrono::milliseconds initial{500};
  /// Upper end of every delay. Default 15 s, the maximum that the Mesos documentation advises.
  std::chrono::milliseconds max{15'000};
  /// Growth from one delay to the next; below 1 counts as 1. Default 2.
  double multiplier = 2.0;
};

/// Limits in time. Zero or less switches a limit off; more than a year counts as a year.
struct TimeoutConfig {
  /// Resolving the host name and connecting, together. Default 10 s.
  std::chrono::milliseconds connect{10'000};
  /// From SUBSCRIBE to its response, and to the SUBSCRIBED event; for a call, how long it may wait to be
  /// sent, and then from its sending to its response. Default 75 s, as Mesos advises.
  std::chrono::milliseconds response{75'000};
  /// Heartbeat intervals (the master names the interval, mostly 15 s) without any event before the master
  /// counts as lost. Default 5; zero switches the watch off.
  int missed_heartbeats = 5;
  /// `stop(false)` of the driver waits this long for the answer to TEARDOWN. Default 5 s.
  std::chrono::milliseconds teardown{5'000};
};

/// Limits in space: what a broken or hostile peer, or a slow consumer, can cost.
struct LimitConfig {
  /// Bytes of one record of the event stream. Default 32 MiB.
  std::size_t max_record_bytes = std::size_t{32} << 20;
  /// Messages within one record; records over 1 MiB are counted before they are parsed. Default 1,000,000.
  std::size_t max_submessages = 1'000'000;
  /// Bytes of an HTTP response's head. Default 64 KiB.
  std::size_t max_header_bytes = std::size_t{64} << 10;
  /// Bytes that are kept of an error response's body; the rest is dropped. Default 64 KiB.
  std::size_t max_error_body_bytes = std::size_t{64} << 10;
  /// Events that wait for the consumer before reading from the socket stops. Default 1,024.
  std::size_t max_queued_events = 1'024;
  /// Bytes (as received) of events that wait for the consumer before reading stops. Default 8 MiB.
  std::size_t max_queued_event_bytes = std::size_t{8} << 20;
  /// Calls that wait to be written; one more completes with `errc::queue_full`. Default 16,384.
  std::size_t max_queued_calls = 16'384;
  /// Calls that are written and not yet answered, on one connection. Default 256; 1 waits for each answer.
  std::size_t max_pipelined_calls = 256;
  /// 307 answers followed in a row. Default 5.
  int max_redirects = 5;
};

/// What `SchedulerClient` hands out: parsed messages, or the bytes of each record.
enum class ReceiveMode { messages, raw };

/// One framework's connection. Read when a client or driver is made; later changes have no effect.
struct SchedulerConfig {
  /// The master: `host:port`, `host` (port 5050) or `http://host:port[/path]`.
  std::string master;

  /// Who subscribes. `name` and `user` are required by Mesos. Set `id` to subscribe again as a framework that
  /// the master knows: its previous connection is then closed by the master. The client sets both id fields
  /// of the call from it.
  FrameworkInfo framework;

  /// Roles of the framework for which it wants no offers yet; each must be one of `framework.roles`.
  std::vector<std::string> suppressed_roles;

  /// Which agents may be offered, by role (Mesos 1.11 and later). Default: no constraint.
  std::optional<scheduler::OfferConstraints> offer_constraints;

  /// Principal and secret for HTTP Basic authentication of every request. Default: none. The secret is never
  /// logged.
  std::optional<Credential> credential;

  /// What `async_receive` and `async_receive_raw` are to give; only the one that fits can be used.
  ReceiveMode receive_mode = ReceiveMode::messages;

  BackoffConfig backoff;   ///< Delays between attempts to subscribe and to reconnect the call connection.
  TimeoutConfig timeouts;  ///< Limits in time.
  LimitConfig limits;      ///< Limits in space.

  /// Where the client logs. Default (null): nowhere. Never logs secrets; peers' words are escaped and capped.
  std::shared_ptr<spdlog::logger> logger;

  /// Seed of the random delays; the same seed gives the same delays. Default (unset): from the system's
  /// entropy.
  std::optional<std::uint64_t> random_seed;
};

}  // namespace mesosio
