// What the tests of the task supervisor share: waiting for conditions, processes by descriptor, reports of
// tasks.
#pragma once

#include "local/task_supervisor.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <gtest/gtest.h>
#include <sys/types.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace mesosio::local::test {

// A directory that goes with its contents.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// A process that lives (or waits to be collected) when this is made, by a descriptor: its number may be used
// again later.
class Watched {
 public:
  explicit Watched(pid_t pid);
  ~Watched();
  Watched(Watched&& other) noexcept : pid_(other.pid_), fd_(std::exchange(other.fd_, -1)) {}
  Watched& operator=(Watched&&) = delete;
  [[nodiscard]] bool found() const { return fd_ >= 0; }
  [[nodiscard]] bool alive() const;
  [[nodiscard]] bool ends() const;  // waits for it, a minute at most
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
  int fd_;
};

// A named pipe to which tasks write lines: "word number". Reading is part of an io_context.
class Reports {
 public:
  Reports(boost::asio::io_context& io, const std::string& path);
  [[nodiscard]] const std::string& path() const { return path_; }
  // The number of the line that starts with `word`, once there is one; else -1.
  [[nodiscard]] pid_t operator[](const std::string& word) const;
  [[nodiscard]] bool has(const std::string& word) const { return numbers_.count(word) != 0; }

 private:
  void read();

  std::string path_;
  boost::asio::posix::stream_descriptor pipe_;
  std::string buffer_;
  std::map<std::string, pid_t> numbers_;
  char chunk_[4096] = {};
};

// A supervisor on an io_context that runs inside of wait_for, and what its handlers were told.
class Cluster {
 public:
  Cluster();
  ~Cluster();

  // Runs handlers until `condition` holds; false after a minute.
  bool wait_for(const std::function<bool()>& condition);
  bool wait_for_exit(const std::string& id);
  bool wait_for_report(const std::string& word);

  [[nodiscard]] TaskProcess shell(const std::string& id, const std::string& command) const;
  [[nodiscard]] TaskProcess argv(const std::string& id, const std::string& program,
                                 std::vector<std::string> arguments) const;
  void run(TaskProcess process) { supervisor->launch(std::move(process)); }
  [[nodiscard]] std::string output(const std::string& id) const;

  TemporaryDirectory directory;
  boost::asio::io_context io;
  Reports reports;
  std::map<std::string, int> started;
  std::map<std::string, Error> failed;
  std::map<std::string, int> exited;
  std::vector<Error> lost;
  std::vector<std::string> log;  // "started a", in order
  std::unique_ptr<TaskSupervisor> supervisor;
};

class SupervisorTest : public testing::Test {
 protected:
  void SetUp() override;
  Cluster cluster;
};

[[nodiscard]] std::string read_file(const std::string& path);
// Children of `parent` with this name (/proc/N/comm).
[[nodiscard]] std::vector<pid_t> children_named(pid_t parent, const std::string& name);

// A shell command that starts a daemon by double fork in a session of its own, which reports itself as
// `word`.
[[nodiscard]] std::string daemon(const std::string& word);

}  // namespace mesosio::local::test
