// Ends everything that descends from this process.
#include "local/reaper/sweep.hpp"

#include <dirent.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <ctime>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mesosio::local::reaper {
namespace {

// The entries of a directory whose names are numbers: processes in /proc, threads in /proc/N/task.
std::vector<pid_t> numbered_entries(const std::string& directory) {
  std::vector<pid_t> numbers;
  const auto close = [](DIR* open) { ::closedir(open); };
  const std::unique_ptr<DIR, decltype(close)> entries(::opendir(directory.c_str()), close);
  if (!entries) return numbers;
  while (const dirent* entry = ::readdir(entries.get())) {
    const std::string_view name = entry->d_name;
    pid_t number = 0;
    const auto [end, failed] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (failed == std::errc() && end == name.data() + name.size()) numbers.push_back(number);
  }
  return numbers;
}

// The kernel keeps a list of children for each thread, if it was built with it (CONFIG_PROC_CHILDREN).
bool append_children(pid_t process, std::vector<pid_t>& out) {
  bool readable = false;
  const std::string threads = "/proc/" + std::to_string(process) + "/task/";
  for (const pid_t thread : numbered_entries(threads)) {
    std::ifstream list(threads + std::to_string(thread) + "/children");
    readable = readable || list.is_open();
    std::copy(std::istream_iterator<pid_t>(list), std::istream_iterator<pid_t>(), std::back_inserter(out));
  }
  return readable;
}

// The same for all processes at once where it was not: pairs of parent and child.
std::vector<std::pair<pid_t, pid_t>> all_parents() {
  std::vector<std::pair<pid_t, pid_t>> pairs;
  for (const pid_t process : numbered_entries("/proc")) {
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    const std::string line{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    // "pid (name) state parent ...", where the name may hold anything, parentheses and newlines included.
    const std::size_t name_end = line.rfind(')');
    if (name_end == std::string::npos || name_end + 4 >= line.size()) continue;
    pid_t parent = 0;
    std::from_chars(line.data() + name_end + 4, line.data() + line.size(), parent);
    pairs.emplace_back(parent, process);
  }
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

void append_children(pid_t process, const std::vector<std::pair<pid_t, pid_t>>& pairs,
                     std::vector<pid_t>& out) {
  for (auto pair = std::lower_bound(pairs.begin(), pairs.end(), std::pair<pid_t, pid_t>(process, 0));
       pair != pairs.end() && pair->first == process; ++pair) {
    out.push_back(pair->second);
  }
}

// More than this in one walk is a fork bomb; the caller kills what was found and comes back.
constexpr std::size_t max_walk = 20'000;

// Adds all descendants to `found` and stops the new ones. Each is stopped before its children are read, so
// that it cannot fork away from the walk for ever.
void stop_descendants(std::set<pid_t>& found) {
  std::vector<pid_t> queue;
  std::vector<std::pair<pid_t, pid_t>> pairs;
  if (!append_children(::getpid(), queue)) {
    pairs = all_parents();
    append_children(::getpid(), pairs, queue);
  }
  for (std::size_t i = 0; i < queue.size() && i < max_walk; ++i) {
    const pid_t process = queue[i];
    if (found.insert(process).second) ::kill(process, SIGSTOP);
    if (pairs.empty()) {
      append_children(process, queue);
    } else {
      append_children(process, pairs, queue);
    }
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
