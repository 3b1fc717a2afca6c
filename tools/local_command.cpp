// `mesosio local`: a cluster in this process until a signal ends it.
#include "tools/command.hpp"
#include "tools/command_line.hpp"
#include "tools/console.hpp"
#include "tools/logging.hpp"
#include "tools/options.hpp"
#include "tools/stop_signals.hpp"

#include <mesosio/local/cluster.hpp>

#include <boost/asio/io_context.hpp>

#include <string>
#include <string_view>

namespace mesosio::tool {
namespace {

constexpr const char* summary =
    R"(mesosio local: runs a Mesos master and agents in one process, for tests and trials

usage: mesosio local [OPTIONS]

Listens on 127.0.0.1 only. When it is ready it prints one line on standard output,
  mesosio local: master at http://127.0.0.1:PORT
and runs until SIGINT (Ctrl-C) or SIGTERM. It then ends all tasks, with every process that they started; a
second signal ends it at once. Whatever way it ends, no task survives it.
)";

constexpr const char* notes = R"(examples:
  mesosio local
  mesosio local --port 0 --agents 3 --resources 'cpus:2;mem:1024'
  mesosio local --resources 'cpus:4;mem:4096;disk:8192;ports:[31000-32000]' --work-dir sandboxes

exit status: 0 after a signal, 2 for bad usage, 3 if it could not start (the port is in use, ...)
)";

CommandLine make_command_line() {
  CommandLine line(summary, notes);
  line.add("port", "PORT", "5050",
           "Port of the master (default 5050); 0 takes a free one, which the line tells.");
  line.add("agents", "N", "1", "How many agents there are, up to 1000 (default 1).");
  line.add("resources", "TEXT",
           "What each agent offers, in the notation of Mesos. Default: "
           "cpus:4;mem:4096;disk:8192;ports:[31000-32000]; mem and disk are in MiB.");
  line.add("heartbeat-interval", "TIME", "15s",
           "Between two heartbeats of the master, as in 500ms or 15s (default 15s).");
  line.add(
      "work-dir", "DIR",
      "Where the tasks' directories are made, with their stdout and stderr; they are kept. Default: a new "
      "directory under /tmp, removed at the end.");
  line.add("task-helper", "FILE",
           "The program mesosio-task-reaper. Default: looked for where it was built or installed.");
  return line;
}

local::ClusterConfig make_config(const CommandLine& line) {
  constexpr std::uint64_t most_agents = 1000;
  local::ClusterConfig config;
  config.port = parse_port("--port", line.text("port"));
  config.agents = parse_count("--agents", line.text("agents"), 1, most_agents);
  config.heartbeat_interval =
      parse_positive_duration("--heartbeat-interval", line.text("heartbeat-interval"));
  if (line.has("resources")) config.resources = line.text("resources");
  if (line.has("resources") && config.resources.empty()) {
    throw UsageError("--resources is empty; expected a list such as cpus:4;mem:4096");
  }
  config.work_dir = line.text("work-dir");
  config.task_helper = line.text("task-helper");
  return config;
}

// The library speaks of its configuration, the command of its options.
int explain(const Error& error, Console& console) {
  constexpr std::string_view own_name = "local cluster: ";
  std::string text = error.to_string();
  if (text.substr(0, own_name.size()) == own_name) text.erase(0, own_name.size());
  if (text.substr(0, 10) == "resources:") text.insert(0, "--");
  console.tell("mesosio local: " + text);
  return error.code == errc::invalid_argument ? exit_usage : exit_failed;
}

int serve(local::ClusterConfig config, Console& console) {
  int status = exit_success;
  boost::asio::io_context context(1);
  const StopSignals signals(context, [&](int) { context.stop(); });

  config.logger = make_logger(console);
  local::Cluster cluster(std::move(config));
  if (const Error error = cluster.start()) return explain(error, console);
  if (console.print("mesosio local: master at " + cluster.url())) {
    context.run();
  } else {
    console.tell("mesosio local: cannot write to standard output: " + console.output_error());
    status = exit_failed;
  }
  cluster.stop();
  return status;
}

}  // namespace

int local_command(const Arguments& arguments) {
  CommandLine line = make_command_line();
  Console console;
  try {
    if (line.parse(arguments)) return serve(make_config(line), console);
  } catch (const UsageError& error) {
    console.tell("mesosio local: " + std::string(error.what()) + "; see 'mesosio local --help'");
    return exit_usage;
  }
  return console.print(line.help()) ? exit_success : exit_failed;
}

}  // namespace mesosio::tool
