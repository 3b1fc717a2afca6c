// The examples, run as a user would run them.
#include "tools/process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

namespace mesosio::tool::test {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

class Examples : public ::testing::Test {
 protected:
  Examples() : cluster_({MESOSIO_COMMAND, "local", "--port", "0"}) {
    const std::string line = cluster_.first_line();
    master_ = line.substr(line.find("http://"));
  }

  Process cluster_;
  std::string master_;
};

TEST_F(Examples, MinimalScheduler) {
  const Ended ended = run({MINIMAL_SCHEDULER, master_});
  EXPECT_EQ(ended.status, 0) << ended.error;
  EXPECT_THAT(ended.output, AllOf(HasSubstr("registered as "), HasSubstr("hello-1: TASK_FINISHED")));
  EXPECT_EQ(ended.error, "");
}

TEST_F(Examples, MinimalSchedulerWithAMasterThatCannotBe) {
  const Ended ended = run({MINIMAL_SCHEDULER, "http://host:port"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.error, HasSubstr("the driver has ended: "));
}

#ifdef COROUTINE_SCHEDULER  // not every compiler has coroutines for Asio
TEST_F(Examples, CoroutineScheduler) {
  const Ended ended = run({COROUTINE_SCHEDULER, master_});
  EXPECT_EQ(ended.status, 0) << ended.error;
  for (const char* task : {"task-1", "task-2", "task-3"}) {
    EXPECT_THAT(ended.output, HasSubstr(task + std::string(": TASK_FINISHED")));
  }
  EXPECT_EQ(ended.error, "");
}
#endif

TEST(Demo, RunsFiftyTasksOnTwoAgents) {
  const Ended ended = run({DEMO});
  EXPECT_EQ(ended.status, 0) << ended.error;
  EXPECT_THAT(ended.output,
              AllOf(HasSubstr("task-50 TASK_FINISHED on agent-"),
                    ContainsRegex("50 of 50 tasks ended in [0-9.]+ s"), ContainsRegex("TASK_FINISHED +50"),
                    ContainsRegex("on agent-one +[1-9]"), ContainsRegex("on agent-two +[1-9]")));
  EXPECT_EQ(ended.output.find('\x1b'), std::string::npos);
}

TEST(Demo, ShowsItselfInPlaceOnATerminal) {
  ProcessOptions options;
  options.terminal = true;
  const Ended ended = run({DEMO}, options);
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.output, AllOf(HasSubstr("\r\x1b[K[#"), HasSubstr("50/50"),
                                  HasSubstr("\r\x1b[K50 of 50 tasks ended in ")));
}

TEST(Demo, EndsInOrderWhenInterrupted) {
  Process demo({DEMO});
  demo.wait_for_output("TASK_RUNNING");
  demo.signal(SIGINT);
  EXPECT_EQ(demo.wait(), 1);
  EXPECT_THAT(demo.output(), HasSubstr(" of 50 tasks ended in "));
}

}  // namespace
}  // namespace mesosio::tool::test
