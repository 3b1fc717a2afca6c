// What the driver's core needs of the world: a client, a place to run, a timer. Tests play it with values.
#pragma once

#include <mesosio/call_result.hpp>
#include <mesosio/scheduler_config.hpp>
#include <mesosio/scheduler_driver.hpp>
#include <mesosio/scheduler_event.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace mesosio::driver {

// Handlers run one at a time in one place, never inside the function that they are given to.
class Backend {
 public:
  virtual ~Backend() = default;

  using RunHandler = std::function<void(error_code)>;
  using ReceiveHandler = std::function<void(error_code, SchedulerReceived)>;
  using CallHandler = std::function<void(CallResult)>;

  // Of SchedulerClient, and with its rules. call() and cancel() may be used on any thread.
  virtual void run(RunHandler handler) = 0;
  virtual void receive(ReceiveHandler handler) = 0;
  virtual bool try_receive(SchedulerReceived& received) = 0;
  virtual void call(const scheduler::Call& call, CallHandler handler) = 0;
  virtual void cancel() = 0;
  [[nodiscard]] virtual Error run_error() const = 0;

  // Runs `work` where the handlers run. On any thread.
  virtual void post(std::function<void()> work) = 0;
  // One timer; where the handlers run. A handler that waits to be run already still runs after
  // cancel_timer().
  virtual void start_timer(std::chrono::milliseconds delay, std::function<void()> handler) = 0;
  virtual void cancel_timer() = 0;

  // The thread of its own, where there is one: begins to run what was posted. `keep` is held until it ends;
  // `failed` is told of exceptions. May throw.
  virtual void launch(std::shared_ptr<void> keep, std::function<void(const std::string&)> failed) = 0;
  [[nodiscard]] virtual bool has_own_thread() const = 0;
  [[nodiscard]] virtual bool on_own_thread() const = 0;
  // Waits until the own thread has ended; at once where there is none.
  virtual void join_thread() = 0;
  // Lets the own thread end by itself.
  virtual void detach_thread() = 0;
};

// May throw.
using BackendFactory = std::function<std::unique_ptr<Backend>(SchedulerConfig, const DriverOptions&)>;

}  // namespace mesosio::driver
