// Turns a command task into the process that runs it, and the end of that process into words.
#pragma once

#include "local/task_supervisor.hpp"

#include <mesos/v1/mesos.pb.h>

#include <optional>
#include <string>

namespace mesosio::local {

// What the agent knows and the task does not.
struct TaskPlace {
  std::string agent_id;
  std::string agent_endpoint;  // "127.0.0.1:5050"
  std::string agent_pid;       // "slave(1)@127.0.0.1:5050"
  std::string framework_id;
  std::string container_id;
  std::string sandbox;
};

// Why this agent cannot run the task although the master let it pass: it fetches nothing and has no
// containers.
[[nodiscard]] std::optional<std::string> cannot_run(const mesos::v1::TaskInfo& task);

// A process named by its container id, with stdout and stderr in the sandbox. Its environment is that which
// an agent of Mesos gives to command tasks, a PATH, and over both the command's own variables.
[[nodiscard]] TaskProcess command_process(const mesos::v1::TaskInfo& task, const TaskPlace& place);

// "Command exited with status 7", "Command terminated with signal Killed"
[[nodiscard]] std::string describe_end(int wait_status);

}  // namespace mesosio::local
