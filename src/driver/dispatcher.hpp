// Turns what was received into calls of the scheduler's callbacks, one for one.
#pragma once

#include <mesosio/messages.hpp>
#include <mesosio/scheduler.hpp>
#include <mesosio/scheduler_event.hpp>

#include <vector>

namespace mesosio::driver {

// Lets out what a callback throws. Touches nothing but itself after a callback, which may have destroyed
// scheduler and driver.
class Dispatcher {
 public:
  Dispatcher(Scheduler* scheduler, SchedulerDriver* driver) : scheduler_(scheduler), driver_(driver) {}

  // Calls the callback of an event other than ERROR; its content is unchanged when this returns.
  void deliver(scheduler::Event& event);
  void deliver(const UndecodedEvent& event);
  void deliver_disconnected();
  void deliver_status(const TaskStatus& status);
  void deliver_failed(const scheduler::Call& call, const CallResult& result);
  void deliver_error(const std::string& message);

  // The callback's name, for a log line.
  [[nodiscard]] static const char* callback_name(const scheduler::Event& event, bool registered_before);
  [[nodiscard]] bool registered_before() const noexcept { return registered_; }

 private:
  void deliver_subscribed(const scheduler::Event::Subscribed& subscribed);
  void deliver_failure(const scheduler::Event::Failure& failure);
  void deliver_unknown(const scheduler::Event& event, const std::string& what);

  Scheduler* scheduler_;
  SchedulerDriver* driver_;
  bool registered_ = false;
  // Reused: the messages are swapped in for the callback and back out, which copies and allocates nothing.
  std::vector<Offer> offers_;
  std::vector<InverseOffer> inverse_offers_;
};

}  // namespace mesosio::driver
