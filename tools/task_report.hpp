// Status updates as lines, for people and for programs, and counts of states.
#pragma once

#include <mesosio/messages.hpp>

#include <string>

namespace mesosio::tool {

// One line for people: task, state, and what is known of the cause. All that a peer said is made printable.
[[nodiscard]] std::string to_text(const TaskStatus& status);

// One JSON object on one line: task_id, state, source, reason, message, agent_id, timestamp. Enumerators by
// name; null for what the status does not have. Bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string to_json(const TaskStatus& status);

// Whether no other state follows. TASK_UNREACHABLE and TASK_UNKNOWN are not such states: the agent may come
// back.
[[nodiscard]] bool is_terminal(TaskState state);

// The state as a word in small letters: finished, gone_by_operator.
[[nodiscard]] std::string state_word(TaskState state);

}  // namespace mesosio::tool
