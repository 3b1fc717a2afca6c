// The driver against the local cluster: tasks that really run.
#include "driver/driver_fixture.hpp"

#include <mesosio/local/cluster.hpp>

#include <set>

namespace mesosio {
namespace {

using namespace ::testing;

// Launches the commands that it is given, one an offer, and keeps each task's states.
class Launcher : public mesosio::testing::PlainScheduler {
 public:
  Launcher(std::vector<std::string> commands, bool acknowledges, int updates)
      : commands_(std::move(commands)), acknowledges_(acknowledges), left_(updates) {}

  // After which state of the first task it kills that one.
  bool kills = false;

  void resourceOffers(SchedulerDriver* driver, const std::vector<Offer>& offers) override {
    for (const Offer& offer : offers) {
      if (next_ == commands_.size()) {
        driver->declineOffer(offer.id(), calls::filters(std::chrono::hours(1)));
        continue;
      }
      TaskInfo task;
      task.set_name(std::to_string(next_));
      task.mutable_task_id()->set_value(std::to_string(next_));
      *task.mutable_agent_id() = offer.agent_id();
      task.mutable_command()->set_value(commands_[next_++]);
      Resource& cpus = *task.add_resources();
      cpus.set_name("cpus");
      cpus.set_type(Value::SCALAR);
      cpus.mutable_scalar()->set_value(0.1);
      driver->launchTasks(offer.id(), {task}, calls::filters(std::chrono::seconds(0)));
    }
  }

  void statusUpdate(SchedulerDriver* driver, const TaskStatus& status) override {
    states[status.task_id().value()].push_back(TaskState_Name(status.state()));
    if (acknowledges_) driver->acknowledgeStatusUpdate(status);
    if (kills && status.state() == TASK_RUNNING) {
      driver->killTask(status.task_id(), status.agent_id(), calls::kill_policy(std::chrono::seconds(5)));
    }
    if (--left_ == 0) driver->stop();
  }

  void error(SchedulerDriver*, const std::string& message) override { ADD_FAILURE() << message; }

  void callFailed(SchedulerDriver*, const scheduler::Call& call, const CallResult& result) override {
    ADD_FAILURE() << scheduler::Call::Type_Name(call.type()) << ": " << result.error.to_string();
  }

  std::map<std::string, std::vector<std::string>> states;

 private:
  const std::vector<std::string> commands_;
  const bool acknowledges_;
  int left_;
  std::size_t next_ = 0;
};

class DriverCluster : public Test {
 protected:
  void SetUp() override {
    local::ClusterConfig config;
    config.agents = 2;
    cluster.emplace(config);
    const Error error = cluster->start();
    ASSERT_FALSE(error) << error.to_string();
  }

  SchedulerConfig config() const {
    SchedulerConfig config;
    config.master = cluster->url();
    config.framework.set_name("driver-cluster-test");
    config.framework.set_failover_timeout(60);
    return config;
  }

  std::optional<local::Cluster> cluster;
};

TEST_F(DriverCluster, RunsTasksToTheirEnds) {
  for (const bool implicit : {true, false}) {
    // STARTING, RUNNING and an end for each; counted in updates, so that a lost one shows.
    Launcher scheduler({"exit 0", "exit 3", "true"}, !implicit, 9);
    DriverOptions options;
    options.implicit_acknowledgements = implicit;
    MesosSchedulerDriver driver(&scheduler, config(), options);
    EXPECT_EQ(driver.run(), DRIVER_STOPPED);
    EXPECT_THAT(scheduler.states, SizeIs(3));
    for (const auto& [task, states] : scheduler.states) {
      EXPECT_THAT(states, ElementsAre("TASK_STARTING", "TASK_RUNNING",
                                      task == "1" ? "TASK_FAILED" : "TASK_FINISHED"));
    }
  }
}

TEST_F(DriverCluster, KillsATask) {
  Launcher scheduler({"sleep 600"}, false, 3);
  scheduler.kills = true;
  MesosSchedulerDriver driver(&scheduler, config());
  EXPECT_EQ(driver.run(), DRIVER_STOPPED);
  EXPECT_THAT(scheduler.states["0"], ElementsAre("TASK_STARTING", "TASK_RUNNING", "TASK_KILLED"));
}

TEST_F(DriverCluster, ComesBackToAMasterThatWasAway) {
  RecordingScheduler scheduler;
  MesosSchedulerDriver driver(&scheduler, config());
  ASSERT_EQ(driver.start(), DRIVER_RUNNING);
  scheduler.wait_for("registered");
  local::ClusterConfig again;
  again.port = cluster->port();
  cluster->stop();
  scheduler.wait_for("disconnected");
  cluster.emplace(again);
  const Error error = cluster->start();
  ASSERT_FALSE(error) << error.to_string();
  scheduler.wait_for("reregistered");
  EXPECT_EQ(driver.stop(), DRIVER_STOPPED);
}

}  // namespace
}  // namespace mesosio
