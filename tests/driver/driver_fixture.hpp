// A real driver against a fake master, and a scheduler whose callbacks are told to the test's thread.
#pragma once

#include "driver/mock_scheduler.hpp"
#include "support/fake_master.hpp"

#include <mesosio/scheduler_calls.hpp>
#include <mesosio/scheduler_driver.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace mesosio {

// Records what is called, one line each; does what the test has set for it.
class RecordingScheduler : public Scheduler {
 public:
  // What a callback does, by its name; set before the driver is started.
  std::map<std::string, std::function<void(SchedulerDriver*)>> actions;

  void registered(SchedulerDriver* driver, const FrameworkID& id, const MasterInfo&) override {
    record(driver, "registered", id.value());
  }
  void reregistered(SchedulerDriver* driver, const MasterInfo&) override {
    record(driver, "reregistered", "");
  }
  void disconnected(SchedulerDriver* driver) override { record(driver, "disconnected", ""); }
  void resourceOffers(SchedulerDriver* driver, const std::vector<Offer>& offers) override {
    record(driver, "resourceOffers", std::to_string(offers.size()));
  }
  void offerRescinded(SchedulerDriver* driver, const OfferID& id) override {
    record(driver, "offerRescinded", id.value());
  }
  void statusUpdate(SchedulerDriver* driver, const TaskStatus& status) override {
    record(driver, "statusUpdate", status.task_id().value() + ' ' + TaskState_Name(status.state()));
  }
  void frameworkMessage(SchedulerDriver* driver, const ExecutorID&, const AgentID&,
                        const std::string& data) override {
    record(driver, "frameworkMessage", data);
  }
  void slaveLost(SchedulerDriver* driver, const AgentID& id) override {
    record(driver, "slaveLost", id.value());
  }
  void executorLost(SchedulerDriver* driver, const ExecutorID& id, const AgentID&, int) override {
    record(driver, "executorLost", id.value());
  }
  void error(SchedulerDriver* driver, const std::string& message) override {
    record(driver, "error", message);
  }
  void callFailed(SchedulerDriver* driver, const scheduler::Call& call, const CallResult& result) override {
    record(driver, "callFailed", scheduler::Call::Type_Name(call.type()) + ' ' + to_string(result.outcome));
  }

  // Waits until a line that starts so has been recorded `count` times, and gives the last.
  std::string wait_for(const std::string& start, std::size_t count = 1) {
    std::unique_lock lock(state_->mutex);
    std::string found;
    const bool in_time = state_->changed.wait_for(lock, std::chrono::seconds(30), [&] {
      std::size_t seen = 0;
      for (const std::string& line : state_->lines) {
        if (line.rfind(start, 0) != 0) continue;
        found = line;
        if (++seen == count) return true;
      }
      return false;
    });
    EXPECT_TRUE(in_time) << "no " << start << " in " << ::testing::PrintToString(state_->lines);
    return found;
  }

  std::vector<std::string> lines() {
    const std::lock_guard lock(state_->mutex);
    return state_->lines;
  }

 private:
  struct State {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::string> lines;
    int inside = 0;
  };

  void record(SchedulerDriver* driver, const std::string& name, const std::string& what) {
    // Copies: when the action has destroyed the driver, the test may end and take this object along.
    const auto state = state_;
    const auto action = actions.find(name);
    const std::function<void(SchedulerDriver*)> run =
        action == actions.end() ? std::function<void(SchedulerDriver*)>() : action->second;
    {
      const std::lock_guard lock(state->mutex);
      EXPECT_EQ(state->inside++, 0) << name << " was called while another callback ran";
      state->lines.push_back(what.empty() ? name : name + ' ' + what);
      state->changed.notify_all();
    }
    const Leaving leaving{*state};
    if (run) run(driver);
  }

  struct Leaving {
    State& state;
    ~Leaving() {
      const std::lock_guard lock(state.mutex);
      --state.inside;
    }
  };

  const std::shared_ptr<State> state_ = std::make_shared<State>();
};

// Two threads meet here: one waits until the other has opened it. Copies are the same gate; a thread that may
// outlive the test holds one.
class Gate {
 public:
  void open() const {
    const std::lock_guard lock(state_->mutex);
    state_->open = true;
    state_->changed.notify_all();
  }
  void wait() const {
    std::unique_lock lock(state_->mutex);
    EXPECT_TRUE(state_->changed.wait_for(lock, std::chrono::seconds(30), [&] { return state_->open; }));
  }

 private:
  struct State {
    std::mutex mutex;
    std::condition_variable changed;
    bool open = false;
  };
  const std::shared_ptr<State> state_ = std::make_shared<State>();
};

class DriverFixture : public ::testing::Test {
 protected:
  SchedulerConfig config() const {
    SchedulerConfig config;
    config.master = master.address();
    config.framework.set_user("nobody");
    config.framework.set_name("driver-test");
    config.framework.set_failover_timeout(60);
    config.backoff = {std::chrono::milliseconds(5), std::chrono::milliseconds(50), 2.0};
    return config;
  }

  void start(DriverOptions options = {}) { start(config(), std::move(options)); }
  void start(SchedulerConfig with, DriverOptions options = {}) {
    driver = std::make_unique<MesosSchedulerDriver>(&scheduler, std::move(with), std::move(options));
    ASSERT_EQ(driver->start(), DRIVER_RUNNING);
  }
  void start_registered(DriverOptions options = {}) {
    start(std::move(options));
    scheduler.wait_for("registered");
  }

  testing::FakeMaster master;
  RecordingScheduler scheduler;
  std::unique_ptr<MesosSchedulerDriver> driver;
};

}  // namespace mesosio
