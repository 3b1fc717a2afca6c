// What the subcommands of `mesosio` have in common: how they are called and what their exit codes mean.
#pragma once

#include <string>
#include <vector>

namespace mesosio::tool {

enum ExitCode : int {
  exit_success = 0,
  exit_task_failed = 1,  // `run`: at least one task did not finish
  exit_usage = 2,        // the command line, or a value in it, is wrong
  exit_failed = 3,       // it could not start, subscribe or end in time, or was refused
};

// What follows the name of the subcommand.
using Arguments = std::vector<std::string>;

// A master and agents in this process, until a signal ends it.
int local_command(const Arguments& arguments);

// One command as one or more tasks on a master.
int run_command(const Arguments& arguments);

}  // namespace mesosio::tool
