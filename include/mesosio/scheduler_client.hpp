/// The Asio face of mesosio for schedulers: subscribe, receive events, make calls, with any completion token.
#pragma once

#include <mesosio/call_result.hpp>
#include <mesosio/detail/completion.hpp>
#include <mesosio/detail/encoded_call.hpp>
#include <mesosio/error.hpp>
#include <mesosio/scheduler_config.hpp>
#include <mesosio/scheduler_event.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/execution_context.hpp>

#include <memory>
#include <type_traits>
#include <utility>

namespace mesosio {

namespace session {
class SchedulerEngine;
}

/// A framework's connection to the leading Mesos master over the v1 scheduler HTTP API.
///
/// `async_run` keeps the framework subscribed; meanwhile `async_receive` gives what the master sends, one
/// thing at a time and in order, and `async_call` sends calls. A minimal framework is three loops; see
/// `examples/coroutine_scheduler`.
///
/// **Executor.** The client does its work on a strand of the executor that it is given. Completions go
/// through each handler's associated executor (the client's where it has none), never inside the initiating
/// function.
///
/// **Thread safety.** All functions may be called from any thread, at any time.
///
/// **Lifetime.** The destructor cancels everything; outstanding operations complete with
/// `boost::asio::error::operation_aborted`. Events that were received may outlive the client.
///
/// **Delivery.** The client acknowledges nothing by itself: an UPDATE is the consumer's to acknowledge with
/// `calls::acknowledge`. When the consumer is slow, reading from the socket stops; nothing is dropped.
class SchedulerClient {
 public:
  using executor_type = boost::asio::any_io_executor;

  /// Does nothing yet; a faulty configuration is reported by `async_run` (`errc::invalid_argument`,
  /// `invalid_url`).
  SchedulerClient(executor_type executor, SchedulerConfig config);
  template <
      class ExecutionContext,
      class = std::enable_if_t<std::is_convertible_v<ExecutionContext&, boost::asio::execution_context&>>>
  SchedulerClient(ExecutionContext& context, SchedulerConfig config)
      : SchedulerClient(executor_type(context.get_executor()), std::move(config)) {}
  ~SchedulerClient();
  SchedulerClient(const SchedulerClient&) = delete;
  SchedulerClient& operator=(const SchedulerClient&) = delete;

  /// The client's strand: what runs on it is never at the same time as the client's own work.
  [[nodiscard]] executor_type get_executor() const;

  /// Subscribes, and subscribes again after each disconnection that can pass, until the framework is torn
  /// down, the run is cancelled, or the master refuses for good. Each SUBSCRIBE is made of the configuration:
  /// what SUPPRESS or UPDATE_FRAMEWORK changed since is to be made again after a SUBSCRIBED event.
  ///
  /// **Completion:** `void(error_code)`. Once, when the run has ended; `run_error()` then has the words.
  /// **Errors:** none after a TEARDOWN that the master accepted; `operation_aborted` after `cancel()`;
  /// `errc::error_event` for an ERROR event of the master (failed over, removed, invalid role, ...);
  /// `errc::refused` and `errc::unauthorized` for a SUBSCRIBE that cannot succeed; `errc::invalid_argument`,
  /// `errc::invalid_url`; `errc::already_running` for a second run. After the end a client can be run again.
  /// **Cancellation:** terminal cancellation is `cancel()`.
  template <class CompletionToken>
  auto async_run(CompletionToken&& token) {
    return boost::asio::async_initiate<CompletionToken, void(error_code)>(
        [this](auto handler) {
          start_run({std::move(handler), get_executor()});
        },
        token);
  }

  /// Receives the next event, the end of a subscription, or an event that could not be decoded.
  ///
  /// **Completion:** `void(error_code, SchedulerReceived)`. At most one receive may be outstanding.
  /// **Errors:** `errc::stopped` when the run has ended and everything was received; `operation_aborted`;
  /// `errc::receive_outstanding`; `errc::wrong_receive_mode`. Before the first run it waits for one.
  /// **Cancellation:** per-operation cancellation (all types) loses no event: the next receive gets it.
  template <class CompletionToken>
  auto async_receive(CompletionToken&& token) {
    return boost::asio::async_initiate<CompletionToken, void(error_code, SchedulerReceived)>(
        [this](auto handler) {
          start_receive({std::move(handler), get_executor()});
        },
        token);
  }

  /// As `async_receive`, for a client with `ReceiveMode::raw`: type and bytes of each record, for who passes
  /// them on.
  template <class CompletionToken>
  auto async_receive_raw(CompletionToken&& token) {
    return boost::asio::async_initiate<CompletionToken, void(error_code, SchedulerReceivedRaw)>(
        [this](auto handler) {
          start_receive_raw({std::move(handler), get_executor()});
        },
        token);
  }

  /// Takes what has arrived already, without waiting: after one `async_receive`, a consumer may empty the
  /// queue with this, in that receive's handler, and save a completion for each event. False when nothing
  /// waits, while a receive is outstanding, and in raw mode.
  bool try_receive(SchedulerReceived& received);

  /// Sends a call, in the order in which calls are made. `framework_id` is filled in where it is not set.
  ///
  /// **Completion:** `void(error_code, CallResult)`, exactly once for each call.
  /// **Errors:** none when accepted; otherwise the code of `CallResult::error` (`errc::invalid_call`,
  /// `not_subscribed`, `queue_full`, `call_refused`, `outcome_unknown`, ...), or `operation_aborted` when
  /// cancelled.
  /// **Cancellation:** before it is written, nothing is sent (`CallOutcome::cancelled`); after that it
  /// completes at once as `CallOutcome::unknown`.
  template <class CompletionToken>
  auto async_call(scheduler::Call call, CompletionToken&& token) {
    return boost::asio::async_initiate<CompletionToken, void(error_code, CallResult)>(
        [this](auto handler, detail::EncodedCall encoded) {
          start_call(std::move(encoded), {std::move(handler), get_executor()});
        },
        token, encode(std::move(call)));
  }

  /// Ends the run and every outstanding operation with `operation_aborted`. The framework stays known to the
  /// master until its `failover_timeout` has passed; to remove it, make a TEARDOWN call first.
  void cancel();

  /// Where the client stands and what it has counted.
  [[nodiscard]] ClientStats stats() const;

  /// Why the last run ended; false before that and after a run that ended by TEARDOWN or `cancel()`.
  [[nodiscard]] Error run_error() const;

  /// The framework id, from the configuration or the last SUBSCRIBED event; empty where there is none yet.
  [[nodiscard]] std::string framework_id() const;

 private:
  static detail::EncodedCall encode(scheduler::Call call);

  void start_run(detail::Completion<error_code> handler);
  void start_receive(detail::Completion<error_code, SchedulerReceived> handler);
  void start_receive_raw(detail::Completion<error_code, SchedulerReceivedRaw> handler);
  void start_call(detail::EncodedCall call, detail::Completion<error_code, CallResult> handler);

  std::shared_ptr<session::SchedulerEngine> engine_;
};

}  // namespace mesosio
