// stop(): everything is dead when it returns, no handler runs afterwards, and the process around it is left
// alone.
#include "local/supervisor/fixture.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <future>
#include <thread>

namespace mesosio::local::test {
namespace {

TEST_F(SupervisorTest, StopKillsDaemonsAndTasksThatIgnoreSignals) {
  cluster.run(cluster.shell(
      "a", daemon("daemon") + "trap '' TERM HUP INT; echo task $$ > \"$REPORTS\"; exec sleep 1000"));
  cluster.run(cluster.shell("b", daemon("left") + "exec sleep 1000"));
  ASSERT_TRUE(cluster.wait_for_report("daemon") && cluster.wait_for_report("task") &&
              cluster.wait_for_report("left"));
  cluster.supervisor->signal("b", SIGTERM);
  ASSERT_TRUE(cluster.wait_for_exit("b"));
  const Watched daemon(cluster.reports["daemon"]);
  const Watched task(cluster.reports["task"]);
  const Watched left(cluster.reports["left"]);
  const std::vector<pid_t> guards = children_named(::getpid(), "mesosio-guard");
  ASSERT_EQ(guards.size(), 1U);
  ASSERT_TRUE(daemon.alive() && task.alive());
  EXPECT_TRUE(left.alive()) << "a session of its own outlives its task, not the helper";
  cluster.log.clear();
  cluster.supervisor->stop();
  EXPECT_FALSE(daemon.alive());
  EXPECT_FALSE(task.alive());
  EXPECT_FALSE(left.alive());
  EXPECT_TRUE(children_named(::getpid(), "mesosio-guard").empty());
  cluster.io.restart();
  cluster.io.poll();
  EXPECT_TRUE(cluster.log.empty());
  cluster.supervisor->stop();
}

TEST_F(SupervisorTest, StopOutrunsTasksThatForkAllTheTime) {
  // Bounded, should this test fail: each of four tasks starts a thousand daemons, one after the other.
  for (int i = 0; i < 4; ++i) {
    cluster.run(cluster.shell(std::to_string(i),
                              "i=0; while [ $i -lt 1000 ]; do i=$((i+1)); ( setsid sleep 1000 & ); "
                              "[ $i -ne 20 ] || echo storm" +
                                  std::to_string(i) + " $$ > \"$REPORTS\"; done"));
  }
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(cluster.wait_for_report("storm" + std::to_string(i)));
  const Watched guard(children_named(::getpid(), "mesosio-guard").at(0));
  cluster.supervisor->stop();
  EXPECT_FALSE(guard.alive());
  // Orphans of the helper would have gone to a parent above this process, or to this one; none has our pipe
  // in its environment any more.
  EXPECT_EQ(::system(("! grep -qsF '" + cluster.reports.path() + "' /proc/[0-9]*/environ").c_str()), 0);
}

TEST_F(SupervisorTest, StopInsideAHandler) {
  Cluster other;
  std::atomic<int> calls{0};
  TaskSupervisor::Handler handler;
  std::unique_ptr<TaskSupervisor> supervisor;
  handler.started = [&](const std::string&, int) {
    ++calls;
    supervisor.reset();
  };
  handler.exited = [&](const std::string&, int) { ++calls; };
  handler.lost = [&](const Error&) { ++calls; };
  supervisor = std::make_unique<TaskSupervisor>(other.io.get_executor(), std::move(handler));
  ASSERT_FALSE(supervisor->start(""));
  for (int i = 0; i < 10; ++i) supervisor->launch(other.shell(std::to_string(i), "exit 0"));
  ASSERT_TRUE(other.wait_for([&] { return calls > 0; }));
  other.io.poll();
  EXPECT_EQ(calls, 1);
}

TEST_F(SupervisorTest, StopFromAnotherThreadWaitsForTheHandlerThatRuns) {
  boost::asio::io_context io;
  auto work = boost::asio::make_work_guard(io);
  std::thread runner([&] { io.run(); });
  std::promise<void> entered;
  std::promise<void> leave;
  std::atomic<int> calls{0};
  std::atomic<bool> left{false};
  TaskSupervisor::Handler handler;
  handler.started = [&](const std::string&, int) {
    if (++calls > 1) return;
    entered.set_value();
    leave.get_future().wait();
    left = true;
  };
  {
    TaskSupervisor supervisor(io.get_executor(), std::move(handler));
    EXPECT_FALSE(supervisor.start(""));
    for (int i = 0; i < 10; ++i) supervisor.launch(cluster.shell("x" + std::to_string(i), "exec sleep 1000"));
    entered.get_future().wait();
    // Lets the handler go on only when stop() has begun, which start() tells.
    std::thread releaser([&] {
      while (supervisor.start("").code != errc::stopped) std::this_thread::yield();
      leave.set_value();
    });
    supervisor.stop();
    EXPECT_TRUE(left);
    EXPECT_EQ(calls, 1);
    releaser.join();
  }
  work.reset();
  runner.join();
  EXPECT_EQ(calls, 1);
}

TEST(Supervisor, MayBeUsedFromManyThreads) {
  boost::asio::io_context io;
  auto work = boost::asio::make_work_guard(io);
  std::thread runner([&] { io.run(); });
  const Cluster names;
  std::promise<void> all;
  std::atomic<int> ended{0};
  TaskSupervisor::Handler handler;
  handler.exited = [&](const std::string&, int) {
    if (++ended == 40) all.set_value();
  };
  TaskSupervisor supervisor(io.get_executor(), std::move(handler));
  ASSERT_FALSE(supervisor.start(""));
  std::vector<std::thread> users;
  for (int user = 0; user < 4; ++user) {
    users.emplace_back([&, user] {
      for (int i = 0; i < 10; ++i) {
        const std::string id = std::to_string(user) + "." + std::to_string(i);
        supervisor.launch(names.shell(id, "exec sleep 1000"));
        supervisor.signal(id, SIGTERM);
      }
    });
  }
  for (std::thread& user : users) user.join();
  EXPECT_EQ(all.get_future().wait_for(std::chrono::minutes(1)), std::future_status::ready);
  supervisor.stop();
  work.reset();
  runner.join();
}

TEST(Supervisor, LeavesSigchldAndOtherChildrenAlone) {
  struct sigaction before {};
  ::sigaction(SIGCHLD, nullptr, &before);
  const pid_t own = ::fork();
  if (own == 0) ::_exit(42);
  ASSERT_GT(own, 0);
  {
    Cluster cluster;
    ASSERT_FALSE(cluster.supervisor->start(""));
    cluster.run(cluster.shell("a", "exit 1"));
    ASSERT_TRUE(cluster.wait_for_exit("a"));
  }
  struct sigaction after {};
  ::sigaction(SIGCHLD, nullptr, &after);
  EXPECT_EQ(before.sa_handler, after.sa_handler);
  int status = 0;
  EXPECT_EQ(::waitpid(own, &status, 0), own);
  EXPECT_EQ(WEXITSTATUS(status), 42);
}

TEST(Supervisor, WorksWhereSigchldIsIgnored) {
  struct sigaction ignore {};
  struct sigaction before {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGCHLD, &ignore, &before);
  {
    Cluster cluster;
    ASSERT_FALSE(cluster.supervisor->start(""));
    cluster.run(cluster.shell("a", "exit 5"));
    ASSERT_TRUE(cluster.wait_for_exit("a"));
    EXPECT_EQ(WEXITSTATUS(cluster.exited["a"]), 5);
    const Watched guard(children_named(::getpid(), "mesosio-guard").at(0));
    cluster.supervisor->stop();
    EXPECT_FALSE(guard.alive());
  }
  ::sigaction(SIGCHLD, &before, nullptr);
}

TEST(Supervisor, UseOutOfOrderIsAnErrorOrNothing) {
  Cluster cluster;
  cluster.supervisor->signal("a", SIGTERM);
  cluster.run(cluster.shell("a", "true"));
  ASSERT_TRUE(cluster.wait_for([&] { return cluster.failed.count("a") != 0; }));
  EXPECT_EQ(cluster.failed["a"].code, errc::stopped);
  ASSERT_FALSE(cluster.supervisor->start(""));
  EXPECT_EQ(cluster.supervisor->start("").code, errc::already_running);
  cluster.supervisor->stop();
  EXPECT_EQ(cluster.supervisor->start("").code, errc::stopped);
  cluster.log.clear();
  cluster.run(cluster.shell("b", "true"));
  cluster.supervisor->signal("b", SIGTERM);
  cluster.io.restart();
  cluster.io.poll();
  EXPECT_TRUE(cluster.log.empty());
}

}  // namespace
}  // namespace mesosio::local::test
