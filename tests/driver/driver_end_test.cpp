// How a driver ends: stop, abort, destruction, from outside and from inside a callback.
#include "driver/core_fixture.hpp"

#include <mesosio/scheduler_calls.hpp>

#include <stdexcept>

namespace mesosio::driver {
namespace {

using namespace ::testing;
using mesosio::testing::update;
using mesosio::testing::uuid;
using scheduler::Call;

class DriverEnd : public CoreTest {};

TEST_F(DriverEnd, StopTearsDownAfterTheCallsMadeBefore) {
  subscribe();
  core->send(calls::revive());
  EXPECT_EQ(core->stop(false), DRIVER_STOPPED);
  EXPECT_EQ(core->status(), DRIVER_STOPPED);
  EXPECT_EQ(core->send(calls::revive()), DRIVER_STOPPED);
  world->settle();
  ASSERT_THAT(world->types(), ElementsAre(Call::REVIVE, Call::TEARDOWN));
  EXPECT_EQ(world->timer_delay, std::chrono::seconds(5));
  world->answer(0, CallOutcome::accepted);
  world->settle();
  EXPECT_EQ(world->cancels, 0);
  world->answer(1, CallOutcome::accepted);
  world->settle();
  EXPECT_EQ(world->cancels, 1);
  EXPECT_FALSE(world->timer);
  EXPECT_EQ(core->join(), DRIVER_STOPPED);
  EXPECT_EQ(core->stop(false), DRIVER_STOPPED);
}

TEST_F(DriverEnd, StopWaitsForTheAnswerAsLongAsConfiguredAndNoLonger) {
  config.timeouts.teardown = std::chrono::milliseconds(70);
  subscribe();
  core->stop(false);
  world->settle();
  EXPECT_EQ(world->timer_delay, std::chrono::milliseconds(70));
  ASSERT_TRUE(world->timer);
  EXPECT_EQ(world->cancels, 0);
  world->timer();
  world->settle();
  EXPECT_EQ(world->cancels, 1);
  EXPECT_EQ(core->join(), DRIVER_STOPPED);
  EXPECT_THAT(log(), HasSubstr("remains"));
}

TEST_F(DriverEnd, StopWithFailoverSendsNoTeardownButWhatWasMadeBefore) {
  subscribe();
  core->send(calls::revive());
  EXPECT_EQ(core->stop(true), DRIVER_STOPPED);
  world->settle();
  EXPECT_EQ(world->cancels, 0);
  world->answer(0, CallOutcome::accepted);
  world->settle();
  EXPECT_THAT(world->types(), ElementsAre(Call::REVIVE));
  EXPECT_EQ(world->cancels, 1);
  EXPECT_EQ(core->join(), DRIVER_STOPPED);
}

TEST_F(DriverEnd, StopWithoutASubscriptionSaysThatTheFrameworkRemains) {
  make();
  core->start();
  world->settle();
  core->stop(false);
  world->settle();
  ASSERT_THAT(world->types(), ElementsAre(Call::TEARDOWN));
  world->answer(0, CallOutcome::not_subscribed);
  world->settle();
  EXPECT_THAT(log(), AllOf(HasSubstr("remains at the master"), HasSubstr("60")));
  EXPECT_EQ(core->join(), DRIVER_STOPPED);
}

TEST_F(DriverEnd, ATeardownWithoutRoomIsTriedAgain) {
  subscribe();
  core->send(calls::revive());
  core->stop(false);
  world->settle();
  world->answer(1, CallOutcome::queue_full);
  world->settle();
  EXPECT_THAT(world->types(), ElementsAre(Call::REVIVE, Call::TEARDOWN));
  world->answer(0, CallOutcome::accepted);
  world->settle();
  EXPECT_THAT(world->types(), ElementsAre(Call::REVIVE, Call::TEARDOWN, Call::TEARDOWN));
  world->answer(2, CallOutcome::accepted);
  world->settle();
  EXPECT_EQ(core->join(), DRIVER_STOPPED);
}

TEST_F(DriverEnd, WhatFoundTheQueueFullIsSentInTheOrderOfMaking) {
  subscribe();
  core->send(calls::revive());
  EXPECT_CALL(scheduler, statusUpdate).Times(2);
  give(update("first", TASK_RUNNING, uuid(1)));
  give(update("second", TASK_RUNNING, uuid(2)));
  core->stop(false);
  world->settle();
  for (const std::size_t call : {1U, 2U, 3U}) world->answer(call, CallOutcome::queue_full);
  world->settle();
  world->answer(0, CallOutcome::accepted);
  world->settle();
  // What is tried again and finds no room again keeps its place.
  world->answer(4, CallOutcome::queue_full);
  world->settle();
  for (const std::size_t call : {5U, 6U, 7U}) {
    ASSERT_GT(world->calls.size(), call);
    world->answer(call, CallOutcome::accepted);
    world->settle();
  }
  EXPECT_EQ(world->calls[5].call.acknowledge().task_id().value(), "first");
  EXPECT_EQ(world->calls[6].call.acknowledge().task_id().value(), "second");
  EXPECT_EQ(world->calls[7].call.type(), Call::TEARDOWN);
}

TEST_F(DriverEnd, AnAcknowledgementThatWaitsGoesBeforeTheTeardown) {
  subscribe();
  core->send(calls::revive());
  EXPECT_CALL(scheduler, statusUpdate);
  give(update("task", TASK_RUNNING, uuid(1)));
  world->answer(1, CallOutcome::queue_full);
  world->settle();
  core->stop(false);
  world->settle();
  EXPECT_THAT(world->types(), ElementsAre(Call::REVIVE, Call::ACKNOWLEDGE));
  world->answer(0, CallOutcome::accepted);
  world->settle();
  world->answer(2, CallOutcome::accepted);
  world->settle();
  EXPECT_THAT(world->types(),
              ElementsAre(Call::REVIVE, Call::ACKNOWLEDGE, Call::ACKNOWLEDGE, Call::TEARDOWN));
}

TEST_F(DriverEnd, AbortIsImmediateAndCallsNothing) {
  subscribe();
  core->send(calls::revive());
  EXPECT_EQ(core->abort(), DRIVER_ABORTED);
  EXPECT_EQ(core->abort(), DRIVER_ABORTED);
  world->items.push_back(item(update("task", TASK_RUNNING, uuid(1))));
  world->settle();
  EXPECT_EQ(world->cancels, 1);
  EXPECT_THAT(world->types(), ElementsAre(Call::REVIVE));
  EXPECT_EQ(core->join(), DRIVER_ABORTED);
}

// As libmesos: the call says that the driver was aborted, the status afterwards that it is stopped.
TEST_F(DriverEnd, StopAfterAbort) {
  subscribe();
  core->abort();
  EXPECT_EQ(core->stop(false), DRIVER_ABORTED);
  EXPECT_EQ(core->status(), DRIVER_STOPPED);
  world->settle();
  EXPECT_EQ(core->join(), DRIVER_STOPPED);
  EXPECT_THAT(world->calls, IsEmpty());
}

TEST_F(DriverEnd, NoCallbackAndNoAcknowledgementAfterAStopInside) {
  for (const bool abort : {false, true}) {
    subscribe();
    EXPECT_CALL(scheduler, statusUpdate).WillOnce([&] {
      if (abort) {
        EXPECT_EQ(core->abort(), DRIVER_ABORTED);
      } else {
        EXPECT_EQ(core->stop(true), DRIVER_STOPPED);
      }
      core->join();
    });
    world->items.push_back(item(update("task", TASK_RUNNING, uuid(1))));
    world->items.push_back(item(update("task", TASK_RUNNING, uuid(2))));
    world->serve();
    world->settle();
    EXPECT_THAT(world->calls, IsEmpty());
    EXPECT_EQ(core->join(), abort ? DRIVER_ABORTED : DRIVER_STOPPED);
    discard();
  }
}

TEST_F(DriverEnd, StopInsideACallbackDoesNotWaitAndTearsDownBehindIt) {
  world->own_thread = true;
  subscribe();
  EXPECT_CALL(scheduler, resourceOffers).WillOnce([&] {
    EXPECT_EQ(core->stop(false), DRIVER_STOPPED);
    EXPECT_EQ(core->join(), DRIVER_STOPPED);
  });
  give(mesosio::testing::offers({"1"}));
  ASSERT_THAT(world->types(), ElementsAre(Call::TEARDOWN));
  world->answer(0, CallOutcome::accepted);
  world->settle();
  EXPECT_EQ(core->join(), DRIVER_STOPPED);
}

TEST_F(DriverEnd, CallFailuresAfterTheEndAreOnlyLogged) {
  subscribe();
  core->send(calls::revive());
  core->stop(true);
  world->settle();
  world->answer(0, CallOutcome::refused, 400);
  world->settle();
  EXPECT_THAT(log(), HasSubstr("REVIVE failed"));
}

TEST_F(DriverEnd, DestructionInsideACallbackLeavesNothingBehind) {
  world->own_thread = true;
  subscribe();
  EXPECT_CALL(scheduler, statusUpdate).WillOnce([&] { core->destroy(); });
  const std::weak_ptr<DriverCore> watch = core;
  world->items.push_back(item(update("task", TASK_RUNNING, uuid(1))));
  world->items.push_back(item(update("task", TASK_RUNNING, uuid(2))));
  world->serve();
  world->settle();
  EXPECT_THAT(world->calls, IsEmpty());
  EXPECT_TRUE(world->detached);
  EXPECT_FALSE(world->joined);
  EXPECT_EQ(world->cancels, 1);
  core.reset();
  EXPECT_TRUE(watch.expired());
}

TEST_F(DriverEnd, DestructionOutsideJoinsTheThread) {
  world->own_thread = true;
  subscribe();
  const std::weak_ptr<DriverCore> watch = core;
  core->send(calls::revive());
  core->destroy();
  EXPECT_EQ(core->status(), DRIVER_STOPPED);
  EXPECT_TRUE(world->joined);
  EXPECT_FALSE(world->detached);
  discard();
  EXPECT_TRUE(watch.expired());
}

TEST_F(DriverEnd, AnExceptionAfterAStopInsideIsOnlyLogged) {
  subscribe();
  EXPECT_CALL(scheduler, disconnected).WillOnce([&] {
    core->stop(true);
    throw std::runtime_error("too late");
  });
  give_disconnected();
  EXPECT_EQ(core->status(), DRIVER_STOPPED);
  EXPECT_THAT(log(), HasSubstr("too late"));
}

}  // namespace
}  // namespace mesosio::driver
