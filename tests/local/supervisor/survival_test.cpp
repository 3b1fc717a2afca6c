// Nothing survives: not the end of the embedding process, whatever the way, nor the end of the helper.
#include "local/supervisor/fixture.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <map>
#include <sstream>

namespace mesosio::local::test {
namespace {

using testing::HasSubstr;

// The embedder as a child of this process, with the processes of which it told, all of them opened while they
// lived.
class Embedder {
 public:
  explicit Embedder(const char* way) {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) return;
    pid_ = ::fork();
    if (pid_ == 0) {
      const rlimit no_core{0, 0};
      ::setrlimit(RLIMIT_CORE, &no_core);
      ::dup2(in[0], STDIN_FILENO);
      ::dup2(out[1], STDOUT_FILENO);
      ::execl(SUPERVISOR_EMBEDDER, "supervisor_embedder", way, nullptr);
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    answer_ = in[1];
    std::FILE* lines = ::fdopen(out[0], "r");
    std::array<char, 64> word{};
    for (int number = 0;
         std::fscanf(lines, "%63s %d", word.data(), &number) == 2 && word.data() != std::string("ready");) {
      processes.emplace(word.data(), number);
    }
    std::fclose(lines);
  }
  ~Embedder() {
    ::close(answer_);
    if (!ended_) kill();
  }
  Embedder(const Embedder&) = delete;
  Embedder& operator=(const Embedder&) = delete;

  void go_on() { EXPECT_EQ(::write(answer_, "\n", 1), 1); }
  int kill() {
    ::kill(pid_, SIGKILL);
    return wait();
  }
  int wait() {
    int status = 0;
    EXPECT_EQ(::waitpid(pid_, &status, 0), pid_);
    ended_ = true;
    return status;
  }
  void expect_all_alive() {
    ASSERT_GE(processes.size(), 7U);
    for (const auto& [word, process] : processes) EXPECT_TRUE(process.alive()) << word;
  }
  void expect_all_end() {
    for (const auto& [word, process] : processes) EXPECT_TRUE(word == "holder" || process.ends()) << word;
  }

  std::map<std::string, Watched> processes;

 private:
  pid_t pid_ = -1;
  int answer_ = -1;
  bool ended_ = false;
};

TEST(SupervisorSurvival, SigkillOfTheEmbeddingProcess) {
  Embedder embedder("wait");
  embedder.expect_all_alive();
  EXPECT_EQ(WTERMSIG(embedder.kill()), SIGKILL);
  embedder.expect_all_end();
}

TEST(SupervisorSurvival, AForkedChildThatHoldsTheSocketDoesNotKeepTasksAlive) {
  Embedder embedder("fork");
  embedder.expect_all_alive();
  embedder.kill();
  embedder.expect_all_end();
  const Watched& holder = embedder.processes.at("holder");
  EXPECT_TRUE(holder.alive());
  ::kill(holder.pid(), SIGKILL);
  EXPECT_TRUE(holder.ends());
}

TEST(SupervisorSurvival, ExitAndAbortOfTheEmbeddingProcess) {
  for (const char* way : {"exit", "abort"}) {
    Embedder embedder(way);
    embedder.expect_all_alive();
    embedder.go_on();
    embedder.wait();
    embedder.expect_all_end();
  }
}

TEST(SupervisorSurvival, SigkillOfTheEmbeddingProcessWithAStoppedWorker) {
  Embedder embedder("wait");
  embedder.expect_all_alive();
  ::kill(embedder.processes.at("worker").pid(), SIGSTOP);
  embedder.kill();
  embedder.expect_all_end();
}

class LostHelper : public SupervisorTest {
 protected:
  void SetUp() override {
    SupervisorTest::SetUp();
    cluster.run(cluster.shell("task", daemon("daemon") +
                                          "echo task $$ > \"$REPORTS\"; "
                                          "sh -c 'echo child $$ > \"$REPORTS\"; exec sleep 1000'; true"));
    for (const char* word : {"task", "daemon", "child"}) {
      ASSERT_TRUE(cluster.wait_for_report(word));
      processes_.emplace(word, cluster.reports[word]);
    }
    const auto guards = children_named(::getpid(), "mesosio-guard");
    ASSERT_EQ(guards.size(), 1U);
    guard_ = guards[0];
    const auto workers = children_named(guard_, "mesosio-reaper");
    ASSERT_EQ(workers.size(), 1U);
    worker_ = workers[0];
    for (const auto& [word, process] : processes_) ASSERT_TRUE(process.alive()) << word;
  }

  void expect_lost(const std::string& cause) {
    ASSERT_TRUE(cluster.wait_for([&] { return !cluster.lost.empty(); }));
    EXPECT_EQ(cluster.lost[0].code, errc::connection_lost);
    EXPECT_THAT(cluster.lost[0].message, HasSubstr("the task helper (process " + std::to_string(guard_) +
                                                   ") is gone, and all tasks with it: it ended " + cause));
    for (const auto& [word, process] : processes_) EXPECT_TRUE(process.ends()) << word;
    // Later launches fail, and it is told once.
    cluster.supervisor->signal("task", SIGTERM);
    cluster.run(cluster.shell("late", "true"));
    ASSERT_TRUE(cluster.wait_for([&] { return cluster.failed.count("late") != 0; }));
    EXPECT_EQ(cluster.failed["late"].code, errc::stopped);
    EXPECT_EQ(cluster.lost.size(), 1U);
    EXPECT_TRUE(cluster.exited.empty());
  }

  std::map<std::string, Watched> processes_;
  pid_t guard_ = -1;
  pid_t worker_ = -1;
};

TEST_F(LostHelper, SigkillOfTheGuard) {
  ::kill(guard_, SIGKILL);
  expect_lost("by signal 9");
}

TEST_F(LostHelper, SigkillOfTheWorker) {
  ::kill(worker_, SIGKILL);
  expect_lost("with exit status");
}

TEST_F(LostHelper, SigtermOfEither) {
  ::kill(worker_, SIGTERM);
  expect_lost("with exit status");
}

TEST_F(LostHelper, SigtermOfTheGuard) {
  ::kill(guard_, SIGTERM);
  expect_lost("with exit status");
}

// Both at one blow is the one case in which daemons cannot be found any more; the tasks themselves die even
// then.
TEST_F(LostHelper, SigkillOfBothStillEndsTheTasks) {
  const Watched daemon = std::move(processes_.at("daemon"));
  const Watched child = std::move(processes_.at("child"));
  processes_.erase("daemon");
  processes_.erase("child");
  ::kill(guard_, SIGSTOP);
  ::kill(worker_, SIGKILL);
  ::kill(guard_, SIGKILL);
  expect_lost("by signal 9");
  for (const Watched* left : {&daemon, &child}) {
    ::kill(left->pid(), SIGKILL);
    EXPECT_TRUE(left->ends());
  }
}

TEST_F(LostHelper, DescendantsDoNotHoldTheSocket) {
  for (const auto& [word, process] : processes_) {
    const std::string fds = "ls -l /proc/" + std::to_string(process.pid()) + "/fd | grep -q socket:";
    EXPECT_NE(::system(fds.c_str()), 0) << word;
  }
}

}  // namespace
}  // namespace mesosio::local::test
