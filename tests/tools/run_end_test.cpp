// How `mesosio run` ends when it is not left to finish: signals, output that nobody takes, SIGKILL.
#include "support/fake_master.hpp"
#include "tools/process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

namespace mesosio::tool::test {
namespace {

using mesosio::testing::FakeMaster;
using scheduler::Call;
using ::testing::HasSubstr;
using Output = ProcessOptions::Output;
using Words = std::vector<std::string>;

Words run_on(const std::string& master, const std::string& command, const Words& more = {}) {
  Words all{MESOSIO_COMMAND, "run", "--master", master, "--name", "test", "--command", command};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

// So that it tells on standard error when it is subscribed.
ProcessOptions telling() {
  ProcessOptions options;
  options.environment["SPDLOG_LEVEL"] = "info";
  return options;
}

ProcessOptions with_output(Output output) {
  ProcessOptions options;
  options.output = output;
  return options;
}

TEST(RunEnd, SignalsTearTheFrameworkDown) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    FakeMaster master;
    Process run(run_on(master.address(), "true"), telling());
    run.wait_for_error("subscribed as framework fake-0000");
    run.signal(number);
    EXPECT_EQ(run.wait(), 128 + number);
    EXPECT_EQ(master.count(Call::TEARDOWN), 1U);
    EXPECT_THAT(run.error(), HasSubstr("mesosio run: interrupted; 1 task: 1 waiting for resources"));
  }
}

TEST(RunEnd, ASecondSignalDoesNotWaitForTheMaster) {
  FakeMaster master;
  mesosio::testing::FakeAnswer hold;
  hold.kind = mesosio::testing::FakeAnswer::Kind::hold;
  master.answer_next(Call::TEARDOWN, hold);
  Process run(run_on(master.address(), "true"), telling());
  run.wait_for_error("subscribed as framework fake-0000");
  run.signal(SIGINT);
  master.wait_for(Call::TEARDOWN);
  run.signal(SIGINT);
  EXPECT_EQ(run.wait(), -SIGINT);
}

TEST(RunEnd, WithoutAMasterASignalEndsIt) {
  FakeMaster master;
  mesosio::testing::FakeAnswer hold;
  hold.kind = mesosio::testing::FakeAnswer::Kind::hold;
  master.answer_all(hold);
  Process run(run_on(master.address(), "true"));
  master.wait_for(Call::SUBSCRIBE);
  run.signal(SIGTERM);
  EXPECT_EQ(run.wait(), 128 + SIGTERM);
}

TEST(RunEnd, OutputThatNobodyTakesEndsItInOrder) {
  const std::pair<Output, const char*> cases[] = {{Output::broken, "Broken pipe"},
                                                  {Output::full, "No space left on device"},
                                                  {Output::closed, "Bad file descriptor"}};
  for (const auto& [output, words] : cases) {
    const Ended ended = run(run_on("local", "sleep 1000", {"--tasks", "2"}), with_output(output));
    EXPECT_EQ(ended.status, 1) << words;
    EXPECT_THAT(ended.error, HasSubstr(std::string("cannot write to standard output: ") + words));
  }
}

TEST(RunEnd, AReaderThatDoesNotReadHoldsUpNeitherTimeoutNorSignal) {
  const Ended ended =
      run(run_on("local", "sleep 1000", {"--tasks", "3", "--timeout", "5s"}), with_output(Output::stuck));
  EXPECT_EQ(ended.status, 3);
  EXPECT_THAT(ended.error, HasSubstr("out of time after 5 s"));

  Reported reported;
  Process run(run_on("local", reported.command() + "; sleep 1000"), with_output(Output::stuck));
  reported.wait_for_report();
  run.signal(SIGINT);
  EXPECT_EQ(run.wait(), 128 + SIGINT);
  EXPECT_TRUE(reported.all_end());
}

TEST(RunEnd, InterruptedOnItsOwnClusterItLeavesNoTask) {
  Reported reported;
  Process run(run_on("local", reported.command() + "; sleep 1000", {"--tasks", "2"}));
  reported.wait_for_report();
  reported.wait_for_report();
  run.signal(SIGTERM);
  EXPECT_EQ(run.wait(), 128 + SIGTERM);
  EXPECT_TRUE(reported.all_end());
}

TEST(RunEnd, KilledOnItsOwnClusterItLeavesNoTask) {
  Reported reported;
  const std::string daemon = "setsid sh -c '" + reported.command() + "; sleep 1000' & ";
  Process run(run_on("local", daemon + reported.command() + "; sleep 1000"));
  reported.wait_for_report();
  reported.wait_for_report();
  EXPECT_TRUE(reported.alive());
  run.signal(SIGKILL);
  EXPECT_EQ(run.wait(), -SIGKILL);
  EXPECT_TRUE(reported.all_end());
}

}  // namespace
}  // namespace mesosio::tool::test
