// Command tasks as processes: environment, sandbox files, and how they ended.
#include "local/command_task.hpp"

#include <sys/wait.h>

#include <cstring>
#include <map>

namespace mesosio::local {

std::optional<std::string> cannot_run(const mesos::v1::TaskInfo& task) {
  if (!task.command().uris().empty()) {
    return "Failed to launch container: this local cluster fetches no URIs, and the task names '" +
           printable(task.command().uris(0).value(), 128) + '\'';
  }
  const auto& container = task.container();
  if (task.has_container() && (container.type() != mesos::v1::ContainerInfo::MESOS ||
                               container.mesos().has_image() || !container.volumes().empty())) {
    return "Failed to launch container: this local cluster runs plain processes, without images or volumes";
  }
  return {};
}

TaskProcess command_process(const mesos::v1::TaskInfo& task, const TaskPlace& place) {
  std::map<std::string, std::string> environment = {
      {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
      {"LIBPROCESS_PORT", "0"},
      {"MESOS_AGENT_ENDPOINT", place.agent_endpoint},
      {"MESOS_CHECKPOINT", "0"},
      {"MESOS_DIRECTORY", place.sandbox},
      {"MESOS_EXECUTOR_ID", task.task_id().value()},
      {"MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD", "5secs"},
      {"MESOS_FRAMEWORK_ID", place.framework_id},
      {"MESOS_HTTP_COMMAND_EXECUTOR", "0"},
      {"MESOS_SANDBOX", place.sandbox},
      {"MESOS_SLAVE_ID", place.agent_id},
      {"MESOS_SLAVE_PID", place.agent_pid},
      {"MESOS_TASK_ID", task.task_id().value()},
  };
  const auto& command = task.command();
  for (const auto& variable : command.environment().variables()) {
    environment[variable.name()] = variable.value();
  }

  TaskProcess process;
  process.id = place.container_id;
  process.shell = command.shell();
  process.value = command.value();
  process.arguments.assign(command.arguments().begin(), command.arguments().end());
  process.environment.assign(environment.begin(), environment.end());
  process.directory = place.sandbox;
  process.output_file = place.sandbox + "/stdout";
  process.error_file = place.sandbox + "/stderr";
  return process;
}

std::string describe_end(int wait_status) {
  if (WIFEXITED(wait_status)) {
    return "Command exited with status " + std::to_string(WEXITSTATUS(wait_status));
  }
  if (!WIFSIGNALED(wait_status)) {
    return "Command ended with wait status " + std::to_string(wait_status);
  }
  const char* name = sigdescr_np(WTERMSIG(wait_status));
  std::string words = "Command terminated with signal ";
  words += name != nullptr ? std::string(name) : std::to_string(WTERMSIG(wait_status));
  return WCOREDUMP(wait_status) ? words + " (core dumped)" : words;
}

}  // namespace mesosio::local
