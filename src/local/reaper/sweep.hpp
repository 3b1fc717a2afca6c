// Ends everything that descends from this process.
#pragma once

namespace mesosio::local::reaper {

// Kills all descendants and collects them; returns when there are none left. This process has to be a
// subreaper, so that it becomes the parent of whatever loses its own, and has to have SIGCHLD blocked. It
// gives up only on processes that it may not signal (a task that became another user by a setuid program).
void kill_descendants();

}  // namespace mesosio::local::reaper
