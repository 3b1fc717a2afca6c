// A scheduler whose callbacks are expected one by one.
#pragma once

#include <mesosio/scheduler.hpp>
#include <mesosio/scheduler_driver.hpp>

#include <gmock/gmock.h>

namespace mesosio::testing {

class MockScheduler : public Scheduler {
 public:
  MOCK_METHOD(void, registered, (SchedulerDriver*, const FrameworkID&, const MasterInfo&), (override));
  MOCK_METHOD(void, reregistered, (SchedulerDriver*, const MasterInfo&), (override));
  MOCK_METHOD(void, disconnected, (SchedulerDriver*), (override));
  MOCK_METHOD(void, resourceOffers, (SchedulerDriver*, const std::vector<Offer>&), (override));
  MOCK_METHOD(void, offerRescinded, (SchedulerDriver*, const OfferID&), (override));
  MOCK_METHOD(void, statusUpdate, (SchedulerDriver*, const TaskStatus&), (override));
  MOCK_METHOD(void, frameworkMessage,
              (SchedulerDriver*, const ExecutorID&, const AgentID&, const std::string&), (override));
  MOCK_METHOD(void, slaveLost, (SchedulerDriver*, const AgentID&), (override));
  MOCK_METHOD(void, executorLost, (SchedulerDriver*, const ExecutorID&, const AgentID&, int), (override));
  MOCK_METHOD(void, error, (SchedulerDriver*, const std::string&), (override));
  MOCK_METHOD(void, inverseOffers, (SchedulerDriver*, const std::vector<InverseOffer>&), (override));
  MOCK_METHOD(void, inverseOfferRescinded, (SchedulerDriver*, const OfferID&), (override));
  MOCK_METHOD(void, operationStatusUpdate, (SchedulerDriver*, const OperationStatus&), (override));
  MOCK_METHOD(void, heartbeat, (SchedulerDriver*), (override));
  MOCK_METHOD(void, callFailed, (SchedulerDriver*, const scheduler::Call&, const CallResult&), (override));
  MOCK_METHOD(void, undecodedEvent, (SchedulerDriver*, const UndecodedEvent&), (override));
};

// The value of an id.
MATCHER_P(HasValue, value, "") {
  return arg.value() == value;
}

MATCHER_P2(IsStatus, task_id, state, "") {
  return arg.task_id().value() == task_id && arg.state() == state;
}

MATCHER_P2(IsFailure, type, outcome, "") {
  return std::get<0>(arg).type() == type && std::get<1>(arg).outcome == outcome;
}

// A scheduler that does nothing but what a test gives it; the rest is the library's defaults.
class PlainScheduler : public Scheduler {
 public:
  void registered(SchedulerDriver*, const FrameworkID&, const MasterInfo&) override {}
  void reregistered(SchedulerDriver*, const MasterInfo&) override {}
  void disconnected(SchedulerDriver*) override {}
  void resourceOffers(SchedulerDriver*, const std::vector<Offer>&) override {}
  void offerRescinded(SchedulerDriver*, const OfferID&) override {}
  void statusUpdate(SchedulerDriver*, const TaskStatus&) override {}
  void frameworkMessage(SchedulerDriver*, const ExecutorID&, const AgentID&, const std::string&) override {}
  void slaveLost(SchedulerDriver*, const AgentID&) override {}
  void executorLost(SchedulerDriver*, const ExecutorID&, const AgentID&, int) override {}
  void error(SchedulerDriver*, const std::string&) override {}
};

}  // namespace mesosio::testing
