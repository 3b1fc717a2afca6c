// Who is whose child, as /proc tells.
#include "local/reaper/process_tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mesosio::local::reaper {
namespace {

// A file of /proc; nothing if its process is gone, which may show in the opening as well as in the reading.
std::optional<std::string> contents(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  std::string text;
  std::array<char, 4096> chunk;
  ssize_t size = 0;
  while ((size = ::read(file, chunk.data(), chunk.size())) > 0 || (size < 0 && errno == EINTR)) {
    if (size > 0) text.append(chunk.data(), static_cast<std::size_t>(size));
  }
  ::close(file);
  if (size < 0) return std::nullopt;
  return text;
}

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

std::string children_file(pid_t process, pid_t thread) {
  return "/proc/" + std::to_string(process) + "/task/" + std::to_string(thread) + "/children";
}

// Numbers between blanks.
void append_numbers(std::string_view text, std::vector<pid_t>& out) {
  for (std::size_t at = 0; (at = text.find_first_not_of(" \n", at)) != std::string_view::npos;) {
    pid_t number = 0;
    const auto [end, failed] = std::from_chars(text.data() + at, text.data() + text.size(), number);
    if (failed != std::errc()) return;
    out.push_back(number);
    at = static_cast<std::size_t>(end - text.data());
  }
}

// From "pid (name) state parent ...", where the name may hold anything, parentheses and newlines included.
std::optional<pid_t> parent_in(std::string_view stat) {
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string_view::npos || name_end + 4 >= stat.size()) return std::nullopt;
  pid_t parent = 0;
  const auto [end, failed] = std::from_chars(stat.data() + name_end + 4, stat.data() + stat.size(), parent);
  return failed == std::errc() ? std::optional(parent) : std::nullopt;
}

}  // namespace

ProcessTree::Source ProcessTree::best_source() {
  const pid_t self = ::getpid();
  return ::access(children_file(self, self).c_str(), R_OK) == 0 ? Source::lists : Source::scan;
}

ProcessTree::ProcessTree(Source source) : source_(source) {
  if (source == Source::lists) return;
  for (const pid_t process : numbered_entries("/proc")) {
    const auto stat = contents("/proc/" + std::to_string(process) + "/stat");
    const auto parent = stat ? parent_in(*stat) : std::nullopt;
    if (parent) pairs_.emplace_back(*parent, process);
  }
  std::sort(pairs_.begin(), pairs_.end());
}

void ProcessTree::append_children(pid_t process, std::vector<pid_t>& out) const {
  if (source_ == Source::lists) {
    for (const pid_t thread : numbered_entries("/proc/" + std::to_string(process) + "/task")) {
      if (const auto list = contents(children_file(process, thread))) append_numbers(*list, out);
    }
    return;
  }
  for (auto pair = std::lower_bound(pairs_.begin(), pairs_.end(), std::pair<pid_t, pid_t>(process, 0));
       pair != pairs_.end() && pair->first == process; ++pair) {
    out.push_back(pair->second);
  }
}

}  // namespace mesosio::local::reaper
