// Tasks as they should be: what they are given, what they give back, and which signals reach whom.
#include "local/supervisor/fixture.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace mesosio::local::test {
namespace {

using namespace std::string_literals;

TEST_F(SupervisorTest, RunsShellCommands) {
  cluster.run(cluster.shell("a", "echo one; echo two | tr a-z A-Z; echo bad >&2; pwd"));
  ASSERT_TRUE(cluster.wait_for_exit("a"));
  EXPECT_EQ(cluster.exited["a"], 0);
  EXPECT_EQ(cluster.output("a"), "one\nTWO\n" + cluster.directory.path() + "\n");
  EXPECT_EQ(read_file(cluster.directory / "a.err"), "bad\n");
  EXPECT_GT(cluster.started["a"], 0);
  EXPECT_THAT(cluster.log, testing::ElementsAre("started a", "exited a"));
}

TEST_F(SupervisorTest, RunsProgramsWithTheirArguments) {
  cluster.run(cluster.argv("a", "printf", {"printf", "%s|", "a b", "$HOME", "", "*"}));
  cluster.run(cluster.argv("b", "sh", {"another name", "-c", "echo \"$0\""}));
  cluster.run(cluster.argv("c", "/bin/pwd", {}));
  ASSERT_TRUE(cluster.wait_for_exit("a") && cluster.wait_for_exit("b") && cluster.wait_for_exit("c"));
  EXPECT_EQ(cluster.output("a"), "a b|$HOME||*|");
  EXPECT_EQ(cluster.output("b"), "another name\n");
  EXPECT_EQ(cluster.output("c"), cluster.directory.path() + "\n");
}

TEST_F(SupervisorTest, GivesExactlyTheEnvironmentOfTheTask) {
  TaskProcess process = cluster.argv("a", "env", {"env", "-0"});
  process.environment = {{"PATH", "/usr/bin:/bin"}, {"EMPTY", ""}, {"LINES", "x\ny=z"}, {"UTF", "\xC3\xA9"}};
  cluster.run(process);
  ASSERT_TRUE(cluster.wait_for_exit("a"));
  const std::string expected = "PATH=/usr/bin:/bin\0EMPTY=\0LINES=x\ny=z\0UTF=\xC3\xA9\0"s;
  EXPECT_EQ(cluster.output("a"), expected);

  process = cluster.argv("b", "/usr/bin/env", {"env"});
  process.environment.clear();
  cluster.run(process);
  ASSERT_TRUE(cluster.wait_for_exit("b"));
  EXPECT_EQ(cluster.output("b"), "");
}

TEST_F(SupervisorTest, ReportsHowTasksEnd) {
  cluster.run(cluster.shell("seven", "exit 7"));
  cluster.run(cluster.shell("segv", "kill -SEGV $$"));
  ASSERT_TRUE(cluster.wait_for_exit("seven") && cluster.wait_for_exit("segv"));
  EXPECT_TRUE(WIFEXITED(cluster.exited["seven"]));
  EXPECT_EQ(WEXITSTATUS(cluster.exited["seven"]), 7);
  EXPECT_TRUE(WIFSIGNALED(cluster.exited["segv"]));
  EXPECT_EQ(WTERMSIG(cluster.exited["segv"]), SIGSEGV);
}

TEST_F(SupervisorTest, AppendsToOutputFilesAndReusesIdsOfEndedTasks) {
  for (int round = 0; round < 3; ++round) {
    cluster.exited.clear();
    cluster.run(cluster.shell("a", "echo again"));
    ASSERT_TRUE(cluster.wait_for_exit("a"));
  }
  EXPECT_EQ(cluster.output("a"), "again\nagain\nagain\n");
  TaskProcess silent = cluster.shell("b", "echo nowhere && echo nowhere >&2");
  silent.output_file.clear();
  silent.error_file.clear();
  cluster.run(silent);
  ASSERT_TRUE(cluster.wait_for_exit("b"));
  EXPECT_EQ(cluster.exited["b"], 0);
}

TEST_F(SupervisorTest, ASignalReachesTheWholeGroup) {
  cluster.run(cluster.shell("a", "sh -c 'echo child $$ > \"$REPORTS\"; exec sleep 1000' & wait"));
  ASSERT_TRUE(cluster.wait_for_report("child"));
  const Watched child(cluster.reports["child"]);
  ASSERT_TRUE(child.alive());
  cluster.supervisor->signal("a", SIGTERM);
  ASSERT_TRUE(cluster.wait_for_exit("a"));
  EXPECT_EQ(WTERMSIG(cluster.exited["a"]), SIGTERM);
  EXPECT_TRUE(child.ends());
}

TEST_F(SupervisorTest, ATaskMayHandleSigtermButNotSigkill) {
  cluster.run(cluster.shell("a",
                            "trap 'echo term 1 > \"$REPORTS\"' TERM; echo ready 1 > \"$REPORTS\"; "
                            "while :; do sleep 1000 & wait; done"));
  ASSERT_TRUE(cluster.wait_for_report("ready"));
  cluster.supervisor->signal("a", SIGTERM);
  ASSERT_TRUE(cluster.wait_for_report("term"));
  EXPECT_EQ(cluster.exited.count("a"), 0U);
  cluster.supervisor->signal("a", SIGKILL);
  ASSERT_TRUE(cluster.wait_for_exit("a"));
  EXPECT_EQ(WTERMSIG(cluster.exited["a"]), SIGKILL);
}

TEST_F(SupervisorTest, ASignalRightAfterTheLaunchIsNotLost) {
  for (int i = 0; i < 20; ++i) {
    const std::string id = std::to_string(i);
    cluster.run(cluster.shell(id, "exec sleep 1000"));
    cluster.supervisor->signal(id, SIGTERM);
    ASSERT_TRUE(cluster.wait_for_exit(id));
    EXPECT_EQ(WTERMSIG(cluster.exited[id]), SIGTERM);
  }
}

TEST_F(SupervisorTest, SignalsForUnknownTasksAndUnknownSignalsDoNothing) {
  cluster.run(cluster.shell("a", "read line < gate"));
  ASSERT_EQ(::system(("mkfifo " + cluster.directory.path() + "/gate").c_str()), 0);
  cluster.supervisor->signal("other", SIGKILL);
  cluster.supervisor->signal("a", 12345);
  cluster.supervisor->signal("a", -1);
  cluster.run(cluster.shell("b", "echo > gate"));
  ASSERT_TRUE(cluster.wait_for_exit("a"));
  EXPECT_TRUE(cluster.lost.empty());
}

TEST_F(SupervisorTest, TheRestOfTheGroupDiesWithTheFirstProcess) {
  ASSERT_EQ(::system(("mkfifo " + cluster.directory.path() + "/gate").c_str()), 0);
  cluster.run(cluster.shell("a",
                            "sh -c 'trap \"\" TERM HUP; echo child $$ > \"$REPORTS\"; exec sleep 1000' & "
                            "read line < gate; exit 3"));
  ASSERT_TRUE(cluster.wait_for_report("child"));
  const Watched child(cluster.reports["child"]);
  ASSERT_TRUE(child.alive());
  cluster.run(cluster.shell("b", "echo > gate"));
  ASSERT_TRUE(cluster.wait_for_exit("a"));
  EXPECT_EQ(WEXITSTATUS(cluster.exited["a"]), 3);
  EXPECT_TRUE(child.ends());
}

TEST(Supervisor, TasksInheritNothingFromThisProcess) {
  // What a careless program does: a descriptor without close-on-exec, an ignored and a blocked signal.
  const int leaked = ::fcntl(STDERR_FILENO, F_DUPFD, 100);
  ASSERT_GE(leaked, 100);
  struct sigaction ignore {};
  struct sigaction before {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGUSR2, &ignore, &before);
  sigset_t blocked;
  sigset_t mask;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGUSR1);
  ::pthread_sigmask(SIG_BLOCK, &blocked, &mask);
  {
    Cluster cluster;
    ASSERT_FALSE(cluster.supervisor->start(""));
    cluster.run(cluster.shell("fds", "echo /proc/$$/fd/*"));
    cluster.run(cluster.argv("signals", "grep", {"grep", "-E", "Sig(Blk|Ign):", "/proc/self/status"}));
    cluster.run(cluster.shell("ids", "read line < /proc/$$/stat; set -- $line; echo $$ $5 $6 $7"));
    cluster.run(cluster.argv("input", "readlink", {"readlink", "/proc/self/fd/0"}));
    for (const char* id : {"fds", "signals", "ids", "input"}) ASSERT_TRUE(cluster.wait_for_exit(id));
    const std::string pid = std::to_string(cluster.started["fds"]);
    // The shell itself opens the directory for the pattern.
    const std::string fds = "/proc/" + pid + "/fd/";
    EXPECT_EQ(cluster.output("fds"), fds + "0 " + fds + "1 " + fds + "2 " + fds + "3\n");
    EXPECT_EQ(cluster.output("signals"), "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
    const std::string leader = std::to_string(cluster.started["ids"]);
    EXPECT_EQ(cluster.output("ids"), leader + " " + leader + " " + leader + " 0\n")
        << "group, session, no terminal";
    EXPECT_EQ(cluster.output("input"), "/dev/null\n");
  }
  ::pthread_sigmask(SIG_SETMASK, &mask, nullptr);
  ::sigaction(SIGUSR2, &before, nullptr);
  ::close(leaked);
}

TEST_F(SupervisorTest, ALargeEnvironmentArrivesWhole) {
  TaskProcess process = cluster.argv("a", "env", {"env"});
  for (int i = 0; i < 15; ++i)
    process.environment.emplace_back("BIG" + std::to_string(i), std::string(100'000, 'x'));
  cluster.run(process);
  ASSERT_TRUE(cluster.wait_for_exit("a"));
  EXPECT_EQ(cluster.exited["a"], 0);
  EXPECT_GT(cluster.output("a").size(), 1'500'000U);
}

TEST_F(SupervisorTest, RunsManyTasksAtOnce) {
  constexpr int count = 200;
  const std::string gate = cluster.directory / "gate";
  ASSERT_EQ(::system(("mkfifo " + gate).c_str()), 0);
  // All of them wait at one gate, so they do run at once.
  for (int i = 0; i < count; ++i)
    cluster.run(cluster.shell(std::to_string(i), "read line < gate; exit " + std::to_string(i)));
  ASSERT_TRUE(cluster.wait_for([&] { return cluster.started.size() == count; }));
  EXPECT_TRUE(cluster.exited.empty());
  const int writer = ::open(gate.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(writer, 0);
  const std::string lines(count, '\n');
  ASSERT_EQ(::write(writer, lines.data(), lines.size()), count);
  ASSERT_TRUE(cluster.wait_for([&] { return cluster.exited.size() == count; }));
  for (int i = 0; i < count; ++i) EXPECT_EQ(WEXITSTATUS(cluster.exited[std::to_string(i)]), i);
  ::close(writer);
}

TEST_F(SupervisorTest, ManyShortTasksEachReportBothEnds) {
  constexpr int count = 500;
  for (int i = 0; i < count; ++i) cluster.run(cluster.argv(std::to_string(i), "true", {}));
  ASSERT_TRUE(cluster.wait_for([&] { return cluster.exited.size() == count; }));
  EXPECT_EQ(cluster.started.size(), static_cast<std::size_t>(count));
  EXPECT_TRUE(cluster.failed.empty());
}

}  // namespace
}  // namespace mesosio::local::test
