// From a task as the cluster describes it to the request for the helper, and from a failed start back to
// words.
#pragma once

#include "local/reaper/protocol.hpp"
#include "local/task_supervisor.hpp"

#include <cstdint>
#include <string>

namespace mesosio::local::reaper {

// Checks what exec could not express (bytes of value 0, names with '=') and sets `request`.
[[nodiscard]] Error make_launch(const TaskProcess& process, std::uint64_t token, Launch& request);

// The error of a start that failed at `stage` with the errno `error`.
[[nodiscard]] Error start_error(const TaskProcess& process, std::uint8_t stage, int error);

}  // namespace mesosio::local::reaper
