// A driver's life, its calls and its callbacks; everything of a MesosSchedulerDriver that can outlive it.
#pragma once

#include "driver/acknowledgements.hpp"
#include "driver/backend.hpp"
#include "driver/dispatcher.hpp"
#include "driver/framework_state.hpp"

#include <spdlog/logger.h>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace mesosio::driver {

// Functions of the first part may be called on any thread. The others run where the backend's handlers run,
// one at a time; members without the mutex are theirs alone.
class DriverCore : public std::enable_shared_from_this<DriverCore> {
 public:
  DriverCore(Scheduler* scheduler, SchedulerDriver* driver, SchedulerConfig config, DriverOptions options,
             BackendFactory make_backend);

  Status start();
  Status stop(bool failover);
  Status abort();
  Status join();
  [[nodiscard]] Status status() const;
  // The driver object goes away: no callback begins after this, and none runs, unless it is the one that this
  // is called in.
  void destroy();

  // Sends a call whose failure is told by callFailed.
  Status send(scheduler::Call call);
  // For explicit acknowledgements; nothing is sent where there is nothing to acknowledge.
  Status acknowledge(std::optional<scheduler::Call> call);
  // An UPDATE_FRAMEWORK; what it leaves open is filled in.
  Status update_framework(scheduler::Call call);
  void warn(const std::string& text);

 private:
  enum class Ending {
    teardown,  // when the calls made so far are done and TEARDOWN is answered
    drain,     // when the calls made so far are done
    now,
  };

  // A call on its way, and who made it.
  struct Sent {
    enum class By { user, driver, teardown };
    scheduler::Call call;
    By by = By::user;
    std::optional<UpdateKey> key;  // of the update that it acknowledges
    bool tried_again = false;      // it found the client's queue full before
  };
  using SentPointer = std::shared_ptr<Sent>;

  // driver_core.cpp: life.
  [[nodiscard]] Error prepare();                // with the mutex held
  void call_error(const std::string& message);  // with callback_thread_ set
  [[nodiscard]] bool in_callback() const;       // with the mutex held
  [[nodiscard]] bool running() const;
  void post_ending(Ending ending);  // with the mutex held
  void begin_ending(Ending ending);
  void end_when_drained();
  void force_end();
  void conclude();
  void finish();
  void fail(const std::string& message);

  // driver_events.cpp: what comes.
  void begin();
  void receive_next();
  [[nodiscard]] bool may_receive() const;
  void on_received(error_code failed, SchedulerReceived received);
  void handle(SchedulerReceived& received);
  void handle_event(scheduler::Event& event);
  void handle_subscribed(const scheduler::Event::Subscribed& subscribed);
  void on_run_ended(error_code result);

  // Runs a callback unless the driver has ended; false if it has, or does by it.
  template <class Function>
  bool callback(const char* name, Function&& function) {
    if (!enter_callback()) return false;
    try {
      function();
    } catch (const std::exception& exception) {
      return leave_by_exception(name, exception.what());
    } catch (...) {
      return leave_by_exception(name, "something that is no exception");
    }
    return leave_callback();
  }
  bool enter_callback();
  bool leave_callback();
  bool leave_by_exception(const char* name, const std::string& what);

  // driver_calls.cpp: what goes.
  Status submit(const SentPointer& sent);
  void issue(const SentPointer& sent);
  void acknowledge_as_driver(std::optional<scheduler::Call> call, bool again = false);
  void on_call_ended(const SentPointer& sent, const CallResult& result);
  void settle(const SentPointer& sent, const CallResult& result);
  void log_failure(const Sent& sent, const CallResult& result);
  void retry_one();

  const DriverOptions options_;
  const BackendFactory make_backend_;
  SchedulerDriver* const driver_;
  const bool has_scheduler_;
  Dispatcher dispatcher_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  SchedulerConfig config_;  // constant after start()
  std::shared_ptr<spdlog::logger> log_;
  std::unique_ptr<Backend> backend_;  // set by start()
  Status status_ = DRIVER_NOT_STARTED;
  std::thread::id callback_thread_;  // who runs a callback now
  bool destroyed_ = false;
  bool ended_ = false;           // nothing is left to do
  std::size_t outstanding_ = 0;  // calls on their way
  AcknowledgementMemory memory_;
  FrameworkState framework_;

  bool receiving_ = false;        // a receive is outstanding
  bool receive_ended_ = false;    // there is nothing more to receive
  bool subscribed_ = false;       // as the callbacks have it
  bool forced_ = false;           // the client was cancelled
  std::optional<Ending> ending_;  // set once the driver is to end
  std::optional<error_code> run_result_;
  std::deque<SentPointer> waiting_;  // found the client's queue full; reading rests until they are sent
};

}  // namespace mesosio::driver
