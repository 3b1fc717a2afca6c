// Ends everything that descends from this process.
#include "local/reaper/sweep.hpp"

#include "local/reaper/process_tree.hpp"

#include <dirent.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <ctime>
#include <set>
#include <vector>

namespace mesosio::local::reaper {
namespace {

// More than this in one walk is a fork bomb; the caller kills what was found and comes back.
constexpr std::size_t max_walk = 20'000;

// Adds all descendants to `found` and stops the new ones. Each is stopped before its children are read, so
// that it cannot fork away from the walk for ever.
void stop_descendants(std::set<pid_t>& found) {
  const ProcessTree tree(ProcessTree::best_source());
  std::vector<pid_t> queue;
  tree.append_children(::getpid(), queue);
  for (std::size_t i = 0; i < queue.size() && i < max_walk; ++i) {
    const pid_t process = queue[i];
    if (found.insert(process).second) ::kill(process, SIGSTOP);
    tree.append_children(process, queue);
  }
}

// What was born while others were being stopped is found by a further walk; a fork bomb can outrun that too.
std::set<pid_t> freeze() {
  std::set<pid_t> found;
  for (int walk = 0; walk < 10; ++walk) {
    const std::size_t before = found.size();
    stop_descendants(found);
    if (found.size() == before) break;
  }
  return found;
}

enum class Collected { none, some, all };

Collected collect() {
  Collected collected = Collected::none;
  for (;;) {
    const pid_t process = ::waitpid(-1, nullptr, WNOHANG | __WALL);
    if (process > 0) {
      collected = Collected::some;
    } else if (process == 0) {
      return collected;
    } else if (errno != EINTR) {
      return Collected::all;
    }
  }
}

}  // namespace

void kill_descendants() {
  sigset_t child_ended;
  sigemptyset(&child_ended);
  sigaddset(&child_ended, SIGCHLD);
  const timespec pause{0, 10'000'000};
  for (int fruitless = 0; fruitless < 100;) {
    bool killed = false;
    for (const pid_t process : freeze()) killed = ::kill(process, SIGKILL) == 0 || killed;
    const Collected collected = collect();
    if (collected == Collected::all) return;
    fruitless = killed || collected == Collected::some ? 0 : fruitless + 1;
    ::sigtimedwait(&child_ended, nullptr, &pause);
  }
}

}  // namespace mesosio::local::reaper
