#include "local/agent.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

namespace mesosio::local {
namespace {

using namespace std::chrono_literals;
using mesos::v1::FrameworkInfo;
using mesos::v1::TaskStatus;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::StartsWith;

// Tells effects in short words, and keeps what the next step needs.
class AgentTest : public ::testing::Test {
 protected:
  static AgentSettings settings() {
    AgentSettings settings;
    settings.id = "S0";
    settings.port = 5050;
    settings.work_dir = "/w";
    settings.user = "me";
    settings.update_retry_interval = 10s;
    settings.seed = 1;
    return settings;
  }

  RunTask order(const std::string& task_id = "t", bool aware = true) {
    auto info = std::make_shared<FrameworkInfo>();
    if (aware) {
      info->add_capabilities()->set_type(FrameworkInfo::Capability::TASK_KILLING_STATE);
      info->add_capabilities()->set_type(FrameworkInfo::Capability::PARTITION_AWARE);
    }
    RunTask run{"S0", "F", info, {}};
    run.task.set_name(task_id);
    run.task.mutable_task_id()->set_value(task_id);
    run.task.mutable_command()->set_value("sleep 9");
    return run;
  }

  std::vector<std::string> told(AgentEffects effects) {
    std::vector<std::string> out;
    for (AgentEffect& effect : effects) {
      if (auto* update = std::get_if<ForwardUpdate>(&effect)) {
        out.push_back(mesos::v1::TaskState_Name(update->status.state()) + "/" +
                      mesos::v1::TaskState_Name(update->latest_state));
        status_ = update->status;
      } else if (auto* start = std::get_if<StartProcess>(&effect)) {
        process_ = start->process;
        out.push_back("start");
      } else if (auto* signal = std::get_if<SignalProcess>(&effect)) {
        EXPECT_EQ(signal->id, process_.id);
        out.push_back(signal->signal == SIGTERM ? "TERM" : signal->signal == SIGKILL ? "KILL" : "?");
      } else {
        out.push_back("stderr: " + std::get<WriteError>(effect).line);
      }
    }
    return out;
  }
  template <class Step>
  std::vector<std::string> after(Step step) {
    AgentEffects effects;
    step(effects);
    return told(std::move(effects));
  }
  std::vector<std::string> run(const RunTask& what) {
    return after([&](auto& out) { agent_.run(what, now_, out); });
  }
  std::vector<std::string> started(int pid = 77) {
    return after([&](auto& out) { agent_.process_started(process_.id, pid, now_, out); });
  }
  std::vector<std::string> exited(int status) {
    return after([&](auto& out) { agent_.process_exited(process_.id, status, now_, out); });
  }
  std::vector<std::string> kill(std::optional<std::chrono::nanoseconds> grace = {}) {
    return after([&](auto& out) { agent_.kill({"S0", "F", "t", grace}, now_, out); });
  }
  std::vector<std::string> acknowledge() {
    const std::string uuid = status_.uuid();
    return after([&](auto& out) {
      agent_.acknowledge({"S0", "F", status_.task_id().value(), uuid}, now_, out);
    });
  }
  std::vector<std::string> pass(Duration time) {
    now_.steady += time;
    return after([&](auto& out) { agent_.tick(now_, out); });
  }

  Now now_{TimePoint{} + 1h, 1000.5};
  Agent agent_{settings()};
  TaskProcess process_;
  TaskStatus status_;
};

TEST_F(AgentTest, RunsATaskAndReportsEachStateOnceAcknowledged) {
  EXPECT_THAT(run(order()), ElementsAre("start"));
  EXPECT_EQ(process_.directory, "/w/slaves/S0/frameworks/F/executors/t/runs/" + process_.id);
  EXPECT_EQ(process_.output_file, process_.directory + "/stdout");
  EXPECT_TRUE(process_.shell);
  EXPECT_THAT(process_.environment, Contains(Pair("MESOS_TASK_ID", "t")));
  EXPECT_THAT(process_.environment, Contains(Pair("MESOS_SANDBOX", process_.directory)));
  EXPECT_THAT(process_.environment, Contains(Pair("MESOS_SLAVE_PID", "slave(1)@127.0.0.1:5050")));

  EXPECT_THAT(started(), ElementsAre("TASK_STARTING/TASK_STARTING"));
  EXPECT_EQ(status_.container_status().executor_pid(), 77U);
  EXPECT_EQ(status_.container_status().container_id().value(), process_.id);
  EXPECT_EQ(status_.source(), TaskStatus::SOURCE_EXECUTOR);
  EXPECT_EQ(status_.executor_id().value(), "t");
  EXPECT_EQ(status_.uuid().size(), 16U);
  EXPECT_DOUBLE_EQ(status_.timestamp(), 1000.5);
  EXPECT_FALSE(status_.has_message());
  EXPECT_FALSE(status_.has_reason());
  EXPECT_THAT(acknowledge(), ElementsAre("TASK_RUNNING/TASK_RUNNING"));
  EXPECT_THAT(acknowledge(), IsEmpty());
  EXPECT_THAT(exited(0), ElementsAre("TASK_FINISHED/TASK_FINISHED"));
  EXPECT_EQ(status_.message(), "Command exited with status 0");
  EXPECT_EQ(agent_.running(), 0U);
  EXPECT_THAT(acknowledge(), IsEmpty());
  EXPECT_EQ(agent_.next_deadline(), TimePoint::max());
}

TEST_F(AgentTest, RepeatsUntilAcknowledgedAndWaitsLongerEachTime) {
  run(order());
  started();
  const std::string uuid = status_.uuid();
  EXPECT_EQ(agent_.next_deadline(), now_.steady + 10s);
  EXPECT_THAT(pass(9999ms), IsEmpty());
  EXPECT_THAT(exited(7 << 8), IsEmpty());
  // What is repeated is the oldest; what the agent knows is the newest.
  EXPECT_THAT(pass(1ms), ElementsAre("TASK_STARTING/TASK_FAILED"));
  EXPECT_EQ(status_.uuid(), uuid);
  EXPECT_THAT(pass(10s), IsEmpty());
  EXPECT_THAT(pass(10s), ElementsAre("TASK_STARTING/TASK_FAILED"));
  // A wrong uuid is no acknowledgement, nor is that of another task.
  AgentEffects effects;
  agent_.acknowledge({"S0", "F", "t", std::string(16, 'x')}, now_, effects);
  agent_.acknowledge({"S0", "F", "u", uuid}, now_, effects);
  agent_.acknowledge({"S0", "G", "t", uuid}, now_, effects);
  EXPECT_THAT(told(effects), IsEmpty());
  EXPECT_THAT(acknowledge(), ElementsAre("TASK_RUNNING/TASK_FAILED"));
  EXPECT_THAT(pass(10s), ElementsAre("TASK_RUNNING/TASK_FAILED"));
  EXPECT_THAT(acknowledge(), ElementsAre("TASK_FAILED/TASK_FAILED"));
  EXPECT_EQ(status_.message(), "Command exited with status 7");
  for (int i = 0; i < 12; ++i) {
    pass(24h);
  }
  EXPECT_EQ(agent_.next_deadline(), now_.steady + 10min);
}

TEST_F(AgentTest, ResendsAtOnceWhenTheFrameworkComesBack) {
  run(order());
  started();
  pass(10s);
  EXPECT_THAT(after([&](auto& out) {
                agent_.resend({"S0", "F"}, now_, out);
              }),
              ElementsAre("TASK_STARTING/TASK_RUNNING"));
  EXPECT_EQ(agent_.next_deadline(), now_.steady + 10s);
  EXPECT_THAT(after([&](auto& out) { agent_.resend({"S0", "G"}, now_, out); }), IsEmpty());
}

TEST_F(AgentTest, KillsWithGrace) {
  run(order());
  started();
  acknowledge();
  acknowledge();
  EXPECT_THAT(kill(), ElementsAre("TASK_KILLING/TASK_KILLING", "TERM"));
  acknowledge();
  EXPECT_THAT(pass(2999ms), IsEmpty());
  EXPECT_THAT(pass(1ms), ElementsAre("KILL"));
  EXPECT_THAT(exited(SIGKILL), ElementsAre("TASK_KILLED/TASK_KILLED"));
  EXPECT_EQ(status_.message(), "Command terminated with signal Killed");
  EXPECT_THAT(kill(), IsEmpty());
}

TEST_F(AgentTest, TheCallsGraceWinsOverTheTasks) {
  RunTask what = order();
  what.task.mutable_kill_policy()->mutable_grace_period()->set_nanoseconds(60'000'000'000);
  run(what);
  started();
  EXPECT_THAT(kill(1s), ElementsAre("TERM"));  // TASK_KILLING waits for its predecessors
  EXPECT_THAT(pass(1s), ElementsAre("KILL"));
}

TEST_F(AgentTest, ASecondKillOnlyShortens) {
  RunTask what = order("t", false);
  what.task.mutable_kill_policy()->mutable_grace_period()->set_nanoseconds(5'000'000'000);
  run(what);
  started();
  EXPECT_THAT(kill(), ElementsAre("TERM"));
  EXPECT_THAT(kill(1h), IsEmpty());
  EXPECT_THAT(kill(1s), IsEmpty());
  EXPECT_THAT(pass(1s), ElementsAre("KILL"));
  // A framework that does not know TASK_KILLING never hears of it.
  exited(SIGKILL);
  std::vector<std::string> rest;
  for (int i = 0; i < 3; ++i) {
    for (auto& word : acknowledge()) {
      rest.push_back(word);
    }
  }
  EXPECT_THAT(rest, ElementsAre("TASK_RUNNING/TASK_KILLED", "TASK_KILLED/TASK_KILLED"));
}

TEST_F(AgentTest, AKillBeforeTheStartWaitsForIt) {
  run(order());
  EXPECT_THAT(kill(), IsEmpty());
  EXPECT_THAT(started(), ElementsAre("TASK_STARTING/TASK_STARTING", "TERM"));
  EXPECT_THAT(exited(0), IsEmpty());
  acknowledge();
  EXPECT_THAT(acknowledge(), ElementsAre("TASK_KILLING/TASK_KILLED"));
}

TEST_F(AgentTest, ANegativeOrHugeGraceIsNoTrap) {
  RunTask what = order();
  what.task.mutable_kill_policy()->mutable_grace_period()->set_nanoseconds(-5);
  run(what);
  started();
  EXPECT_THAT(kill(), ElementsAre("TERM"));
  EXPECT_THAT(pass(0s), ElementsAre("KILL"));

  agent_ = Agent(settings());
  what.task.mutable_kill_policy()->mutable_grace_period()->set_nanoseconds(INT64_MAX);
  run(what);
  started();
  EXPECT_THAT(kill(), ElementsAre("TERM"));
  EXPECT_GT(agent_.next_deadline(), now_.steady);
}

TEST_F(AgentTest, EndsWhatTakesTooLong) {
  RunTask what = order();
  what.task.mutable_max_completion_time()->set_nanoseconds(1'000'000'000);
  run(what);
  started();
  acknowledge();
  acknowledge();
  EXPECT_THAT(pass(1s), ElementsAre("TERM"));
  EXPECT_THAT(exited(SIGTERM), ElementsAre("TASK_FAILED/TASK_FAILED"));
  EXPECT_EQ(status_.reason(), TaskStatus::REASON_MAX_COMPLETION_TIME_REACHED);
  EXPECT_EQ(status_.message(), "Command terminated with signal Terminated");
}

TEST_F(AgentTest, ACommandThatIsNotThereFailsAsOneThatExits) {
  run(order());
  EXPECT_THAT(after([&](auto& out) { agent_.process_failed(process_.id, "no such file", now_, out); }),
              ElementsAre("stderr: no such file", "TASK_STARTING/TASK_STARTING"));
  EXPECT_THAT(acknowledge(), ElementsAre("TASK_RUNNING/TASK_FAILED"));
  EXPECT_THAT(acknowledge(), ElementsAre("TASK_FAILED/TASK_FAILED"));
  EXPECT_EQ(status_.message(), "Command exited with status 1");
}

TEST_F(AgentTest, RefusesWhatItCannotRun) {
  RunTask what = order();
  what.task.mutable_command()->add_uris()->set_value("/nonexistent/file");
  EXPECT_THAT(run(what), ElementsAre("TASK_FAILED/TASK_FAILED"));
  EXPECT_EQ(status_.source(), TaskStatus::SOURCE_AGENT);
  EXPECT_EQ(status_.reason(), TaskStatus::REASON_CONTAINER_LAUNCH_FAILED);
  EXPECT_THAT(status_.message(), HasSubstr("'/nonexistent/file'"));
  EXPECT_FALSE(status_.has_container_status());

  what = order("u");
  what.task.mutable_command()->set_user("somebody");
  EXPECT_THAT(run(what), ElementsAre("TASK_DROPPED/TASK_DROPPED"));
  EXPECT_EQ(status_.reason(), TaskStatus::REASON_EXECUTOR_TERMINATED);
  EXPECT_THAT(status_.message(), HasSubstr("user 'somebody'"));
  what = order("v", false);
  what.task.mutable_command()->set_user("somebody");
  EXPECT_THAT(run(what), ElementsAre("TASK_LOST/TASK_LOST"));
  what.task.mutable_task_id()->set_value("w");
  what.task.mutable_command()->set_user("me");
  EXPECT_THAT(run(what), ElementsAre("start"));

  what = order("x");
  what.task.mutable_container()->set_type(mesos::v1::ContainerInfo::DOCKER);
  EXPECT_THAT(run(what), ElementsAre("TASK_FAILED/TASK_FAILED"));
}

TEST_F(AgentTest, WithoutASandboxThereIsNoContainer) {
  run(order());
  EXPECT_THAT(after([&](auto& out) { agent_.container_failed(process_.id, "disk full", now_, out); }),
              ElementsAre("TASK_FAILED/TASK_FAILED"));
  EXPECT_EQ(status_.message(), "Failed to launch container: disk full");
  EXPECT_EQ(agent_.running(), 0U);
}

TEST_F(AgentTest, AShutDownFrameworkHearsNothingMore) {
  run(order());
  started();
  EXPECT_THAT(after([&](auto& out) { agent_.shutdown({"S0", "F"}, now_, out); }), ElementsAre("TERM"));
  EXPECT_THAT(pass(3s), ElementsAre("KILL"));
  EXPECT_THAT(exited(SIGKILL), IsEmpty());
  EXPECT_EQ(agent_.running(), 0U);
  EXPECT_EQ(agent_.next_deadline(), TimePoint::max());

  run(order());
  after([&](auto& out) { agent_.shutdown({"S0", "F"}, now_, out); });
  EXPECT_THAT(started(), ElementsAre("TERM"));
  EXPECT_THAT(kill(), IsEmpty());
}

TEST_F(AgentTest, SaysThatChecksAreNotRun) {
  RunTask what = order();
  what.task.mutable_health_check();
  EXPECT_THAT(run(what), ElementsAre("start", StartsWith("stderr: ")));
}

TEST_F(AgentTest, UnknownProcessesAreNothing) {
  process_.id = "unknown";
  EXPECT_THAT(started(), IsEmpty());
  EXPECT_THAT(exited(0), IsEmpty());
}

TEST(CommandProcess, ArgvAndVariables) {
  mesos::v1::TaskInfo task;
  auto& command = *task.mutable_command();
  command.set_shell(false);
  command.set_value("/bin/echo");
  command.add_arguments("echo");
  command.add_arguments("a b");
  for (const auto& [name, value] : {std::pair("PATH", "/mine"), std::pair("X", "1"), std::pair("X", "2")}) {
    auto& variable = *command.mutable_environment()->add_variables();
    variable.set_name(name);
    variable.set_value(value);
  }
  const TaskProcess process = command_process(task, {"S0", "", "", "F", "c", "/s"});
  EXPECT_FALSE(process.shell);
  EXPECT_THAT(process.arguments, ElementsAre("echo", "a b"));
  EXPECT_THAT(process.environment, Contains(Pair("PATH", "/mine")));
  EXPECT_THAT(process.environment, Contains(Pair("X", "2")));
}

TEST(DescribeEnd, InMesosWords) {
  EXPECT_EQ(describe_end(0), "Command exited with status 0");
  EXPECT_EQ(describe_end(255 << 8), "Command exited with status 255");
  EXPECT_EQ(describe_end(SIGTERM), "Command terminated with signal Terminated");
  EXPECT_EQ(describe_end(SIGSEGV | 0x80), "Command terminated with signal Segmentation fault (core dumped)");
}

}  // namespace
}  // namespace mesosio::local
