// What a new process does between fork and exec to become a task.
#pragma once

#include "local/reaper/protocol.hpp"

#include <sys/types.h>

namespace mesosio::local::reaper {

// Written to the start pipe when there was no exec; exec itself closes the pipe.
struct StartFailure {
  Stage stage = Stage::process;
  int error = 0;
};

// Runs in the forked process. `worker` is its parent.
[[noreturn]] void become_task(const Launch& request, pid_t worker, int start_pipe);

}  // namespace mesosio::local::reaper
