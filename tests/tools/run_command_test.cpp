// `mesosio run` on a local cluster: what it prints, and what its exit code tells.
#include "tools/process.hpp"

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>

namespace mesosio::tool::test {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using Words = std::vector<std::string>;

Words run_local(const std::string& command, const Words& more = {}) {
  Words all{MESOSIO_COMMAND, "run", "--master", "local", "--name", "test", "--command", command};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

std::vector<boost::json::object> objects(const std::string& output) {
  std::vector<boost::json::object> all;
  std::string line;
  for (std::istringstream lines(output); std::getline(lines, line);) {
    all.push_back(boost::json::parse(line).as_object());
  }
  return all;
}

TEST(RunCommand, RunsATask) {
  const Ended ended = run(run_local("true"));
  EXPECT_EQ(ended.status, 0) << ended.error;
  EXPECT_THAT(ended.output, AllOf(HasSubstr("task-1 TASK_RUNNING"), HasSubstr("task-1 TASK_FINISHED")));
  EXPECT_THAT(ended.error, ContainsRegex("^mesosio run: 1 task: 1 finished in [0-9.]+ m?s"));
}

TEST(RunCommand, RunsManyTasksAndTellsEachUpdateInJson) {
  const Ended ended = run(run_local("true", {"--tasks", "20", "--cpus", "1", "--output", "json"}));
  EXPECT_EQ(ended.status, 0) << ended.error;
  std::map<std::string, std::vector<std::string>> states;
  for (const boost::json::object& object : objects(ended.output)) {
    for (const char* field : {"task_id", "state", "source", "reason", "message", "agent_id"}) {
      EXPECT_TRUE(object.contains(field)) << field;
    }
    EXPECT_TRUE(object.at("agent_id").is_string());
    EXPECT_EQ(object.at("source"), "SOURCE_EXECUTOR");
    states[object.at("task_id").as_string().c_str()].emplace_back(object.at("state").as_string());
  }
  EXPECT_EQ(states.size(), 20U);
  for (const auto& [task, seen] : states) {
    EXPECT_EQ(seen.back(), "TASK_FINISHED") << task;
    EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), seen.size()) << task << " told twice";
  }
}

TEST(RunCommand, AFailedTaskIsExitCodeOne) {
  const Ended ended = run(run_local("exit 3", {"--tasks", "2", "--output", "json"}));
  EXPECT_EQ(ended.status, 1);
  const auto all = objects(ended.output);
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all.back().at("state"), "TASK_FAILED");
  EXPECT_THAT(all.back().at("message").as_string().c_str(), HasSubstr("3"));
  EXPECT_THAT(ended.error, HasSubstr("2 tasks: 2 failed"));
}

TEST(RunCommand, OneFailureAmongSuccessesIsExitCodeOne) {
  // Only the task that makes the directory succeeds.
  std::string directory = ::testing::TempDir() + "mesosio-once-XXXXXX";
  ASSERT_NE(::mkdtemp(directory.data()), nullptr);
  const Ended ended = run(run_local("mkdir " + directory + "/once", {"--tasks", "3"}));
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.error, AllOf(HasSubstr("1 finished"), HasSubstr("2 failed")));
  EXPECT_EQ(run({"/bin/rm", "-r", directory}).status, 0);
}

TEST(RunCommand, PassesTheEnvironmentThatItIsGivenAndNoOther) {
  ProcessOptions options;
  options.environment["MESOSIO_SECRET_OF_THE_CALLER"] = "x";
  const std::string check =
      "test \"$FIRST\" = 'a b' && test \"$SECOND\" = 'x=y' && test \"${EMPTY+set}\" = set && "
      "test -z \"$MESOSIO_SECRET_OF_THE_CALLER\"";
  const Ended ended =
      run(run_local(check, {"--env", "FIRST=a b", "--env", "SECOND=x=y", "--env", "EMPTY="}), options);
  EXPECT_EQ(ended.status, 0) << ended.output << ended.error;
}

TEST(RunCommand, ATaskThatIsLargerThanUsualFitsItsOwnCluster) {
  EXPECT_EQ(run(run_local("true", {"--cpus", "16", "--mem", "32GB"})).status, 0);
}

TEST(RunCommand, OutOfTimeSaysWhatIsMissing) {
  const Ended ended = run(run_local("sleep 1000", {"--tasks", "3", "--cpus", "2", "--timeout", "15s"}));
  EXPECT_EQ(ended.status, 3);
  EXPECT_THAT(ended.error,
              AllOf(HasSubstr("mesosio run: out of time after 15 s: 3 tasks: "),
                    HasSubstr("task-1 (TASK_RUNNING)"), HasSubstr("1 not launched: each needs cpus 2")));
}

TEST(RunCommand, ATerminalShowsProgressInPlace) {
  ProcessOptions options;
  options.terminal = true;
  options.environment["TERM"] = "xterm";
  const Ended ended = run(run_local("true", {"--tasks", "3"}), options);
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.output, AllOf(HasSubstr("\r\x1b[K"), HasSubstr("3/3 ended: 3 finished"),
                                  HasSubstr("\r\x1b[Ktask-1 TASK_FINISHED")));
  // The last line is the summary, whole and by itself.
  EXPECT_THAT(ended.output, ContainsRegex("\x1b\\[Kmesosio run: 3 tasks: 3 finished in [0-9.]+ m?s\r\n$"));

  options.environment["TERM"] = "dumb";
  EXPECT_THAT(run(run_local("true"), options).output, ::testing::Not(HasSubstr("\x1b")));
}

TEST(RunCommand, WithoutATerminalThereIsNoEscape) {
  const Ended ended = run(run_local("true"));
  EXPECT_EQ((ended.output + ended.error).find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace mesosio::tool::test
