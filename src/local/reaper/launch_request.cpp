// From a task as the cluster describes it to the request for the helper, and from a failed start back to
// words.
#include "local/reaper/launch_request.hpp"

#include <system_error>

namespace mesosio::local::reaper {
namespace {

bool has_zero(const std::string& text) {
  return text.find('\0') != std::string::npos;
}

std::string quoted(const std::string& text) {
  return "'" + printable(text) + "'";
}

Error refusal(const TaskProcess& process, const std::string& what) {
  return {errc::invalid_argument, "task " + quoted(process.id) + " was not started: " + what, {}};
}

}  // namespace

Error make_launch(const TaskProcess& process, std::uint64_t token, Launch& request) {
  const auto no_zero = [&](const char* what, const std::string& text) {
    return refusal(process, std::string(what) + " " + quoted(text) +
                                " has a byte of value 0, which no process can be given");
  };
  request = {};
  request.token = token;
  if (!process.shell && process.value.empty()) {
    return refusal(process, "its command names no program; expected one in its value, or a shell command");
  }
  if (has_zero(process.value)) return no_zero("its command", process.value);
  request.program = process.shell ? "/bin/sh" : process.value;
  if (process.shell) {
    request.arguments = {"sh", "-c", process.value};
  } else {
    request.arguments = process.arguments;
    if (request.arguments.empty()) request.arguments = {process.value};
  }
  for (const std::string& argument : request.arguments) {
    if (has_zero(argument)) return no_zero("its argument", argument);
  }
  for (const auto& [name, value] : process.environment) {
    if (name.empty() || name.find('=') != std::string::npos || has_zero(name)) {
      return refusal(process, "its environment has a variable named " + quoted(name) +
                                  "; expected a name without '=' and bytes of value 0");
    }
    if (has_zero(value)) return no_zero("its environment variable", name + "=" + value);
    request.environment.push_back(name + "=" + value);
  }
  for (const std::string* path : {&process.directory, &process.output_file, &process.error_file}) {
    if (has_zero(*path)) return no_zero("its path", *path);
  }
  request.directory = process.directory;
  request.output_file = process.output_file;
  request.error_file = process.error_file;
  return {};
}

Error start_error(const TaskProcess& process, std::uint8_t stage, int error) {
  const std::string reason = ": " + std::generic_category().message(error);
  switch (static_cast<Stage>(stage)) {
    case Stage::process:
      return refusal(process, "there can be no further process" + reason);
    case Stage::session:
      return refusal(process, "it got no session of its own" + reason);
    case Stage::output_file:
      return refusal(process,
                     "its output file " + quoted(process.output_file) + " cannot be written" + reason);
    case Stage::error_file:
      return refusal(process,
                     "its error output file " + quoted(process.error_file) + " cannot be written" + reason);
    case Stage::directory:
      return refusal(process,
                     "its working directory " + quoted(process.directory) + " cannot be entered" + reason);
    case Stage::program:
      return refusal(process, process.shell
                                  ? "/bin/sh cannot run it" + reason
                                  : "its program " + quoted(process.value) + " cannot be run" + reason);
  }
  return refusal(process, "for an unknown cause" + reason);
}

}  // namespace mesosio::local::reaper
