// From the command line of `mesosio run` to what is sent.
#include "tools/run_options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mesosio::tool {
namespace {

using ::testing::HasSubstr;

RunOptions read(Arguments more) {
  Arguments all{"--master", "m:5050", "--name", "n", "--command", "echo hi"};
  all.insert(all.end(), more.begin(), more.end());
  CommandLine line = make_run_command_line();
  EXPECT_TRUE(line.parse(all));
  return read_run_options(line);
}

std::string words(const Arguments& more) {
  try {
    read(more);
  } catch (const UsageError& error) {
    return error.what();
  }
  return {};
}

TEST(RunOptionsTest, Defaults) {
  const RunOptions options = read({});
  EXPECT_EQ(options.tasks, 1U);
  EXPECT_EQ(options.size.cpus, 0.1);
  EXPECT_EQ(options.size.mem, 32);
  EXPECT_EQ(options.failover_timeout, std::chrono::seconds(60));
  EXPECT_FALSE(options.timeout);
  EXPECT_EQ(options.output, OutputFormat::text);

  const SchedulerConfig config = make_scheduler_config(options, "m:5050");
  EXPECT_EQ(config.master, "m:5050");
  EXPECT_EQ(config.framework.name(), "n");
  EXPECT_EQ(config.framework.user(), "");  // the driver takes the current one
  EXPECT_EQ(config.framework.roles(0), "*");
  EXPECT_EQ(config.framework.failover_timeout(), 60);
  EXPECT_FALSE(config.framework.has_principal());
  EXPECT_FALSE(config.credential);
}

TEST(RunOptionsTest, EverythingGiven) {
  const RunOptions options = read({"--tasks",
                                   "7",
                                   "--cpus",
                                   "2",
                                   "--mem",
                                   "1GB",
                                   "--env",
                                   "A=1",
                                   "--env",
                                   "B=",
                                   "--role",
                                   "web",
                                   "--user",
                                   "u",
                                   "--principal",
                                   "p",
                                   "--failover-timeout",
                                   "500ms",
                                   "--timeout",
                                   "2mins",
                                   "--output",
                                   "json"});
  EXPECT_EQ(options.tasks, 7U);
  EXPECT_EQ(options.size.mem, 1024);
  EXPECT_EQ(options.timeout, std::chrono::minutes(2));
  EXPECT_EQ(options.output, OutputFormat::json);

  const SchedulerConfig config = make_scheduler_config(options, "x");
  EXPECT_EQ(config.framework.user(), "u");
  EXPECT_EQ(config.framework.roles(0), "web");
  EXPECT_EQ(config.framework.failover_timeout(), 0.5);
  EXPECT_EQ(config.framework.principal(), "p");

  const TaskInfo task = make_task(options, 6);
  EXPECT_EQ(task.task_id().value(), "task-7");
  EXPECT_EQ(task.command().value(), "echo hi");
  ASSERT_EQ(task.command().environment().variables_size(), 2);
  EXPECT_EQ(task.command().environment().variables(0).name(), "A");
  EXPECT_EQ(task.command().environment().variables(0).value(), "1");
  EXPECT_EQ(task.command().environment().variables(1).value(), "");
}

TEST(RunOptionsTest, Mistakes) {
  EXPECT_THAT(words({"--output", "xml"}), HasSubstr("expected 'text' or 'json'"));
  EXPECT_THAT(words({"--cpus", "0", "--mem", "0"}), HasSubstr("both 0"));
  EXPECT_THAT(words({"--tasks", "0"}), HasSubstr("from 1 to 100000"));
  EXPECT_THAT(words({"--timeout", "0s"}), HasSubstr("above 0"));
  EXPECT_THAT(words({"--role", ""}), HasSubstr("--role is empty"));
  EXPECT_THAT(words({"--user", ""}), HasSubstr("--user is empty"));
  EXPECT_THAT(words({"--secret-file", "/dev/null"}), HasSubstr("without --principal"));
  EXPECT_THAT(words({"--principal", "p", "--secret-file", "/nowhere"}), HasSubstr("/nowhere"));
}

}  // namespace
}  // namespace mesosio::tool
