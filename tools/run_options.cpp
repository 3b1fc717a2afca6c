// The command line of `mesosio run`, and the messages that it stands for.
#include "tools/run_options.hpp"

#include <mesosio/error.hpp>

#include <cstdint>
#include <string_view>

namespace mesosio::tool {
namespace {

constexpr const char* summary =
    R"(mesosio run: runs a command as one or more tasks on a Mesos master and reports what becomes of them

usage: mesosio run --master MASTER --name NAME --command COMMAND [OPTIONS]

Prints every status update on standard output as it comes. When all tasks have ended, and also when it is
interrupted, it removes its framework, and with it whatever still runs.
)";

constexpr const char* notes = R"(examples:
  mesosio run --master local --name hello --command 'echo hello'
  mesosio run --master 10.0.0.1:5050 --name batch --command './work.sh "$PART"' --env PART=7 --tasks 20
  mesosio run --master http://master.example:5050 --name check --command true --timeout 60s --output json

A value that starts with a dash is written with an equal sign: --command='-x'.

exit status:
  0  all tasks finished (TASK_FINISHED)
  1  at least one task did not: failed, killed, lost, ...
  2  the command line is wrong
  3  it could not subscribe, was refused, or ran out of time (--timeout)
  130, 129, 143 when ended by SIGINT (Ctrl-C), SIGHUP, SIGTERM; a second one does not wait for the master
)";

OutputFormat parse_output(const std::string& text) {
  if (text == "text") return OutputFormat::text;
  if (text == "json") return OutputFormat::json;
  throw UsageError("--output: '" + printable(text, 100) +
                   "' is not a form of output; expected 'text' or 'json'");
}

std::string text_of(const CommandLine& line, const std::string& name, std::string_view expected) {
  return parse_text("--" + name, line.text(name), expected);
}

void read_credential(const CommandLine& line, RunOptions& options) {
  if (line.has("secret-file") && !line.has("principal")) {
    throw UsageError("--secret-file is given without --principal; expected both or only --principal");
  }
  if (line.has("principal")) options.principal = text_of(line, "principal", "the name of a principal");
  if (line.has("secret-file")) options.secret = read_secret("--secret-file", line.text("secret-file"));
}

}  // namespace

CommandLine make_run_command_line() {
  CommandLine line(summary, notes);
  line.add_required(
      "master", "MASTER",
      "HOST:PORT or http://HOST:PORT of a Mesos master, or 'local' for one of its own (required).");
  line.add_required("name", "NAME", "Name of the framework and of its tasks (required).");
  line.add_required("command", "COMMAND", "What each task runs, by /bin/sh -c on the agent (required).");
  line.add("tasks", "K", "1", "How many tasks to run (default 1).");
  line.add("cpus", "X", "0.1", "CPUs of each task (default 0.1).");
  line.add("mem", "SIZE", "32", "Memory of each task: MiB as in 64, or 512MB, 1.5GB (default 32).");
  line.add_list("env", "NAME=VALUE", "A variable in the tasks' environment; may be given more than once.");
  line.add("role", "ROLE", "*", "Role whose resources are used (default *).");
  line.add("user", "USER", "User that the tasks run as on the agents. Default: the current user's name.");
  line.add("principal", "NAME", "Principal of the framework. Default: none.");
  line.add("secret-file", "FILE", "File with the principal's secret, to authenticate with. Default: none.");
  line.add("failover-timeout", "TIME", "60s",
           "How long tasks outlive a lost connection to the master, as in 500ms, 60s, 5mins (default 60s).");
  line.add("timeout", "TIME", "Ends the run after this time, whatever has become of it. Default: never.");
  line.add("output", "FORMAT", "text",
           "'text', or 'json': one object a line with task_id, state, source, reason, message, agent_id, "
           "timestamp (default text).");
  return line;
}

RunOptions read_run_options(const CommandLine& line) {
  constexpr std::uint64_t most_tasks = 100'000;
  RunOptions options;
  options.master = text_of(line, "master", "HOST:PORT, http://HOST:PORT or 'local'");
  options.name = text_of(line, "name", "a name for the framework");
  options.command = text_of(line, "command", "a command for /bin/sh");
  options.tasks = parse_count("--tasks", line.text("tasks"), 1, most_tasks);
  options.size.cpus = parse_amount("--cpus", line.text("cpus"));
  options.size.mem = parse_mebibytes("--mem", line.text("mem"));
  if (options.size.cpus <= 0 && options.size.mem <= 0) {
    throw UsageError("--cpus and --mem are both 0; expected at least one above 0");
  }
  for (const std::string& variable : line.list("env")) {
    options.environment.push_back(parse_variable("--env", variable));
  }
  options.role = text_of(line, "role", "the name of a role, or *");
  if (line.has("user")) options.user = text_of(line, "user", "the name of a user");
  read_credential(line, options);
  options.failover_timeout = parse_duration("--failover-timeout", line.text("failover-timeout"));
  if (line.has("timeout")) options.timeout = parse_positive_duration("--timeout", line.text("timeout"));
  options.output = parse_output(line.text("output"));
  return options;
}

SchedulerConfig make_scheduler_config(const RunOptions& options, const std::string& master) {
  SchedulerConfig config;
  config.master = master;
  config.framework.set_name(options.name);
  config.framework.set_user(options.user);
  config.framework.add_roles(options.role);
  config.framework.add_capabilities()->set_type(FrameworkInfo::Capability::MULTI_ROLE);
  config.framework.set_failover_timeout(std::chrono::duration<double>(options.failover_timeout).count());
  if (!options.principal.empty()) config.framework.set_principal(options.principal);
  if (!options.secret.empty()) {
    config.credential.emplace();
    config.credential->set_principal(options.principal);
    config.credential->set_secret(options.secret);
  }
  return config;
}

TaskInfo make_task(const RunOptions& options, std::size_t index) {
  TaskInfo task;
  task.set_name(options.name);
  task.mutable_task_id()->set_value("task-" + std::to_string(index + 1));
  task.mutable_command()->set_shell(true);
  task.mutable_command()->set_value(options.command);
  for (const auto& [name, value] : options.environment) {
    auto* variable = task.mutable_command()->mutable_environment()->add_variables();
    variable->set_name(name);
    variable->set_value(value);
  }
  return task;
}

}  // namespace mesosio::tool
