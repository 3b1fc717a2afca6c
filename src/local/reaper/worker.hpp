// The half of the helper that starts the tasks, signals them, and reports how they end.
#pragma once

#include "local/reaper/protocol.hpp"

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>

namespace mesosio::local::reaper {

class Worker {
 public:
  // `signals` is a signalfd of SIGCHLD and the signals that end the helper; both descriptors stay the
  // caller's.
  Worker(int socket, int signals) : socket_(socket), signals_(signals) {}

  // Serves until the socket ends or breaks the protocol, or a signal asks for the end.
  void run();

 private:
  struct Task {
    std::uint64_t token = 0;
    int start_pipe = -1;  // open until it is known whether the program runs
    bool failed = false;
  };

  bool receive();
  bool send_waiting();
  bool signalled();
  bool handle(const Message& message);
  void launch(const Launch& request);
  void signal(const Signal& request);
  void collect();
  void look_at_start(pid_t process, Task& task);
  void report(const Message& message) { out_ += encode(message); }

  int socket_;
  int signals_;
  Frames in_{max_request};
  std::string out_;
  std::map<pid_t, Task> tasks_;
  std::map<std::uint64_t, pid_t> processes_;  // by token
};

}  // namespace mesosio::local::reaper
