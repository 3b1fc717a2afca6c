// The local cluster as a framework sees it: real HTTP, real processes.
#include "local/framework.hpp"
#include "local/master_state.hpp"

#include <mesosio/local/cluster.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <thread>

namespace mesosio::local::test {
namespace {

using mesos::v1::TaskState;
using mesos::v1::TaskStatus;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<TaskState> states(const std::vector<TaskStatus>& statuses) {
  std::vector<TaskState> out;
  for (const auto& status : statuses) {
    out.push_back(status.state());
  }
  return out;
}

class ClusterTest : public ::testing::Test {
 protected:
  static ClusterConfig quick() {
    ClusterConfig config;
    config.allocation_interval = std::chrono::milliseconds(10);
    return config;
  }
  void begin(ClusterConfig config = quick()) {
    cluster_.emplace(std::move(config));
    const Error error = cluster_->start();
    ASSERT_FALSE(error) << error.to_string();
  }
  std::string sandbox_file(const std::string& agent, const Framework& framework, const std::string& task,
                           const std::string& file) {
    const auto runs = std::filesystem::path(cluster_->work_dir()) / "slaves" / agent / "frameworks" /
                      framework.id() / "executors" / task / "runs";
    for (const auto& run : std::filesystem::directory_iterator(runs)) {
      std::ifstream in(run.path() / file);
      std::ostringstream text;
      text << in.rdbuf();
      return text.str();
    }
    return "no run";
  }

  std::optional<Cluster> cluster_;
};

TEST_F(ClusterTest, RunsATaskToItsEnd) {
  begin();
  Framework framework(cluster_->port());
  const auto offer = framework.offer();
  EXPECT_EQ(framework.launch(offer, {shell_task("t", offer, "echo $MESOS_TASK_ID; echo $PWD >&2")}).status,
            202U);
  const auto seen = framework.follow("t");
  ASSERT_THAT(states(seen),
              ElementsAre(mesos::v1::TASK_STARTING, mesos::v1::TASK_RUNNING, mesos::v1::TASK_FINISHED));
  EXPECT_EQ(seen.back().message(), "Command exited with status 0");
  EXPECT_EQ(sandbox_file(offer.agent_id().value(), framework, "t", "stdout"), "t\n");
  EXPECT_THAT(sandbox_file(offer.agent_id().value(), framework, "t", "stderr"),
              HasSubstr(cluster_->work_dir()));
}

TEST_F(ClusterTest, TellsHowCommandsEnd) {
  begin();
  Framework framework(cluster_->port());
  const auto offer = framework.offer();
  auto missing = shell_task("missing", offer, "/nonexistent/command");
  missing.mutable_command()->set_shell(false);
  missing.mutable_command()->add_arguments("command");
  auto argv = shell_task("argv", offer, "/bin/sh");
  argv.mutable_command()->set_shell(false);
  for (const char* argument :
       {"sh", "-c", "test \"$0\" = 'a b' && test \"$GREETING\" = 'caf\xc3\xa9'", "a b"}) {
    argv.mutable_command()->add_arguments(argument);
  }
  auto& variable = *argv.mutable_command()->mutable_environment()->add_variables();
  variable.set_name("GREETING");
  variable.set_value("caf\xc3\xa9");
  framework.launch(
      offer, {shell_task("seven", offer, "exit 7"), shell_task("segv", offer, "kill -9 $$"), missing, argv});

  std::map<std::string, std::vector<TaskState>> seen;
  std::map<std::string, std::string> last;
  int ended = 0;
  while (ended < 4) {
    const TaskStatus status = framework.update();
    framework.acknowledge(status);
    EXPECT_EQ(status.source(), TaskStatus::SOURCE_EXECUTOR);
    EXPECT_FALSE(status.has_reason());
    EXPECT_EQ(status.executor_id().value(), status.task_id().value());
    EXPECT_EQ(status.container_status().network_infos(0).ip_addresses(0).ip_address(), "127.0.0.1");
    seen[status.task_id().value()].push_back(status.state());
    last[status.task_id().value()] = status.message();
    ended += is_terminal(status.state()) ? 1 : 0;
  }
  const auto failed = ElementsAre(mesos::v1::TASK_STARTING, mesos::v1::TASK_RUNNING, mesos::v1::TASK_FAILED);
  EXPECT_THAT(seen["seven"], failed);
  EXPECT_EQ(last["seven"], "Command exited with status 7");
  EXPECT_THAT(seen["segv"], failed);
  EXPECT_EQ(last["segv"], "Command terminated with signal Killed");
  EXPECT_THAT(seen["missing"], failed);
  EXPECT_EQ(last["missing"], "Command exited with status 1");
  EXPECT_THAT(sandbox_file(offer.agent_id().value(), framework, "missing", "stderr"),
              HasSubstr("/nonexistent/command"));
  EXPECT_EQ(last["argv"], "Command exited with status 0");
}

TEST_F(ClusterTest, KillsWithGraceAndThenTheWholeGroup) {
  begin();
  Framework framework(cluster_->port());
  const auto offer = framework.offer();
  framework.launch(offer, {shell_task("gentle", offer, "trap 'exit 3' TERM; while :; do sleep 0.05; done"),
                           shell_task("deaf", offer, "trap '' TERM; while :; do sleep 0.05; done")});
  int running = 0;
  while (running < 2) {
    const TaskStatus status = framework.update();
    framework.acknowledge(status);
    running += status.state() == mesos::v1::TASK_RUNNING ? 1 : 0;
  }
  // A shell may get the signal before it has set its trap, and then ends by it: both ends are right.
  framework.kill("deaf", 0.2);
  const auto deaf = framework.follow("deaf");
  EXPECT_THAT(states(deaf), ElementsAre(mesos::v1::TASK_KILLING, mesos::v1::TASK_KILLED));
  EXPECT_THAT(deaf.back().message(), HasSubstr("Command terminated with signal"));
  framework.kill("gentle", 20);
  const auto gentle = framework.follow("gentle");
  EXPECT_THAT(states(gentle), ElementsAre(mesos::v1::TASK_KILLING, mesos::v1::TASK_KILLED));
  framework.kill("gentle");
  EXPECT_EQ(framework.update().message(), "Reconciliation: Task is unknown");
}

TEST_F(ClusterTest, OffersShrinkAndGrowWithTheTasks) {
  ClusterConfig config = quick();
  config.update_retry_interval = std::chrono::milliseconds(50);
  begin(config);
  Framework framework(cluster_->port());
  auto offer = framework.offer();
  framework.launch(offer, {shell_task("t", offer, "sleep 600", 1.5, 96)});
  offer = framework.offer();
  EXPECT_DOUBLE_EQ(offer.resources(0).scalar().value(), 2.5);
  EXPECT_DOUBLE_EQ(offer.resources(1).scalar().value(), 4000);
  framework.kill("t");
  framework.follow("t");
  const auto rest = framework.offer();
  EXPECT_DOUBLE_EQ(rest.resources(0).scalar().value(), 1.5);
  EXPECT_DOUBLE_EQ(rest.resources(1).scalar().value(), 96);
}

TEST_F(ClusterTest, TwoAgentsInOneEvent) {
  ClusterConfig config = quick();
  config.agents = 2;
  config.agent_configs = {{"cpus:1;mem:64;gadgets:{a,b}", "first.example.com", "rack:r-1"}};
  begin(config);
  Framework framework(cluster_->port());
  const Event event = framework.next(Event::OFFERS);
  ASSERT_EQ(event.offers().offers_size(), 2);
  EXPECT_EQ(event.offers().offers(0).hostname(), "first.example.com");
  EXPECT_EQ(event.offers().offers(0).attributes(0).text().value(), "r-1");
  EXPECT_EQ(event.offers().offers(1).hostname(), "127.0.0.1");
  EXPECT_EQ(event.offers().offers(1).resources_size(), 4);
  EXPECT_EQ(event.offers().offers(1).url().path(), "/slave(2)");
  for (const auto& offer : event.offers().offers()) {
    framework.launch(offer, {shell_task("on-" + offer.hostname(), offer, "true")});
  }
  framework.follow("on-127.0.0.1");
}

TEST_F(ClusterTest, UnacknowledgedUpdatesComeAgain) {
  ClusterConfig config = quick();
  config.update_retry_interval = std::chrono::milliseconds(50);
  begin(config);
  Framework framework(cluster_->port());
  const auto offer = framework.offer();
  framework.launch(offer, {shell_task("t", offer, "true")});
  const TaskStatus first = framework.update();
  const TaskStatus again = framework.update();
  EXPECT_EQ(again.state(), mesos::v1::TASK_STARTING);
  EXPECT_EQ(first.uuid(), again.uuid());
  EXPECT_EQ(first.timestamp(), again.timestamp());
}

TEST_F(ClusterTest, FailsOverWithItsTasks) {
  begin();
  mesos::v1::FrameworkInfo info = framework_info();
  info.set_failover_timeout(3600);
  Framework first(cluster_->port(), info);
  const auto offer = first.offer();
  first.launch(offer, {shell_task("t", offer, "sleep 600")});
  const TaskStatus starting = first.update();

  Framework second(cluster_->port(), first.info());
  EXPECT_EQ(second.id(), first.id());
  EXPECT_NE(second.stream_id(), first.stream_id());
  EXPECT_EQ(first.next(Event::ERROR).error().message(), "Framework failed over");
  EXPECT_TRUE(first.ends());
  EXPECT_EQ(first.simple(Call::REVIVE).status, 400U);
  EXPECT_EQ(second.update().uuid(), starting.uuid());
  second.disconnect();
  Framework third(cluster_->port(), first.info());
  EXPECT_EQ(third.update().uuid(), starting.uuid());
}

TEST_F(ClusterTest, TeardownEndsStreamAndTasks) {
  begin();
  Framework framework(cluster_->port());
  const auto offer = framework.offer();
  framework.launch(offer, {shell_task("t", offer, "echo $$ > pid; sleep 600")});
  while (framework.update().state() == mesos::v1::TASK_STAGING) {
  }
  EXPECT_EQ(framework.simple(Call::TEARDOWN).status, 202U);
  EXPECT_TRUE(framework.ends());
  // All of it is free again for the next one.
  Framework next(cluster_->port());
  EXPECT_DOUBLE_EQ(next.offer().resources(0).scalar().value(), 4);
}

TEST_F(ClusterTest, AGoneFrameworkLeavesNothing) {
  begin();
  {
    Framework framework(cluster_->port());
    const auto offer = framework.offer();
    framework.launch(offer, {shell_task("t", offer, "sleep 600")});
    framework.disconnect();
  }
  Framework next(cluster_->port());
  double cpus = 0;
  while (cpus < 4) {
    cpus += next.offer().resources(0).scalar().value();
  }
  EXPECT_DOUBLE_EQ(cpus, 4);
}

TEST_F(ClusterTest, Heartbeats) {
  ClusterConfig config = quick();
  config.agents = 0;
  config.heartbeat_interval = std::chrono::milliseconds(20);
  begin(config);
  Framework framework(cluster_->port());
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(parse_record(framework.stream().read_chunk().value()).type(), Event::HEARTBEAT);
  }
}

TEST_F(ClusterTest, StopEndsEverything) {
  begin();
  const std::string work_dir = cluster_->work_dir();
  Framework framework(cluster_->port());
  const auto offer = framework.offer();
  framework.launch(offer, {shell_task("t", offer, "sleep 600")});
  const TaskStatus starting = framework.update();
  const auto pid = static_cast<pid_t>(starting.container_status().executor_pid());
  EXPECT_EQ(::kill(pid, 0), 0);
  cluster_->stop();
  EXPECT_NE(::kill(pid, 0), 0);
  EXPECT_FALSE(std::filesystem::exists(work_dir));
  EXPECT_EQ(cluster_->port(), 0);
  EXPECT_EQ(cluster_->url(), "");
  EXPECT_THROW(static_cast<void>(framework.ends()),
               std::runtime_error);  // without a last chunk, as a master that dies
  cluster_->stop();
  EXPECT_EQ(cluster_->start().code, errc::stopped);
}

TEST_F(ClusterTest, TasksFailWhenTheHelperThatRunsThemIsKilled) {
  begin();
  Framework framework(cluster_->port());
  const auto offer = framework.offer();
  framework.launch(offer, {shell_task("t", offer, "sleep 600")});
  const TaskStatus starting = framework.update();
  framework.acknowledge(starting);
  std::ifstream stat("/proc/" + std::to_string(starting.container_status().executor_pid()) + "/stat");
  std::string word;
  pid_t helper = 0;
  stat >> word >> word >> word >> helper;
  ASSERT_GT(helper, 1);
  ASSERT_EQ(::kill(helper, SIGKILL), 0);
  const auto seen = framework.follow("t");
  EXPECT_EQ(seen.back().state(), mesos::v1::TASK_FAILED);
  EXPECT_EQ(seen.back().reason(), TaskStatus::REASON_EXECUTOR_TERMINATED);
  EXPECT_EQ(seen.back().source(), TaskStatus::SOURCE_AGENT);
  EXPECT_THAT(seen.back().message(), HasSubstr("Executor terminated: "));
  // What is launched from now on fails too, and says so.
  const auto next = framework.offer();
  framework.launch(next, {shell_task("u", next, "true")});
  const auto failed = framework.follow("u");
  EXPECT_EQ(failed.back().reason(), TaskStatus::REASON_CONTAINER_LAUNCH_FAILED);
}

TEST_F(ClusterTest, StopFromManyThreads) {
  begin();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this] {
      static_cast<void>(cluster_->url());
      cluster_->stop();
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(cluster_->port(), 0);
}

TEST_F(ClusterTest, AKeptWorkDirectory) {
  std::string dir = "/tmp/mesosio-test-XXXXXX";
  ASSERT_NE(mkdtemp(dir.data()), nullptr);
  ClusterConfig config = quick();
  config.work_dir = dir + "/new/dir";
  begin(config);
  cluster_->stop();
  EXPECT_TRUE(std::filesystem::is_directory(dir + "/new/dir"));
  std::filesystem::remove_all(dir);
}

TEST_F(ClusterTest, TwoClustersDoNotKnowEachOther) {
  begin();
  Cluster other(quick());
  ASSERT_FALSE(other.start());
  EXPECT_NE(other.port(), cluster_->port());
  Framework here(cluster_->port());
  Framework there(other.port());
  EXPECT_NE(here.offer().id().value(), there.offer().id().value());
}

TEST_F(ClusterTest, BadConfigurationsSayWhatIsWrong) {
  begin();
  const auto error_of = [](auto change) {
    ClusterConfig config;
    change(config);
    Cluster cluster(config);
    Error error = cluster.start();
    EXPECT_EQ(cluster.port(), 0);
    return error;
  };
  Error error = error_of([&](ClusterConfig& config) { config.port = cluster_->port(); });
  EXPECT_EQ(error.code, errc::connect_failed);
  EXPECT_THAT(error.message, HasSubstr(std::to_string(cluster_->port()) + ": Address already in use"));
  error = error_of([](ClusterConfig& config) { config.resources = "cpus:4;mem=5"; });
  EXPECT_EQ(error.code, errc::invalid_argument);
  EXPECT_THAT(error.message, HasSubstr("'mem=5'"));
  error = error_of([](ClusterConfig& config) { config.agent_configs = {{"cpus:x", "", ""}}; });
  EXPECT_THAT(error.message, HasSubstr("'cpus:x'"));
  error = error_of([](ClusterConfig& config) { config.task_helper = "/nonexistent/helper"; });
  EXPECT_THAT(error.message, HasSubstr("/nonexistent/helper"));
  error = error_of([](ClusterConfig& config) { config.address = "localhost"; });
  EXPECT_THAT(error.message, HasSubstr("localhost"));
  error = error_of([](ClusterConfig& config) { config.address = "192.0.2.1"; });
  EXPECT_THAT(error.message, HasSubstr("192.0.2.1"));
  error = error_of([](ClusterConfig& config) { config.work_dir = "/dev/null/x"; });
  EXPECT_THAT(error.message, HasSubstr("/dev/null/x"));
  error = error_of([](ClusterConfig& config) { config.heartbeat_interval = std::chrono::milliseconds(0); });
  EXPECT_THAT(error.message, HasSubstr("heartbeat_interval"));
  error = error_of([](ClusterConfig& config) { config.agents = 1001; });
  EXPECT_THAT(error.message, HasSubstr("1001"));
  EXPECT_EQ(cluster_->start().code, errc::already_running);
}

TEST(ClusterLifeTest, AFailedStartCanBeTriedAgain) {
  Cluster first;
  ASSERT_FALSE(first.start());
  ClusterConfig config;
  config.port = first.port();
  Cluster second(config);
  EXPECT_TRUE(second.start());
  second.stop();
  first.stop();
  EXPECT_FALSE(second.start());
  EXPECT_EQ(second.port(), config.port);
}

TEST_F(ClusterTest, ManyTasksAtOnce) {
  ClusterConfig config = quick();
  config.agents = 2;
  config.resources = "cpus:100;mem:10000";
  begin(config);
  Framework framework(cluster_->port());
  const Event event = framework.next(Event::OFFERS);
  for (const auto& offer : event.offers().offers()) {
    std::vector<mesos::v1::TaskInfo> tasks;
    for (int i = 0; i < 50; ++i) {
      tasks.push_back(shell_task(offer.id().value() + '-' + std::to_string(i), offer, "true"));
    }
    framework.launch(offer, tasks);
  }
  int finished = 0;
  while (finished < 100) {
    const TaskStatus status = framework.update();
    framework.acknowledge(status);
    ASSERT_NE(status.state(), mesos::v1::TASK_FAILED) << status.message();
    finished += status.state() == mesos::v1::TASK_FINISHED ? 1 : 0;
  }
}

}  // namespace
}  // namespace mesosio::local::test
