// Bad usage of the `mesosio` command: exit code 2 and one line that says what is wrong and what is expected.
#include "tools/process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace mesosio::tool::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Words = std::vector<std::string>;

Ended mesosio(Words arguments) {
  arguments.insert(arguments.begin(), MESOSIO_COMMAND);
  return run(arguments);
}

struct Mistake {
  Words arguments;
  Words told;
};

void expect_usage_errors(const std::string& start, const std::vector<Mistake>& mistakes) {
  for (const Mistake& mistake : mistakes) {
    const Ended ended = mesosio(mistake.arguments);
    const std::string shown = ::testing::PrintToString(mistake.arguments);
    EXPECT_EQ(ended.status, 2) << shown << ended.error;
    EXPECT_EQ(ended.output, "") << shown;
    EXPECT_EQ(std::count(ended.error.begin(), ended.error.end(), '\n'), 1) << shown << ended.error;
    EXPECT_THAT(ended.error, StartsWith(start)) << shown;
    for (const std::string& part : mistake.told) EXPECT_THAT(ended.error, HasSubstr(part)) << shown;
  }
}

TEST(Usage, OfTheCommandItself) {
  expect_usage_errors("mesosio: ", {
                                       {{}, {"command is missing", "'local', 'run' or 'help'"}},
                                       {{"start"}, {"'start' is not a command", "mesosio --help"}},
                                       {{"help", "start"}, {"'start' is not a command"}},
                                       {{"--port"}, {"'--port' is not a command"}},
                                   });
}

TEST(Usage, OfLocal) {
  expect_usage_errors(
      "mesosio local: ",
      {
          {{"local", "--colour", "red"}, {"--colour", "mesosio local --help"}},
          {{"local", "5050"}, {"'5050' is not an option"}},
          {{"local", "--port", "65536"}, {"--port", "'65536'", "0 (any free port) to 65535"}},
          {{"local", "--port", "http"}, {"'http'", "to 65535"}},
          {{"local", "--port=-1"}, {"'-1'"}},
          {{"local", "--port"}, {"--port", "missing"}},
          {{"local", "--agents", "0"}, {"--agents", "from 1 to 1000"}},
          {{"local", "--agents", "many"}, {"'many'"}},
          {{"local", "--resources", ""}, {"--resources is empty", "cpus:4;mem:4096"}},
          {{"local", "--port", "0", "--resources", "cpus"}, {"--resources: ", "'cpus'", "such as cpus:4"}},
          {{"local", "--port", "0", "--resources", "cpus:x"},
           {"--resources: ", "'cpus:x'", "expected a number"}},
          {{"local", "--port", "0", "--resources", "cpus:-1;mem:32"}, {"--resources: ", "-1"}},
          {{"local", "--port", "0", "--resources", "ports:[2-1"}, {"--resources: ", "closing"}},
          {{"local", "--heartbeat-interval", "15"}, {"'15'", "500ms"}},
          {{"local", "--heartbeat-interval", "0s"}, {"above 0"}},
          {{"local", "--port", "0", "--task-helper", "/nowhere/helper"}, {"/nowhere/helper", "no such file"}},
      });
}

TEST(Usage, OfRun) {
  const auto with = [](const Words& more) {
    Words all{"run", "--master", "127.0.0.1:1", "--name", "n", "--command", "true"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  expect_usage_errors("mesosio run: ",
                      {
                          {{"run"}, {"required", "mesosio run --help"}},
                          {{"run", "--master", "m", "--name", "n"}, {"--command", "required"}},
                          {{"run", "--master", "m", "--command", "c"}, {"--name", "required"}},
                          {{"run", "--name", "n", "--command", "c"}, {"--master", "required"}},
                          {{"run", "--master", "m", "--name", "n", "--command", ""}, {"--command is empty"}},
                          {with({"--tasks", "0"}), {"--tasks: '0'", "from 1 to 100000"}},
                          {with({"--tasks", "1.5"}), {"--tasks: '1.5'"}},
                          {with({"--cpus", "few"}), {"--cpus: 'few'", "2 or 0.5"}},
                          {with({"--mem", "32M"}), {"--mem: '32M'", "512MB"}},
                          {with({"--env", "NAME"}), {"--env: 'NAME'", "NAME=VALUE"}},
                          {with({"--timeout", "60"}), {"--timeout: '60'", "60s"}},
                          {with({"--failover-timeout", "soon"}), {"--failover-timeout: 'soon'"}},
                          {with({"--output", "yaml"}), {"--output: 'yaml'", "'text' or 'json'"}},
                          {with({"--secret-file", "/nowhere"}), {"--principal"}},
                          {with({"stray"}), {"'stray' is not an option"}},
                          {with({"--verbose"}), {"--verbose"}},
                      });
}

TEST(Usage, OfMasterLocations) {
  for (const char* master : {"", "http://", "http://host:0", "host:99999", "host:port", "ftp://host", "a b",
                             "http://user@host:1", "host:5050/path?query", "http://[::1"}) {
    const Ended ended =
        mesosio({"run", "--master", master, "--name", "n", "--command", "true", "--timeout", "60s"});
    EXPECT_EQ(ended.status, 2) << master << ended.error;
    EXPECT_EQ(std::count(ended.error.begin(), ended.error.end(), '\n'), 1) << master << ended.error;
    EXPECT_THAT(ended.error, AllOf(StartsWith("mesosio run: "), HasSubstr("expected"), HasSubstr(master)));
  }
}

TEST(Usage, HelpGoesToStandardOutput) {
  const std::pair<Words, Words> cases[] = {
      {{"--help"}, {"usage: mesosio COMMAND", "local", "run", "SPDLOG_LEVEL"}},
      {{"help"}, {"usage: mesosio COMMAND"}},
      {{"local", "--help"}, {"usage: mesosio local", "--port", "--agents", "--resources", "examples:"}},
      {{"help", "local"}, {"usage: mesosio local"}},
      {{"run", "--help"},
       {"usage: mesosio run", "--master", "--command", "--tasks", "--failover-timeout", "--output",
        "exit status:"}},
      {{"help", "run"}, {"usage: mesosio run"}},
  };
  for (const auto& [arguments, told] : cases) {
    const Ended ended = mesosio(arguments);
    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.error, "");
    for (const std::string& part : told) EXPECT_THAT(ended.output, HasSubstr(part));
    std::string line;
    for (std::istringstream lines(ended.output); std::getline(lines, line);)
      EXPECT_LE(line.size(), 120U) << line;
  }
}

TEST(Usage, Version) {
  const Ended ended = mesosio({"--version"});
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.output, ::testing::MatchesRegex("mesosio [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST(Usage, HelpThatCannotBeWrittenIsAFailure) {
  ProcessOptions options;
  options.output = ProcessOptions::Output::full;
  EXPECT_EQ(run({MESOSIO_COMMAND, "--help"}, options).status, 3);
  EXPECT_EQ(run({MESOSIO_COMMAND, "run", "--help"}, options).status, 3);
}

}  // namespace
}  // namespace mesosio::tool::test
