// The helper as a child of this process: starting it, its socket, and its end.
#pragma once

#include <mesosio/error.hpp>

#include <sys/types.h>

#include <chrono>
#include <string>

namespace mesosio::local::reaper {

// One helper at most in its life. Not thread-safe. Waits for its own child only and installs no signal
// handler, so it leaves the rest of the process alone, whatever that does with SIGCHLD.
class HelperProcess {
 public:
  HelperProcess() = default;
  ~HelperProcess();  // as end(), with a limit of 5 s

  HelperProcess(const HelperProcess&) = delete;
  HelperProcess& operator=(const HelperProcess&) = delete;

  // Starts the program and waits for its greeting, `limit` at most.
  [[nodiscard]] Error start(const std::string& path, std::chrono::milliseconds limit);

  // A further descriptor of the socket, for the one who speaks to the helper; the caller's to close. -1 and
  // errno if there can be none.
  [[nodiscard]] int open_socket() const;

  // Closes the socket for writing, which makes the helper kill all tasks and end, and waits for that; kills
  // it after `limit`. Whoever else reads the socket meanwhile sees its end. Again: nothing.
  void end(std::chrono::milliseconds limit);

  [[nodiscard]] int pid() const { return pid_; }

  // After end(): how it ended, in words ("ended by signal 9"); empty where the process has SIGCHLD ignored.
  [[nodiscard]] const std::string& ending() const { return ending_; }

 private:
  [[nodiscard]] Error greeting(const std::string& path, std::chrono::milliseconds limit);
  [[nodiscard]] bool drained(std::chrono::milliseconds limit) const;
  void kill_helper() const;
  void collect();

  int socket_ = -1;
  int pidfd_ = -1;  // -1 on Linux before 5.3
  pid_t pid_ = -1;
  bool ended_ = true;
  std::string ending_;
};

}  // namespace mesosio::local::reaper
