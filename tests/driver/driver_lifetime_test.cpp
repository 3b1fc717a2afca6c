// Destroying, stopping, aborting and joining a running driver, from every side. Run under the sanitizers.
#include "driver/client_backend.hpp"
#include "driver/driver_core.hpp"
#include "driver/driver_fixture.hpp"

#include <mesosio/scheduler_driver_asio.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <stdexcept>

namespace mesosio {
namespace {

using namespace ::testing;
using mesosio::testing::update;
using mesosio::testing::uuid;
using scheduler::Call;

class DriverLifetime : public DriverFixture {
 protected:
  // Several threads that join; the driver has to live until they are done.
  void join_from(int count) {
    for (int number = 0; number < count; ++number) {
      joiners.emplace_back([this] {
        const Status status = driver->join();
        const std::lock_guard lock(mutex);
        joined.push_back(status);
      });
    }
  }
  std::vector<Status> finish_joiners() {
    for (std::thread& joiner : joiners) joiner.join();
    return joined;
  }

  std::mutex mutex;
  std::vector<std::thread> joiners;
  std::vector<Status> joined;
};

TEST_F(DriverLifetime, NeverStarted) {
  MesosSchedulerDriver idle(&scheduler, config());
  EXPECT_EQ(idle.status(), DRIVER_NOT_STARTED);
  EXPECT_EQ(idle.join(), DRIVER_NOT_STARTED);
}

TEST_F(DriverLifetime, DestroyedWhileItConnects) {
  start();
  driver.reset();
  EXPECT_THAT(scheduler.lines(), Not(Contains(StartsWith("error"))));
}

TEST_F(DriverLifetime, DestroyedWhileItRunsTearsNothingDown) {
  start_registered();
  driver.reset();
  master.wait_for_connections(0);
  EXPECT_EQ(master.count(Call::TEARDOWN), 0u);
}

TEST_F(DriverLifetime, StartsAndEndsManyTimes) {
  for (int round = 0; round < 20; ++round) {
    start();
    if (round % 2 == 0) driver->stop(round % 4 == 0);
    driver.reset();
  }
}

TEST_F(DriverLifetime, StopWakesAllJoiners) {
  start_registered();
  join_from(4);
  EXPECT_EQ(driver->stop(), DRIVER_STOPPED);
  EXPECT_THAT(finish_joiners(), Each(DRIVER_STOPPED));
}

TEST_F(DriverLifetime, AbortWakesAllJoiners) {
  start_registered();
  join_from(4);
  EXPECT_EQ(driver->abort(), DRIVER_ABORTED);
  EXPECT_THAT(finish_joiners(), Each(DRIVER_ABORTED));
  driver.reset();
  EXPECT_EQ(master.count(Call::TEARDOWN), 0u);
}

TEST_F(DriverLifetime, DestroyedInsideACallback) {
  Gate destroyed;
  scheduler.actions["statusUpdate"] = [this, destroyed](SchedulerDriver*) {
    driver.reset();
    destroyed.open();
  };
  start_registered();
  master.send(update("task", TASK_RUNNING, uuid(1)));
  master.send(update("task", TASK_RUNNING, uuid(2)));
  destroyed.wait();
  master.wait_for_connections(0);
  EXPECT_EQ(master.count(Call::ACKNOWLEDGE), 0u);
  EXPECT_EQ(master.count(Call::TEARDOWN), 0u);
  EXPECT_THAT(scheduler.lines(), SizeIs(2));
}

// What a driver's destruction does to those who wait in join(), seen at the part of it that they hold:
// whether a thread is inside join() already cannot be known from outside.
TEST_F(DriverLifetime, DestructionWakesJoiners) {
  for (const bool inside : {true, false}) {
    RecordingScheduler quiet;
    Gate destroyed;
    const auto core = std::make_shared<driver::DriverCore>(&quiet, nullptr, config(), DriverOptions(),
                                                           &driver::make_client_backend);
    const std::weak_ptr<driver::DriverCore> watch = core;
    quiet.actions["statusUpdate"] = [watch, destroyed](SchedulerDriver*) {
      watch.lock()->destroy();
      destroyed.open();
    };
    ASSERT_EQ(core->start(), DRIVER_RUNNING);
    quiet.wait_for("registered");
    std::vector<std::thread> threads;
    for (int count = 0; count < 4; ++count) {
      threads.emplace_back([core] { EXPECT_EQ(core->join(), DRIVER_STOPPED); });
    }
    if (inside) {
      master.send(update("task", TASK_RUNNING, uuid(1)));
      destroyed.wait();
    } else {
      core->destroy();
    }
    for (std::thread& thread : threads) thread.join();
  }
}

TEST_F(DriverLifetime, RunReturnsWhenACallbackDestroysTheDriver) {
  auto* const doomed = new MesosSchedulerDriver(&scheduler, config());
  scheduler.actions["registered"] = [doomed](SchedulerDriver* given) {
    EXPECT_EQ(given, doomed);
    delete given;
  };
  EXPECT_EQ(doomed->run(), DRIVER_STOPPED);
  EXPECT_THAT(scheduler.lines(), ElementsAre("registered fake-0000"));
}

TEST_F(DriverLifetime, StoppedAndDestroyedInsideACallbackTearsDownBehindIt) {
  Gate started;
  Gate destroyed;
  scheduler.actions["registered"] = [this, started, destroyed](SchedulerDriver* given) {
    started.wait();
    EXPECT_EQ(given->stop(), DRIVER_STOPPED);
    driver.reset();
    destroyed.open();
  };
  start();
  started.open();
  destroyed.wait();
  master.wait_for(Call::TEARDOWN);
  master.wait_for_connections(0);
}

TEST_F(DriverLifetime, StoppedInsideACallbackAndJoinedOutside) {
  scheduler.actions["statusUpdate"] = [&](SchedulerDriver* given) {
    EXPECT_EQ(given->stop(), DRIVER_STOPPED);
    EXPECT_EQ(given->join(), DRIVER_STOPPED);
    EXPECT_EQ(given->run(), DRIVER_STOPPED);
  };
  start_registered();
  join_from(2);
  master.send(update("task", TASK_RUNNING, uuid(1)));
  master.send(update("task", TASK_RUNNING, uuid(2)));
  EXPECT_THAT(finish_joiners(), Each(DRIVER_STOPPED));
  EXPECT_EQ(master.count(Call::TEARDOWN), 1u);
  EXPECT_EQ(master.count(Call::ACKNOWLEDGE), 0u);
  EXPECT_EQ(scheduler.lines().size(), 2u);
}

TEST_F(DriverLifetime, EveryFunctionMayBeCalledInsideACallback) {
  scheduler.actions["resourceOffers"] = [](SchedulerDriver* given) {
    OfferID offer;
    offer.set_value("1");
    for (int count = 0; count < 100; ++count) EXPECT_EQ(given->declineOffer(offer), DRIVER_RUNNING);
    EXPECT_EQ(given->start(), DRIVER_RUNNING);
    EXPECT_EQ(given->join(), DRIVER_RUNNING);
    EXPECT_EQ(given->status(), DRIVER_RUNNING);
  };
  start_registered();
  master.send(mesosio::testing::offers({"1"}));
  master.wait_for(Call::DECLINE, 100);
}

TEST_F(DriverLifetime, AnExceptionEndsTheDriverAndNothingElse) {
  scheduler.actions["resourceOffers"] = [](SchedulerDriver*) { throw std::runtime_error("my fault"); };
  scheduler.actions["error"] = [](SchedulerDriver* given) {
    EXPECT_EQ(given->status(), DRIVER_ABORTED);
    throw 42;
  };
  start_registered();
  join_from(2);
  master.send(mesosio::testing::offers({"1"}));
  EXPECT_THAT(finish_joiners(), Each(DRIVER_ABORTED));
  EXPECT_THAT(scheduler.lines(), ElementsAre("registered fake-0000", "resourceOffers 1",
                                             "error callback resourceOffers threw an exception: my fault"));
}

TEST_F(DriverLifetime, DestroyedInsideError) {
  Gate destroyed;
  scheduler.actions["error"] = [this, destroyed](SchedulerDriver*) {
    driver.reset();
    destroyed.open();
  };
  start_registered();
  master.send(mesosio::testing::error("away"));
  destroyed.wait();
  master.wait_for_connections(0);
}

TEST_F(DriverLifetime, DestructionWaitsForARunningCallback) {
  Gate inside;
  Gate leave;
  std::atomic<bool> left{false};
  scheduler.actions["statusUpdate"] = [&](SchedulerDriver*) {
    inside.open();
    leave.wait();
    left = true;
  };
  start_registered();
  master.send(update("task", TASK_RUNNING, uuid(1)));
  inside.wait();
  std::thread destroyer([&] {
    driver.reset();
    EXPECT_TRUE(left);
  });
  leave.open();
  destroyer.join();
  master.wait_for_connections(0);
}

TEST_F(DriverLifetime, CallsFromManyThreadsWhileItStops) {
  start_registered();
  std::vector<std::thread> callers;
  std::atomic<int> refused{0};
  for (int number = 0; number < 4; ++number) {
    callers.emplace_back([&] {
      while (driver->reviveOffers() == DRIVER_RUNNING) std::this_thread::yield();
      ++refused;
    });
  }
  master.wait_for(Call::REVIVE, 20);
  EXPECT_EQ(driver->stop(), DRIVER_STOPPED);
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(refused, 4);
}

TEST_F(DriverLifetime, OnAUsersExecutor) {
  boost::asio::io_context context;
  auto work = boost::asio::make_work_guard(context);
  std::vector<std::thread> threads;
  for (int count = 0; count < 2; ++count) threads.emplace_back([&] { context.run(); });
  DriverOptions options;
  options.executor = callbacks_on(context.get_executor());

  // Destroyed outside: no callback follows.
  start_registered(options);
  master.send(mesosio::testing::offers({"1"}));
  driver.reset();
  const auto lines = scheduler.lines();
  master.wait_for_connections(0);
  EXPECT_EQ(scheduler.lines(), lines);

  // Destroyed inside.
  Gate destroyed;
  scheduler.actions["slaveLost"] = [this, destroyed](SchedulerDriver*) {
    driver.reset();
    destroyed.open();
  };
  start(options);
  scheduler.wait_for("registered", 2);
  scheduler::Event failure;
  failure.set_type(scheduler::Event::FAILURE);
  failure.mutable_failure()->mutable_agent_id()->set_value("agent-1");
  master.send(failure);
  destroyed.wait();
  master.wait_for_connections(0);

  work.reset();
  for (std::thread& thread : threads) thread.join();
}

TEST_F(DriverLifetime, AUsersContextThatNeverRunsKeepsNothing) {
  boost::asio::io_context context;
  DriverOptions options;
  options.executor = callbacks_on(context.get_executor());
  start(options);
  driver->reviveOffers();
  EXPECT_EQ(driver->stop(), DRIVER_STOPPED);
  driver.reset();
}

}  // namespace
}  // namespace mesosio
