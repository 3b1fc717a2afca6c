// A driver's core in a fake world, and events for it that need no pool of a client.
#pragma once

#include "driver/driver_core.hpp"
#include "driver/fake_backend.hpp"
#include "driver/mock_scheduler.hpp"
#include "session/event_pool.hpp"
#include "support/fake_master.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <memory>
#include <sstream>
#include <string>
#include <utility>

namespace mesosio::driver {

class CoreTest : public ::testing::Test {
 protected:
  CoreTest() {
    config.master = "master.example.com:5050";
    config.framework.set_user("somebody");
    config.framework.set_name("core-test");
    config.framework.set_failover_timeout(60);
    config.logger = std::make_shared<spdlog::logger>(
        "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log_stream));
    EXPECT_CALL(scheduler, heartbeat).Times(::testing::AnyNumber());
  }

  ~CoreTest() override { discard(); }

  // Ends the driver and drops what the world still holds of it.
  void discard() {
    if (core) core->destroy();
    world->settle();
    core.reset();
    const testing::FakeWorld held = std::exchange(*world, testing::FakeWorld());
  }

  void make(DriverOptions options = {}) { make(std::move(options), &scheduler); }
  void make(DriverOptions options, Scheduler* target) {
    core = std::make_shared<DriverCore>(target, driver, config, std::move(options),
                                        [this](SchedulerConfig made_with, const DriverOptions&) {
                                          world->config = std::move(made_with);
                                          return std::make_unique<testing::FakeBackend>(world);
                                        });
  }

  // Started and subscribed.
  void subscribe(DriverOptions options = {}) {
    make(std::move(options));
    EXPECT_CALL(scheduler, registered);
    ASSERT_EQ(core->start(), DRIVER_RUNNING);
    world->settle();
    give(testing::subscribed());
  }

  SchedulerReceived item(const scheduler::Event& event) {
    const std::string bytes = event.SerializePartialAsString();
    SchedulerEvent pooled = pool->take(bytes.size());
    EXPECT_TRUE(pooled->ParsePartialFromString(bytes));
    return SchedulerReceived(std::move(pooled));
  }
  void give(const scheduler::Event& event) { world->give(item(event)); }
  void give_disconnected() { world->give(Disconnected{{errc::stream_ended, "over", {}}}); }

  static TaskInfo task(const std::string& id) {
    TaskInfo task;
    task.set_name(id);
    task.mutable_task_id()->set_value(id);
    task.mutable_agent_id()->set_value("agent");
    return task;
  }

  [[nodiscard]] std::string log() const { return log_stream.str(); }

  std::ostringstream log_stream;
  SchedulerConfig config;
  ::testing::StrictMock<testing::MockScheduler> scheduler;
  MesosSchedulerDriver handed_on{&scheduler, SchedulerConfig()};
  SchedulerDriver* driver = &handed_on;
  std::shared_ptr<testing::FakeWorld> world = std::make_shared<testing::FakeWorld>();
  std::shared_ptr<detail::EventPool> pool = std::make_shared<detail::EventPool>();
  std::shared_ptr<DriverCore> core;
};

}  // namespace mesosio::driver
