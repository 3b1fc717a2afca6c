// Helpers that are none: each gives one clear error, at once, and leaves no child.
#include "local/reaper/helper_path.hpp"
#include "local/reaper/helper_process.hpp"
#include "local/supervisor/fixture.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>

namespace mesosio::local::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using namespace std::chrono_literals;

class WrongHelper : public testing::Test {
 protected:
  std::string script(const std::string& text) {
    std::string path = directory_ / "helper";
    std::ofstream(path) << "#!/bin/sh\n" << text << "\n";
    ::chmod(path.c_str(), 0755);
    return path;
  }

  Error start(const std::string& path) {
    Cluster cluster;
    Error error = cluster.supervisor->start(path);
    EXPECT_TRUE(children_named(::getpid(), "helper").empty());
    return error;
  }

  TemporaryDirectory directory_;
};

TEST_F(WrongHelper, IsMissing) {
  const Error error = start(directory_ / "missing");
  EXPECT_EQ(error.code, errc::invalid_argument);
  EXPECT_THAT(error.message, AllOf(HasSubstr("given by option"), HasSubstr("no such file"),
                                   HasSubstr("mesosio-task-reaper")));
}

TEST_F(WrongHelper, CannotBeRun) {
  const std::string path = directory_ / "helper";
  std::ofstream(path) << "\x7F"
                         "ELF, but no program\n";
  ::chmod(path.c_str(), 0755);
  const Error error = start(path);
  EXPECT_EQ(error.code, errc::connect_failed);
  EXPECT_THAT(error.message, AllOf(HasSubstr(path), HasSubstr("cannot be run: Exec format error")));
}

TEST_F(WrongHelper, EndsAtOnce) {
  const Error error = start(script("exit 3"));
  EXPECT_EQ(error.code, errc::connect_failed);
  EXPECT_THAT(error.message, HasSubstr("ended instead of answering; expected mesosio-task-reaper"));
}

TEST_F(WrongHelper, SaysSomethingElse) {
  EXPECT_THAT(start(script("echo hello, this is long enough >&3; exec sleep 1000")).message,
              HasSubstr("answered with something else"));
}

TEST_F(WrongHelper, SpeaksAnotherVersion) {
  EXPECT_THAT(start(script(R"(printf '\005\000\000\000\002\011\000\000\000' >&3; exec sleep 1000)")).message,
              HasSubstr("speaks version 9 of the protocol, not 1"));
}

TEST_F(WrongHelper, SaysNothing) {
  reaper::HelperProcess helper;
  const Error error = helper.start(script("exec sleep 1000"), 50ms);
  EXPECT_EQ(error.code, errc::connect_failed);
  EXPECT_THAT(error.message, AllOf(HasSubstr("did not answer within 50 ms"), HasSubstr("ended by signal 9")));
}

// It greets and then never ends by itself: the limit of end() is what ends it.
TEST_F(WrongHelper, DoesNotEnd) {
  reaper::HelperProcess helper;
  ASSERT_FALSE(
      helper.start(script(R"(printf '\005\000\000\000\002\001\000\000\000' >&3; exec sleep 1000)"), 60s));
  const Watched process(helper.pid());
  ASSERT_TRUE(process.alive());
  helper.end(50ms);
  EXPECT_FALSE(process.alive());
  EXPECT_EQ(helper.ending(), "ended by signal 9");
}

TEST_F(WrongHelper, SendsGarbageLater) {
  Cluster cluster;
  ASSERT_FALSE(cluster.supervisor->start(script(
      R"(printf '\005\000\000\000\002\001\000\000\000' >&3; read line <&3; printf '\377\377\377\377' >&3; read line <&3)")));
  TaskProcess process = cluster.shell("a", "a newline\n");
  cluster.run(process);
  ASSERT_TRUE(cluster.wait_for([&] { return !cluster.lost.empty(); }));
  EXPECT_THAT(cluster.lost[0].message, HasSubstr("it sent what is no report of a task"));
}

TEST_F(WrongHelper, TheHelperByItselfSaysWhatItIs) {
  std::string path;
  ASSERT_FALSE(reaper::find_helper("", path));
  const std::string out = directory_ / "out";
  EXPECT_NE(::system((path + " 3<&- 2> " + out).c_str()), 0);
  EXPECT_THAT(read_file(out), HasSubstr("is started by mesosio's local cluster"));
}

TEST(Supervisor, TheHelperShowsWhatItIs) {
  Cluster cluster;
  ASSERT_FALSE(cluster.supervisor->start(""));
  const auto guards = children_named(::getpid(), "mesosio-guard");
  ASSERT_EQ(guards.size(), 1U);
  EXPECT_THAT(read_file("/proc/" + std::to_string(guards[0]) + "/cmdline"),
              HasSubstr("mesosio-task-reaper: runs the tasks of process " + std::to_string(::getpid())));
  EXPECT_EQ(::getsid(guards[0]), guards[0]) << "a Ctrl-C on the terminal is not for it";
}

}  // namespace
}  // namespace mesosio::local::test
