// The `mesosio` command: finds the subcommand and hands over to it.
#include "tools/command.hpp"

#include <mesosio/error.hpp>
#include <mesosio/version.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <string>

namespace {

using namespace mesosio::tool;

constexpr const char* help_text = R"(mesosio: runs Mesos frameworks, and a local cluster to try them on

usage: mesosio COMMAND [OPTIONS]

commands:
  local    run a master and agents in one process on this machine
  run      run a command as one or more tasks on a Mesos master
  help     show this text, or with the name of a command what that one can do

options:
  --help     show this text
  --version  show the version

Try it in two terminals:
  mesosio local --port 5050 --agents 2
  mesosio run --master 127.0.0.1:5050 --name hello --command 'echo hello' --tasks 3

`mesosio COMMAND --help` tells more. The environment variable SPDLOG_LEVEL (trace, debug, info, warn, error, off)
sets how much is logged to standard error; warn by default.
)";

int usage_error(const std::string& what) {
  std::fprintf(stderr, "mesosio: %s; expected 'local', 'run' or 'help', see 'mesosio --help'\n",
               what.c_str());
  return exit_usage;
}

int show(const std::string& text) {
  const bool written = std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
  return written ? exit_success : exit_failed;
}

int dispatch(Arguments arguments) {
  if (arguments.empty()) return usage_error("a command is missing");
  std::string command = arguments.front();
  arguments.erase(arguments.begin());
  if (command == "help" && !arguments.empty()) {
    command = arguments.front();
    arguments = {"--help"};
  }
  if (command == "local") return local_command(arguments);
  if (command == "run") return run_command(arguments);
  if (command == "help" || command == "--help" || command == "-h") return show(help_text);
  if (command == "--version" || command == "version") {
    return show("mesosio " + std::string(mesosio::version_string) + "\n");
  }
  return usage_error("'" + mesosio::printable(command, 64) + "' is not a command");
}

// A closed standard descriptor would be given to the next socket, which then gets the output. Opened the
// other way round, it still fails whoever uses it.
void keep_standard_descriptors() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) >= 0) continue;
    if (::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd) ::_exit(exit_failed);
  }
}

}  // namespace

int main(int argc, char** argv) {
  keep_standard_descriptors();
  // A reader that goes away is an error of the write that notices it.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return dispatch(argc > 1 ? Arguments(argv + 1, argv + argc) : Arguments());
  } catch (const std::exception& exception) {
    std::fprintf(stderr, "mesosio: %s\n", mesosio::printable(exception.what()).c_str());
    return exit_failed;
  }
}
