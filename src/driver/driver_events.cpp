// What comes from the master, one thing at a time, and the callbacks that it leads to.
#include "driver/driver_core.hpp"

#include <mesosio/scheduler_calls.hpp>

#include <utility>
#include <variant>
#include <vector>

namespace mesosio::driver {
namespace {

// Events handled in one go; then others that wait for the same thread get their turn.
constexpr int batch = 64;

}  // namespace

bool DriverCore::enter_callback() {
  const std::lock_guard lock(mutex_);
  if (status_ != DRIVER_RUNNING) return false;
  callback_thread_ = std::this_thread::get_id();
  return true;
}

bool DriverCore::leave_callback() {
  const std::lock_guard lock(mutex_);
  callback_thread_ = {};
  if (destroyed_) changed_.notify_all();
  return status_ == DRIVER_RUNNING;
}

bool DriverCore::leave_by_exception(const char* name, const std::string& what) {
  leave_callback();
  fail(std::string("callback ") + name + " threw an exception: " + what);
  return false;
}

void DriverCore::begin() {
  backend_->run([self = shared_from_this()](error_code result) { self->on_run_ended(result); });
  receive_next();
}

void DriverCore::receive_next() {
  receiving_ = true;
  backend_->receive([self = shared_from_this()](error_code failed, SchedulerReceived received) {
    self->on_received(failed, std::move(received));
  });
}

bool DriverCore::may_receive() const {
  return !ending_ && !receiving_ && !receive_ended_ && waiting_.empty() && running();
}

void DriverCore::on_received(error_code failed, SchedulerReceived received) {
  receiving_ = false;
  if (failed) {
    receive_ended_ = true;
    return conclude();
  }
  handle(received);
  for (int count = 1; count < batch && may_receive() && backend_->try_receive(received); ++count) {
    handle(received);
  }
  // The message goes back to its pool before the next one is parsed.
  received = SchedulerReceived();
  if (may_receive()) {
    receive_next();
  } else {
    conclude();
  }
}

void DriverCore::handle(SchedulerReceived& received) {
  if (auto* event = std::get_if<SchedulerEvent>(&received)) {
    if (*event) handle_event(**event);
  } else if (const auto* undecoded = std::get_if<UndecodedEvent>(&received)) {
    callback("undecodedEvent", [&] { dispatcher_.deliver(*undecoded); });
  } else if (std::exchange(subscribed_, false)) {
    callback("disconnected", [&] { dispatcher_.deliver_disconnected(); });
  }
}

void DriverCore::handle_event(scheduler::Event& event) {
  std::optional<UpdateKey> key;
  std::optional<scheduler::Call> acknowledgement;
  switch (event.type()) {
    case scheduler::Event::ERROR:
      return fail(event.error().message());
    case scheduler::Event::SUBSCRIBED:
      handle_subscribed(event.subscribed());
      break;
    case scheduler::Event::UPDATE:
      key = update_key(event.update().status());
      acknowledgement = calls::acknowledge(event.update().status());
      break;
    case scheduler::Event::UPDATE_OPERATION_STATUS:
      key = update_key(event.update_operation_status().status());
      acknowledgement = calls::acknowledge_operation_status(event.update_operation_status().status());
      break;
    default:
      break;
  }
  if (key) {
    std::unique_lock lock(mutex_);
    if (status_ != DRIVER_RUNNING) return;
    if (memory_.knows(*key)) {
      lock.unlock();
      return acknowledge_as_driver(std::move(acknowledgement), true);
    }
  }
  const char* const name = Dispatcher::callback_name(event, dispatcher_.registered_before());
  const bool goes_on = callback(name, [&] { dispatcher_.deliver(event); });
  if (goes_on && options_.implicit_acknowledgements) acknowledge_as_driver(std::move(acknowledgement));
}

void DriverCore::handle_subscribed(const scheduler::Event::Subscribed& subscribed) {
  subscribed_ = true;
  std::vector<scheduler::Call> calls;
  {
    const std::lock_guard lock(mutex_);
    if (status_ != DRIVER_RUNNING) return;
    framework_.set_id(subscribed.framework_id());
    calls = framework_.calls_for_new_subscription();
  }
  for (scheduler::Call& call : calls) {
    issue(std::make_shared<Sent>(Sent{std::move(call), Sent::By::driver, std::nullopt}));
  }
}

void DriverCore::on_run_ended(error_code result) {
  run_result_ = result;
  conclude();
}

}  // namespace mesosio::driver
