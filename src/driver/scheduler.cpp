// What a scheduler does with what it does not care about: it loses nothing without a word.
#include <mesosio/scheduler.hpp>
#include <mesosio/scheduler_driver.hpp>

namespace mesosio {

void Scheduler::inverseOffers(SchedulerDriver*, const std::vector<InverseOffer>&) {}

void Scheduler::inverseOfferRescinded(SchedulerDriver*, const OfferID&) {}

void Scheduler::operationStatusUpdate(SchedulerDriver* driver, const OperationStatus& status) {
  if (driver == nullptr || status.state() == OPERATION_FINISHED || status.state() == OPERATION_PENDING)
    return;
  driver->warn("operation '" + printable(status.operation_id().value()) + "' is now " +
               OperationState_Name(status.state()) + (status.message().empty() ? "" : ": ") +
               printable(status.message()));
}

void Scheduler::heartbeat(SchedulerDriver*) {}

void Scheduler::callFailed(SchedulerDriver* driver, const scheduler::Call& call, const CallResult& result) {
  if (driver == nullptr) return;
  driver->warn(scheduler::Call::Type_Name(call.type()) + " failed (" + to_string(result.outcome) +
               "): " + result.error.to_string());
}

void Scheduler::undecodedEvent(SchedulerDriver* driver, const UndecodedEvent& event) {
  if (driver == nullptr) return;
  driver->warn("skipped a record of " + std::to_string(event.size) + " bytes: " + event.cause.to_string());
}

void SchedulerDriver::warn(const std::string&) {}

}  // namespace mesosio
