// From what is received to callbacks and acknowledgements.
#include "driver/core_fixture.hpp"

#include <mesosio/scheduler_calls.hpp>

#include <stdexcept>

namespace mesosio::driver {
namespace {

using namespace ::testing;
using mesosio::testing::IsStatus;
using mesosio::testing::update;
using mesosio::testing::uuid;
using scheduler::Call;
using scheduler::Event;

DriverOptions explicit_mode() {
  DriverOptions options;
  options.implicit_acknowledgements = false;
  return options;
}

class DriverEvents : public CoreTest {};

TEST_F(DriverEvents, SubscriptionsComeAndGo) {
  const InSequence in_order;
  make();
  core->start();
  EXPECT_CALL(scheduler, registered(driver, mesosio::testing::HasValue("fake-0000"), _));
  EXPECT_CALL(scheduler, disconnected(driver));
  EXPECT_CALL(scheduler, reregistered(driver, _));
  give(mesosio::testing::subscribed());
  give_disconnected();
  give_disconnected();  // never without a subscription before
  give(mesosio::testing::subscribed());
}

TEST_F(DriverEvents, AnIdFromBeforeIsStillRegistered) {
  config.framework.mutable_id()->set_value("old");
  make();
  core->start();
  EXPECT_CALL(scheduler, registered(driver, mesosio::testing::HasValue("old"), _));
  give(mesosio::testing::subscribed("old"));
}

TEST_F(DriverEvents, ComeInOrderThoughManyWait) {
  subscribe();
  const InSequence in_order;
  for (int number = 0; number < 200; ++number) {
    const std::string id = std::to_string(number);
    EXPECT_CALL(scheduler, statusUpdate(driver, IsStatus(id, TASK_RUNNING)));
    world->items.push_back(item(update(id, TASK_RUNNING, "")));
  }
  world->serve();
  world->settle();
  EXPECT_TRUE(world->items.empty());
}

TEST_F(DriverEvents, UndecodedEventsAreHandedOn) {
  subscribe();
  EXPECT_CALL(scheduler, undecodedEvent(driver, Field(&UndecodedEvent::size, 7)));
  world->give(UndecodedEvent{{errc::malformed_message, "bad", {}}, "bad", 7});
}

TEST_F(DriverEvents, AnUpdateIsAcknowledgedAfterItsCallback) {
  subscribe();
  EXPECT_CALL(scheduler, statusUpdate).WillOnce([&] { EXPECT_TRUE(world->calls.empty()); });
  give(update("task", TASK_RUNNING, uuid(1)));
  ASSERT_THAT(world->types(), ElementsAre(Call::ACKNOWLEDGE));
  EXPECT_EQ(world->calls[0].call.acknowledge().uuid(), uuid(1));
  EXPECT_EQ(world->calls[0].call.acknowledge().task_id().value(), "task");
}

TEST_F(DriverEvents, WhatNeedsNoAcknowledgementGetsNone) {
  subscribe();
  EXPECT_CALL(scheduler, statusUpdate).Times(2);
  give(update("task", TASK_RUNNING, ""));
  Event without_agent = update("task", TASK_RUNNING, uuid(1));
  without_agent.mutable_update()->mutable_status()->clear_agent_id();
  give(without_agent);
  EXPECT_THAT(world->calls, IsEmpty());
}

TEST_F(DriverEvents, OperationStatusesAreAcknowledgedToo) {
  subscribe();
  Event event;
  event.set_type(Event::UPDATE_OPERATION_STATUS);
  OperationStatus& status = *event.mutable_update_operation_status()->mutable_status();
  status.set_state(OPERATION_FINISHED);
  status.mutable_operation_id()->set_value("operation");
  status.mutable_agent_id()->set_value("agent");
  status.mutable_uuid()->set_value(uuid(1));
  EXPECT_CALL(scheduler, operationStatusUpdate).Times(1);
  give(event);
  give(event);
  ASSERT_THAT(world->types(),
              ElementsAre(Call::ACKNOWLEDGE_OPERATION_STATUS, Call::ACKNOWLEDGE_OPERATION_STATUS));
  EXPECT_EQ(world->calls[0].call.acknowledge_operation_status().agent_id().value(), "agent");
}

TEST_F(DriverEvents, AnAcknowledgedUpdateThatComesAgainIsAcknowledgedAgainAndNotDelivered) {
  subscribe();
  EXPECT_CALL(scheduler, statusUpdate).Times(1);
  give(update("task", TASK_RUNNING, uuid(1)));
  give(update("task", TASK_RUNNING, uuid(1)));
  world->answer(0, CallOutcome::accepted);
  world->settle();
  EXPECT_CALL(scheduler, disconnected);
  EXPECT_CALL(scheduler, reregistered);
  give_disconnected();
  give(mesosio::testing::subscribed());
  give(update("task", TASK_RUNNING, uuid(1)));
  EXPECT_THAT(world->types(), ElementsAre(Call::ACKNOWLEDGE, Call::ACKNOWLEDGE, Call::ACKNOWLEDGE));
}

TEST_F(DriverEvents, ARepeatedAcknowledgementThatIsNotSentForgetsNothing) {
  subscribe();
  EXPECT_CALL(scheduler, statusUpdate).Times(1);
  give(update("task", TASK_RUNNING, uuid(1)));
  world->answer(0, CallOutcome::accepted);
  give(update("task", TASK_RUNNING, uuid(1)));
  world->answer(1, CallOutcome::not_subscribed);
  world->settle();
  give(update("task", TASK_RUNNING, uuid(1)));
  EXPECT_THAT(world->types(), ElementsAre(Call::ACKNOWLEDGE, Call::ACKNOWLEDGE, Call::ACKNOWLEDGE));
}

TEST_F(DriverEvents, AnUpdateWhoseAcknowledgementWasNotSentIsDeliveredAgain) {
  subscribe();
  EXPECT_CALL(scheduler, statusUpdate).Times(4);
  std::size_t call = 0;
  for (const CallOutcome outcome :
       {CallOutcome::not_subscribed, CallOutcome::not_sent, CallOutcome::cancelled}) {
    give(update("task", TASK_RUNNING, uuid(1)));
    world->answer(call++, outcome);
    world->settle();
  }
  give(update("task", TASK_RUNNING, uuid(1)));
  // Perhaps it was sent: then it is only acknowledged again.
  world->answer(call++, CallOutcome::unknown);
  world->settle();
  give(update("task", TASK_RUNNING, uuid(1)));
  EXPECT_THAT(world->calls, SizeIs(5));
}

TEST_F(DriverEvents, AsManyUpdatesAreRememberedAsWereAskedFor) {
  DriverOptions options;
  options.remembered_acknowledgements = 2;
  subscribe(options);
  EXPECT_CALL(scheduler, statusUpdate).Times(4);
  for (std::uint32_t number = 1; number <= 3; ++number) give(update("task", TASK_RUNNING, uuid(number)));
  give(update("task", TASK_RUNNING, uuid(3)));
  give(update("task", TASK_RUNNING, uuid(1)));
}

TEST_F(DriverEvents, ExplicitAcknowledgementsAreTheSchedulers) {
  subscribe(explicit_mode());
  TaskStatus seen;
  EXPECT_CALL(scheduler, statusUpdate).Times(2).WillRepeatedly(SaveArg<1>(&seen));
  give(update("task", TASK_RUNNING, uuid(1)));
  give(update("task", TASK_RUNNING, uuid(1)));
  EXPECT_THAT(world->calls, IsEmpty());
  EXPECT_EQ(core->acknowledge(calls::acknowledge(seen)), DRIVER_RUNNING);
  EXPECT_THAT(world->types(), ElementsAre(Call::ACKNOWLEDGE));
  give(update("task", TASK_RUNNING, uuid(1)));
  EXPECT_THAT(world->types(), ElementsAre(Call::ACKNOWLEDGE, Call::ACKNOWLEDGE));

  // Sent in vain: it is the scheduler's again.
  EXPECT_CALL(scheduler, callFailed(driver, _, Field(&CallResult::outcome, CallOutcome::not_sent)));
  EXPECT_CALL(scheduler, statusUpdate);
  world->answer(0, CallOutcome::not_sent);
  world->settle();
  give(update("task", TASK_RUNNING, uuid(1)));
}

TEST_F(DriverEvents, NothingIsSentForWhatNeedsNoAcknowledgement) {
  subscribe(explicit_mode());
  EXPECT_EQ(core->acknowledge(std::nullopt), DRIVER_RUNNING);
  EXPECT_THAT(world->calls, IsEmpty());
}

TEST_F(DriverEvents, AnExplicitAcknowledgementInImplicitModeIsSaidToBeNeedless) {
  subscribe();
  const TaskStatus status = update("task", TASK_RUNNING, uuid(1)).update().status();
  EXPECT_EQ(core->acknowledge(calls::acknowledge(status)), DRIVER_RUNNING);
  EXPECT_THAT(world->calls, IsEmpty());
  EXPECT_THAT(log(), HasSubstr("by itself"));
}

TEST_F(DriverEvents, ReadingRestsWhileAnAcknowledgementFindsNoRoom) {
  subscribe();
  EXPECT_CALL(scheduler, statusUpdate).Times(1);
  ASSERT_EQ(core->send(calls::revive()), DRIVER_RUNNING);
  give(update("first", TASK_RUNNING, uuid(1)));
  ASSERT_THAT(world->types(), ElementsAre(Call::REVIVE, Call::ACKNOWLEDGE));
  world->answer(1, CallOutcome::queue_full);
  world->settle();
  // The receive that was outstanding already still hands over its event, the next rests.
  give(update("first", TASK_RUNNING, uuid(1)));
  EXPECT_FALSE(world->receive_handler);
  world->items.push_back(item(update("second", TASK_RUNNING, uuid(2))));
  world->serve();
  world->settle();
  EXPECT_THAT(world->items, SizeIs(1));

  // There is room again.
  EXPECT_CALL(scheduler, statusUpdate(driver, IsStatus("second", TASK_RUNNING)));
  world->answer(0, CallOutcome::accepted);
  world->settle();
  EXPECT_THAT(world->types(), ElementsAre(Call::REVIVE, Call::ACKNOWLEDGE, Call::ACKNOWLEDGE,
                                          Call::ACKNOWLEDGE, Call::ACKNOWLEDGE));
  EXPECT_EQ(world->calls[3].call.acknowledge().uuid(), uuid(1));
  EXPECT_EQ(world->calls[4].call.acknowledge().uuid(), uuid(2));
  EXPECT_TRUE(world->items.empty());
}

TEST_F(DriverEvents, AnAcknowledgementWithoutRoomIsTriedUntilItIsSent) {
  subscribe();
  EXPECT_CALL(scheduler, statusUpdate).Times(1);
  give(update("task", TASK_RUNNING, uuid(1)));
  for (std::size_t attempt = 0; attempt < 10; ++attempt) {
    world->answer(attempt, CallOutcome::queue_full);
    world->settle();
    ASSERT_THAT(world->calls, SizeIs(attempt + 2));
  }
  world->answer(10, CallOutcome::accepted);
  world->settle();
  EXPECT_THAT(world->calls, SizeIs(11));
  give(update("task", TASK_RUNNING, uuid(1)));
}

TEST_F(DriverEvents, AnExceptionAbortsAndIsReported) {
  subscribe();
  const InSequence in_order;
  EXPECT_CALL(scheduler, statusUpdate).WillOnce(Throw(std::runtime_error("my fault")));
  EXPECT_CALL(scheduler, error(driver, AllOf(HasSubstr("statusUpdate"), HasSubstr("my fault"))))
      .WillOnce([&] { EXPECT_EQ(core->status(), DRIVER_ABORTED); });
  world->items.push_back(item(update("task", TASK_RUNNING, uuid(1))));
  world->items.push_back(item(update("task", TASK_RUNNING, uuid(2))));
  world->serve();
  world->settle();
  EXPECT_THAT(world->calls, IsEmpty());
  EXPECT_EQ(world->cancels, 1);
  EXPECT_EQ(core->join(), DRIVER_ABORTED);
}

TEST_F(DriverEvents, WhatIsNoExceptionAbortsToo) {
  subscribe();
  EXPECT_CALL(scheduler, disconnected).WillOnce(Throw(42));
  EXPECT_CALL(scheduler, error(driver, HasSubstr("disconnected"))).WillOnce(Throw(43));
  give_disconnected();
  EXPECT_EQ(core->status(), DRIVER_ABORTED);
}

TEST_F(DriverEvents, AnErrorEventEndsTheDriverWithTheMastersWords) {
  subscribe();
  EXPECT_CALL(scheduler, error(driver, "Framework failed over")).WillOnce([&] {
    EXPECT_EQ(core->status(), DRIVER_ABORTED);
  });
  give(mesosio::testing::error("Framework failed over"));
  EXPECT_EQ(core->join(), DRIVER_ABORTED);
  EXPECT_EQ(core->send(calls::revive()), DRIVER_ABORTED);
}

TEST_F(DriverEvents, ARefusalEndsTheDriverAfterAllThatCameBefore) {
  subscribe();
  const InSequence in_order;
  EXPECT_CALL(scheduler, statusUpdate);
  EXPECT_CALL(scheduler, disconnected);
  EXPECT_CALL(scheduler, error(driver, AllOf(HasSubstr("refused for good"), HasSubstr("no such role"))));
  world->items.push_back(item(update("task", TASK_RUNNING, "")));
  world->items.emplace_back(Disconnected{{errc::refused, "refused for good", "no such role"}});
  world->end_run(errc::refused, {errc::refused, "refused for good", "no such role"});
  world->settle();
  EXPECT_EQ(core->join(), DRIVER_ABORTED);
}

TEST_F(DriverEvents, AnErrorEventThatOnlyTheRunTellsOfKeepsItsWords) {
  subscribe();
  EXPECT_CALL(scheduler, error(driver, "invalid role"));
  world->end_run(errc::error_event, {errc::error_event, "the master sent an ERROR event", "invalid role"});
  world->settle();
}

TEST_F(DriverEvents, ATeardownFromElsewhereStopsTheDriver) {
  subscribe();
  world->end_run(error_code());
  world->settle();
  EXPECT_EQ(core->join(), DRIVER_STOPPED);
}

}  // namespace
}  // namespace mesosio::driver
