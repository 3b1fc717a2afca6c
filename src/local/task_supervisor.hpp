// Owns the helper process that runs all tasks of a cluster; the only way in which the local cluster starts
// processes.
#pragma once

#include <mesosio/error.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mesosio::local {

// One process to run: `/bin/sh -c value` with shell, else `value` with `arguments` as its argv, looked up in
// the PATH of `environment` (/bin and /usr/bin where it has none). The process leads a session and a process
// group of its own, reads /dev/null, has every signal at its default and no descriptor but 0, 1 and 2.
// Relative paths of the files mean the directory in which this process was when start() was called.
struct TaskProcess {
  std::string id;  // unique among the processes of one supervisor that have not ended
  bool shell = true;
  std::string value;
  std::vector<std::string>
      arguments;  // argv[0] included, as in CommandInfo; only without shell; empty: `value`
  std::vector<std::pair<std::string, std::string>> environment;  // the whole environment of the process
  std::string directory;    // working directory; must exist; empty: this process' own
  std::string output_file;  // stdout is appended here; empty: /dev/null
  std::string error_file;   // stderr likewise
};

// Nothing that it started outlives it: neither stop() nor the end of this process, whatever the way (SIGKILL
// and tasks in sessions of their own included), nor the end of the helper. Out of reach are only tasks that
// became another user, and processes that a task had started by others (a service manager, a container
// engine).
//
// It waits for its own child only and leaves SIGCHLD alone. All members may be called from any thread, and
// from inside handlers, once start() has returned. A process forked from this one must not use it.
class TaskSupervisor {
 public:
  // For each launch: `failed`, or `started` and later `exited`, unless `lost` or stop() come before.
  struct Handler {
    std::function<void(const std::string& id, int pid)> started;
    std::function<void(const std::string& id, const Error& error)>
        failed;  // could not be started; nothing runs
    // The first process has ended; `wait_status` as from waitpid. The rest of its process group was killed;
    // what left it for a session of its own runs on until stop().
    std::function<void(const std::string& id, int wait_status)> exited;
    // The helper itself is gone, and all tasks with it. Once at most; what is launched later fails.
    std::function<void(const Error& error)> lost;
  };

  // Handlers run on `executor`, which must run one handler at a time and outlive the supervisor. Empty ones
  // are skipped.
  TaskSupervisor(boost::asio::any_io_executor executor, Handler handler);
  ~TaskSupervisor();  // as stop()

  TaskSupervisor(const TaskSupervisor&) = delete;
  TaskSupervisor& operator=(const TaskSupervisor&) = delete;

  // Starts the helper and waits for it to be ready (milliseconds; an error after 10 s). `helper` is its path;
  // empty: looked for beside the library's build and install trees. Errors: invalid_argument for the path,
  // connect_failed when the helper does not start or is another program, already_running.
  [[nodiscard]] Error start(const std::string& helper);

  void launch(TaskProcess process);
  // Sends `signal` to the whole process group of the task; nothing where the task is unknown or has ended. A
  // task that has not started yet gets it as well.
  void signal(const std::string& id, int signal);
  // Kills every descendant and waits for the helper to end, 5 s at most. No handler runs afterwards: it also
  // waits for one that runs now, unless it was called from there.
  void stop();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace mesosio::local
