// Status updates as text and as JSON.
#include "tools/task_report.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <limits>

namespace mesosio::tool {
namespace {

namespace json = boost::json;

TaskStatus failed() {
  TaskStatus status;
  status.mutable_task_id()->set_value("task-1");
  status.set_state(TASK_FAILED);
  status.set_source(TaskStatus::SOURCE_EXECUTOR);
  status.set_reason(TaskStatus::REASON_COMMAND_EXECUTOR_FAILED);
  status.set_message("Command exited with status 3");
  status.mutable_agent_id()->set_value("S0");
  status.set_timestamp(12.5);
  return status;
}

TaskStatus bare() {
  TaskStatus status;
  status.mutable_task_id()->set_value("t");
  status.set_state(TASK_RUNNING);
  return status;
}

TEST(TaskReport, TextForPeople) {
  EXPECT_EQ(to_text(failed()),
            "task-1 TASK_FAILED REASON_COMMAND_EXECUTOR_FAILED: Command exited with status 3 (agent S0)");
  EXPECT_EQ(to_text(bare()), "t TASK_RUNNING");
}

TEST(TaskReport, TextStaysOnOneLineAndIsPrintable) {
  TaskStatus status = bare();
  status.set_message("a\nb\x1b[2J\xFF");
  EXPECT_EQ(to_text(status), "t TASK_RUNNING: a\\x0Ab\\x1B[2J\\xFF");
}

TEST(TaskReport, JsonHasEveryField) {
  const json::object object = json::parse(to_json(failed())).as_object();
  EXPECT_EQ(object.size(), 7U);
  EXPECT_EQ(object.at("task_id"), "task-1");
  EXPECT_EQ(object.at("state"), "TASK_FAILED");
  EXPECT_EQ(object.at("source"), "SOURCE_EXECUTOR");
  EXPECT_EQ(object.at("reason"), "REASON_COMMAND_EXECUTOR_FAILED");
  EXPECT_EQ(object.at("message"), "Command exited with status 3");
  EXPECT_EQ(object.at("agent_id"), "S0");
  EXPECT_EQ(object.at("timestamp"), 12.5);
}

TEST(TaskReport, JsonHasNullForWhatIsNotThere) {
  const json::object object = json::parse(to_json(bare())).as_object();
  EXPECT_EQ(object.size(), 7U);
  for (const char* field : {"source", "reason", "message", "agent_id", "timestamp"}) {
    EXPECT_TRUE(object.at(field).is_null()) << field;
  }
}

TEST(TaskReport, JsonIsJsonWhateverThePeerSent) {
  TaskStatus status = bare();
  status.set_message("line\nquote\" \xFF, \xE2\x82\xAC");
  status.set_timestamp(std::numeric_limits<double>::infinity());
  const std::string line = to_json(status);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const json::object object = json::parse(line).as_object();
  EXPECT_EQ(object.at("message"), "line\nquote\" \xEF\xBF\xBD, \xE2\x82\xAC");
  EXPECT_TRUE(object.at("timestamp").is_null());
}

TEST(TaskReport, EveryStateIsPlaced) {
  for (int number = TaskState_MIN; number <= TaskState_MAX; ++number) {
    if (!TaskState_IsValid(number)) continue;
    const auto state = static_cast<TaskState>(number);
    const bool open = state == TASK_STAGING || state == TASK_STARTING || state == TASK_RUNNING ||
                      state == TASK_KILLING || state == TASK_UNREACHABLE || state == TASK_UNKNOWN;
    EXPECT_EQ(is_terminal(state), !open) << TaskState_Name(state);
  }
  EXPECT_EQ(state_word(TASK_GONE_BY_OPERATOR), "gone_by_operator");
}

}  // namespace
}  // namespace mesosio::tool
