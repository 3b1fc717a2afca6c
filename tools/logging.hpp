// The log of a command: lines on standard error, as many as SPDLOG_LEVEL asks for.
#pragma once

#include <spdlog/logger.h>

#include <memory>

namespace mesosio::tool {

class Console;

// Logs from `warn` on, or as the environment variable SPDLOG_LEVEL says. `console` must outlive the logger.
[[nodiscard]] std::shared_ptr<spdlog::logger> make_logger(Console& console);

// The same without the level `error`, for a driver: what ends it comes to Scheduler::error too, and is told
// from there, once.
[[nodiscard]] std::shared_ptr<spdlog::logger> make_driver_logger(Console& console);

}  // namespace mesosio::tool
