// From the driver's functions to calls, and from failed calls to callbacks.
#include "driver/core_fixture.hpp"

#include <mesosio/scheduler_calls.hpp>

namespace mesosio::driver {
namespace {

using namespace ::testing;
using mesosio::testing::IsStatus;
using scheduler::Call;

class DriverCalls : public CoreTest {
 protected:
  Call launch(const std::vector<std::string>& ids) {
    std::vector<TaskInfo> tasks;
    for (const std::string& id : ids) tasks.push_back(task(id));
    OfferID offer;
    offer.set_value("offer");
    return calls::accept({offer}, {operations::launch(std::move(tasks))});
  }
};

TEST_F(DriverCalls, GoOutInOrder) {
  subscribe();
  EXPECT_EQ(core->send(calls::revive()), DRIVER_RUNNING);
  EXPECT_EQ(core->send(calls::suppress()), DRIVER_RUNNING);
  EXPECT_EQ(core->send(calls::reconcile()), DRIVER_RUNNING);
  EXPECT_THAT(world->types(), ElementsAre(Call::REVIVE, Call::SUPPRESS, Call::RECONCILE));
}

TEST_F(DriverCalls, AreSilentWhenTheySucceed) {
  subscribe();
  core->send(calls::revive());
  world->answer(0, CallOutcome::accepted);
  world->settle();
}

TEST_F(DriverCalls, ReachCallFailedWithTheirContentWhenTheyFail) {
  subscribe();
  core->send(calls::suppress({"role"}));
  EXPECT_CALL(scheduler, callFailed)
      .WillOnce([&](SchedulerDriver* with, const Call& call, const CallResult& result) {
        EXPECT_EQ(with, driver);
        EXPECT_THAT(call.suppress().roles(), ElementsAre("role"));
        EXPECT_EQ(result.outcome, CallOutcome::refused);
        EXPECT_EQ(result.status, 400);
        EXPECT_EQ(result.error.peer_text, "words");
      });
  world->answer(0, CallOutcome::refused, 400);
  world->settle();
}

TEST_F(DriverCalls, FailOnceForEveryKindOfFailure) {
  subscribe();
  for (const CallOutcome outcome : {CallOutcome::refused, CallOutcome::invalid, CallOutcome::not_subscribed,
                                    CallOutcome::queue_full, CallOutcome::not_sent, CallOutcome::unknown}) {
    core->send(calls::revive());
    EXPECT_CALL(scheduler, callFailed(driver, _, Field(&CallResult::outcome, outcome)));
    world->answer(world->calls.size() - 1, outcome);
    world->settle();
  }
  EXPECT_THAT(world->calls, SizeIs(6));
}

TEST_F(DriverCalls, FailuresOfTheDriversOwnAcknowledgementsAreOnlyLogged) {
  subscribe();
  EXPECT_CALL(scheduler, statusUpdate);
  give(mesosio::testing::update("task", TASK_RUNNING, mesosio::testing::uuid(1)));
  world->answer(0, CallOutcome::refused, 400);
  world->settle();
  EXPECT_THAT(log(), HasSubstr("ACKNOWLEDGE failed"));
}

TEST_F(DriverCalls, TasksLaunchedWhileDisconnectedAreLost) {
  subscribe();
  EXPECT_CALL(scheduler, disconnected);
  give_disconnected();
  core->send(launch({"1", "2"}));
  Mock::VerifyAndClearExpectations(&scheduler);

  const InSequence in_order;
  EXPECT_CALL(scheduler, callFailed);
  EXPECT_CALL(scheduler, statusUpdate(driver, IsStatus("1", TASK_LOST)))
      .WillOnce([](SchedulerDriver*, const TaskStatus& status) {
        EXPECT_EQ(status.reason(), TaskStatus::REASON_MASTER_DISCONNECTED);
        EXPECT_EQ(status.source(), TaskStatus::SOURCE_MASTER);
        EXPECT_EQ(status.agent_id().value(), "agent");
        EXPECT_FALSE(status.has_uuid());
        EXPECT_GT(status.timestamp(), 1e9);
      });
  EXPECT_CALL(scheduler, statusUpdate(driver, IsStatus("2", TASK_LOST)));
  world->answer(0, CallOutcome::not_subscribed);
  world->settle();
  // They are not acknowledged.
  EXPECT_THAT(world->calls, SizeIs(1));
}

TEST_F(DriverCalls, TasksAreDroppedForPartitionAwareFrameworks) {
  config.framework.add_capabilities()->set_type(FrameworkInfo::Capability::PARTITION_AWARE);
  make();
  core->start();
  core->send(launch({"1"}));
  EXPECT_CALL(scheduler, callFailed);
  EXPECT_CALL(scheduler, statusUpdate(driver, IsStatus("1", TASK_DROPPED)));
  world->answer(0, CallOutcome::not_sent);
  world->settle();
}

TEST_F(DriverCalls, TasksOfARefusedLaunchAreNotSaidToBeLost) {
  subscribe();
  core->send(launch({"1"}));
  core->send(launch({"2"}));
  EXPECT_CALL(scheduler, callFailed).Times(2);
  world->answer(0, CallOutcome::refused, 400);
  world->answer(1, CallOutcome::unknown);
  world->settle();
}

TEST_F(DriverCalls, ASchedulerThatStopsAtALostTaskSeesNoFurtherOne) {
  subscribe();
  core->send(launch({"1", "2", "3"}));
  EXPECT_CALL(scheduler, callFailed);
  EXPECT_CALL(scheduler, statusUpdate(driver, IsStatus("1", TASK_LOST))).WillOnce([&] { core->stop(true); });
  world->answer(0, CallOutcome::not_subscribed);
  world->settle();
}

TEST_F(DriverCalls, UpdateFrameworkFillsInWhatTheMasterWouldMiss) {
  config.framework.set_principal("principal");
  subscribe();
  FrameworkInfo info;
  info.set_name("renamed");
  EXPECT_EQ(core->update_framework(calls::update_framework(info, {})), DRIVER_RUNNING);
  const Call& call = world->calls.at(0).call;
  EXPECT_EQ(call.framework_id().value(), "fake-0000");
  EXPECT_EQ(call.update_framework().framework_info().id().value(), "fake-0000");
  EXPECT_EQ(call.update_framework().framework_info().principal(), "principal");
  EXPECT_EQ(call.update_framework().framework_info().user(), "somebody");
  EXPECT_EQ(call.update_framework().framework_info().name(), "renamed");
}

TEST_F(DriverCalls, WhatWasSuppressedOrUpdatedHoldsInTheNextSubscription) {
  subscribe();
  core->send(calls::suppress());
  world->answer(0, CallOutcome::accepted);
  world->settle();
  EXPECT_CALL(scheduler, disconnected).Times(2);
  EXPECT_CALL(scheduler, reregistered).WillOnce([&] {
    EXPECT_THAT(world->types(), ElementsAre(Call::SUPPRESS, Call::SUPPRESS));
  });
  give_disconnected();
  give(mesosio::testing::subscribed());

  FrameworkInfo info;
  info.set_name("renamed");
  core->update_framework(calls::update_framework(info, {}));
  world->answer_all(CallOutcome::accepted);
  world->settle();
  EXPECT_CALL(scheduler, reregistered);
  give_disconnected();
  give(mesosio::testing::subscribed());
  EXPECT_THAT(world->types(),
              ElementsAre(Call::SUPPRESS, Call::SUPPRESS, Call::UPDATE_FRAMEWORK, Call::UPDATE_FRAMEWORK));
  EXPECT_EQ(world->calls[3].call.update_framework().framework_info().name(), "renamed");
}

TEST_F(DriverCalls, DefaultsOfTheSchedulerWarn) {
  mesosio::testing::PlainScheduler plain;
  MesosSchedulerDriver real(&plain, config);
  make({}, &plain);
  CallResult refused{CallOutcome::refused, 400, {errc::call_refused, "refused it", "bad role"}};
  plain.callFailed(&real, calls::suppress(), refused);
  EXPECT_THAT(log(), AllOf(HasSubstr("SUPPRESS"), HasSubstr("refused"), HasSubstr("bad role")));
  plain.undecodedEvent(&real, UndecodedEvent{{errc::malformed_message, "no event", {}}, "x", 1});
  EXPECT_THAT(log(), HasSubstr("no event"));
  OperationStatus status;
  status.set_state(OPERATION_FINISHED);
  status.mutable_operation_id()->set_value("fine");
  plain.operationStatusUpdate(&real, status);
  EXPECT_THAT(log(), Not(HasSubstr("fine")));
  status.set_state(OPERATION_FAILED);
  status.mutable_operation_id()->set_value("broken");
  plain.operationStatusUpdate(&real, status);
  EXPECT_THAT(log(), AllOf(HasSubstr("broken"), HasSubstr("OPERATION_FAILED")));
  plain.callFailed(nullptr, calls::suppress(), refused);
}

}  // namespace
}  // namespace mesosio::driver
