// What `mesosio run` was asked to do.
#pragma once

#include "tools/command_line.hpp"
#include "tools/offer_fit.hpp"

#include <mesosio/scheduler_config.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mesosio::tool {

enum class OutputFormat { text, json };

struct RunOptions {
  std::string master;  // as the driver takes it; "local" for a cluster of its own
  std::string name;
  std::string command;
  std::size_t tasks = 1;
  TaskSize size;
  std::vector<std::pair<std::string, std::string>> environment;
  std::string role = "*";
  std::string user;  // empty: the current one
  std::string principal;
  std::string secret;
  std::chrono::milliseconds failover_timeout{60'000};
  std::optional<std::chrono::milliseconds> timeout;  // of the whole run
  OutputFormat output = OutputFormat::text;
};

[[nodiscard]] CommandLine make_run_command_line();

// Throws UsageError.
[[nodiscard]] RunOptions read_run_options(const CommandLine& line);

// How the framework of this run subscribes to `master`.
[[nodiscard]] SchedulerConfig make_scheduler_config(const RunOptions& options, const std::string& master);

// The i-th task, from 0, without agent and resources.
[[nodiscard]] TaskInfo make_task(const RunOptions& options, std::size_t index);

}  // namespace mesosio::tool
