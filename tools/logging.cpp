// A logger that shares the terminal with the progress line.
#include "tools/logging.hpp"

#include "tools/console.hpp"

#include <spdlog/cfg/env.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <mutex>
#include <string_view>

namespace mesosio::tool {
namespace {

class ConsoleSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  ConsoleSink(Console& console, bool errors) : console_(console), errors_(errors) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    if (message.level == spdlog::level::err && !errors_) return;
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    std::string_view text(line.data(), line.size());
    if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
    console_.tell(text);
  }
  void flush_() override {}

 private:
  Console& console_;
  const bool errors_;
};

std::shared_ptr<spdlog::logger> make(Console& console, bool errors) {
  auto logger = std::make_shared<spdlog::logger>("mesosio", std::make_shared<ConsoleSink>(console, errors));
  logger->set_pattern("%H:%M:%S.%e %l: %v");
  logger->set_level(spdlog::level::warn);
  // Levels from the environment reach a logger through the registry only.
  spdlog::register_logger(logger);
  spdlog::cfg::load_env_levels();
  spdlog::drop(logger->name());
  return logger;
}

}  // namespace

std::shared_ptr<spdlog::logger> make_logger(Console& console) {
  return make(console, true);
}

std::shared_ptr<spdlog::logger> make_driver_logger(Console& console) {
  return make(console, false);
}

}  // namespace mesosio::tool
