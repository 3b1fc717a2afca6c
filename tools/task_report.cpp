// Status updates as lines, for people and for programs.
#include "tools/task_report.hpp"

#include <mesosio/error.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/nowide/utf/convert.hpp>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace mesosio::tool {
namespace {

namespace json = boost::json;

std::string source_name(const TaskStatus& status) {
  return status.has_source() ? TaskStatus::Source_Name(status.source()) : std::string();
}

std::string reason_name(const TaskStatus& status) {
  return status.has_reason() ? TaskStatus::Reason_Name(status.reason()) : std::string();
}

json::value text_or_null(bool present, const std::string& text) {
  if (!present) return nullptr;
  return json::string(boost::nowide::utf::convert_string<char>(text.data(), text.data() + text.size()));
}

}  // namespace

std::string to_text(const TaskStatus& status) {
  std::string line = printable(status.task_id().value()) + ' ' + TaskState_Name(status.state());
  if (status.has_reason()) line += ' ' + reason_name(status);
  if (!status.message().empty()) line += ": " + printable(status.message());
  if (status.has_agent_id()) line += " (agent " + printable(status.agent_id().value()) + ')';
  return line;
}

std::string to_json(const TaskStatus& status) {
  json::object object;
  object["task_id"] = text_or_null(true, status.task_id().value());
  object["state"] = TaskState_Name(status.state());
  object["source"] = text_or_null(status.has_source(), source_name(status));
  object["reason"] = text_or_null(status.has_reason(), reason_name(status));
  object["message"] = text_or_null(status.has_message(), status.message());
  object["agent_id"] = text_or_null(status.has_agent_id(), status.agent_id().value());
  const bool timed = status.has_timestamp() && std::isfinite(status.timestamp());
  object["timestamp"] = timed ? json::value(status.timestamp()) : json::value(nullptr);
  return json::serialize(object);
}

bool is_terminal(TaskState state) {
  switch (state) {
    case TASK_FINISHED:
    case TASK_FAILED:
    case TASK_KILLED:
    case TASK_ERROR:
    case TASK_LOST:
    case TASK_DROPPED:
    case TASK_GONE:
    case TASK_GONE_BY_OPERATOR:
      return true;
    default:
      return false;
  }
}

std::string state_word(TaskState state) {
  constexpr std::string_view prefix = "TASK_";
  std::string word = TaskState_Name(state);
  if (word.substr(0, prefix.size()) == prefix) word.erase(0, prefix.size());
  std::transform(word.begin(), word.end(), word.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return word;
}

}  // namespace mesosio::tool
