// Tasks that cannot be started say why, and leave everything else running.
#include "local/supervisor/fixture.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <csignal>
#include <filesystem>

namespace mesosio::local::test {
namespace {

using testing::HasSubstr;

class FailedStart : public SupervisorTest {
 protected:
  std::string message_of(TaskProcess process) {
    cluster.log.clear();
    const std::string id = process.id;
    cluster.run(std::move(process));
    if (!cluster.wait_for([&] { return !cluster.log.empty(); })) return "nothing was told";
    EXPECT_EQ(cluster.log, std::vector<std::string>{"failed " + id});
    EXPECT_TRUE(cluster.failed[id].code);
    return cluster.failed[id].message;
  }

  // Failures that were followed by anything would show up before the end of a task that was launched later.
  void TearDown() override {
    cluster.log.clear();
    cluster.run(cluster.shell("last", "exit 0"));
    ASSERT_TRUE(cluster.wait_for_exit("last"));
    EXPECT_THAT(cluster.log, testing::ElementsAre("started last", "exited last"));
  }
};

TEST_F(FailedStart, WorkingDirectory) {
  TaskProcess process = cluster.shell("a", "true");
  process.directory = cluster.directory / "missing";
  EXPECT_THAT(message_of(process), HasSubstr("working directory '" + process.directory +
                                             "' cannot be entered: No such file or directory"));
}

TEST_F(FailedStart, OutputFiles) {
  TaskProcess process = cluster.shell("a", "true");
  process.output_file = cluster.directory / "missing/out";
  EXPECT_THAT(message_of(process),
              HasSubstr("its output file '" + process.output_file + "' cannot be written: No such"));
  process = cluster.shell("b", "true");
  process.error_file = cluster.directory.path();
  EXPECT_THAT(message_of(process),
              HasSubstr("its error output file '" + process.error_file + "' cannot be written: Is a"));
}

TEST_F(FailedStart, Programs) {
  EXPECT_THAT(
      message_of(cluster.argv("a", "no-such-program", {"x"})),
      HasSubstr("task 'a' was not started: its program 'no-such-program' cannot be run: No such file"));
  EXPECT_THAT(message_of(cluster.argv("b", "/etc/passwd", {})),
              HasSubstr("'/etc/passwd' cannot be run: Permission"));
  TaskProcess process = cluster.argv("c", "true", {});
  process.environment = {{"PATH", cluster.directory.path()}};
  EXPECT_THAT(message_of(process), HasSubstr("'true' cannot be run"))
      << "the PATH of the task, not of this process";
}

TEST_F(FailedStart, TooLargeForExec) {
  TaskProcess process = cluster.shell("a", "true");
  process.environment.emplace_back("BIG", std::string(15U << 20U, 'x'));
  EXPECT_THAT(message_of(process), HasSubstr("cannot run it: Argument list too long"));
}

TEST_F(FailedStart, TooLargeForTheHelper) {
  TaskProcess process = cluster.shell("a", "true");
  process.environment.emplace_back("BIG", std::string(17U << 20U, 'x'));
  EXPECT_THAT(message_of(process), HasSubstr("bytes; expected 16777216 at most"));
}

TEST_F(FailedStart, WhatExecCannotExpress) {
  TaskProcess process = cluster.shell("a", "true");
  process.environment.emplace_back("A=B", "1");
  EXPECT_THAT(message_of(process), HasSubstr("a variable named 'A=B'"));
}

TEST_F(FailedStart, AnIdThatIsInUse) {
  cluster.run(cluster.shell("a", "exec sleep 1000"));
  ASSERT_TRUE(cluster.wait_for([&] { return cluster.started.count("a") != 0; }));
  EXPECT_THAT(message_of(cluster.shell("a", "true")), HasSubstr("another one with this id"));
  cluster.supervisor->signal("a", SIGKILL);
  ASSERT_TRUE(cluster.wait_for_exit("a"));
  EXPECT_EQ(WTERMSIG(cluster.exited["a"]), SIGKILL);
}

// Nobody reads the pipe, so opening it for writing never ends; that is this task's trouble alone.
TEST_F(FailedStart, AStartThatHangsHoldsUpNobodyElse) {
  const std::string pipe = cluster.directory / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  TaskProcess process = cluster.shell("hangs", "true");
  process.output_file = pipe;
  cluster.run(process);
  cluster.run(cluster.shell("b", "exit 4"));
  ASSERT_TRUE(cluster.wait_for_exit("b"));
  EXPECT_EQ(cluster.started.count("hangs"), 0U);
  cluster.supervisor->signal("hangs", SIGKILL);
  ASSERT_TRUE(cluster.wait_for_exit("hangs"));
  EXPECT_EQ(WTERMSIG(cluster.exited["hangs"]), SIGKILL);
}

}  // namespace
}  // namespace mesosio::local::test
