// Who is whose child, as /proc tells.
#pragma once

#include <sys/types.h>

#include <utility>
#include <vector>

namespace mesosio::local::reaper {

class ProcessTree {
 public:
  enum class Source {
    lists,  // the list of children that the kernel keeps for each thread, read when asked
    scan,   // the parents of all processes, read once by the constructor
  };

  // Lists, where the kernel was built with them (CONFIG_PROC_CHILDREN).
  [[nodiscard]] static Source best_source();

  explicit ProcessTree(Source source);

  // Adds the children of `process` that have not been collected; what forks or ends meanwhile may be missing.
  void append_children(pid_t process, std::vector<pid_t>& out) const;

 private:
  Source source_;
  std::vector<std::pair<pid_t, pid_t>> pairs_;  // parent and child, sorted; only with scan
};

}  // namespace mesosio::local::reaper
