// `mesosio run`: from the command line to the exit code.
#include "tools/command.hpp"
#include "tools/console.hpp"
#include "tools/logging.hpp"
#include "tools/run_options.hpp"
#include "tools/run_scheduler.hpp"
#include "tools/stop_signals.hpp"

#include <mesosio/local/cluster.hpp>
#include <mesosio/scheduler_driver.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace mesosio::tool {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int exit_by_signal = 128;  // plus its number, as a shell has it

class Run {
 public:
  Run(RunOptions options, Console& console)
      : options_(std::move(options)),
        console_(console),
        logger_(make_driver_logger(console)),
        scheduler_(options_, console, logger_,
                   [this] { boost::asio::post(context_, [this] { context_.stop(); }); }) {}

  int run() {
    if (const int status = start_cluster()) return status;
    const std::string master = cluster_ ? cluster_->url() : options_.master;
    SchedulerConfig config = make_scheduler_config(options_, master);
    config.logger = logger_;
    MesosSchedulerDriver driver(&scheduler_, std::move(config));
    console_.show("mesosio run: subscribing");
    if (driver.start() != DRIVER_RUNNING) {
      return tell(scheduler_.driver_error().value_or("the driver did not start"), exit_usage);
    }
    if (options_.timeout) {
      timer_.expires_at(started_ + *options_.timeout);
      timer_.async_wait([this](const error_code& error) {
        if (!error) context_.stop();
      });
    }
    context_.run();
    signals_.release();

    // Whoever reads the output no longer holds up the end.
    console_.give_up();
    const int status = report();
    // Without a subscription there was no framework that could be removed.
    driver.stop(!scheduler_.ever_subscribed());
    driver.join();
    return status;
  }

 private:
  int tell(const std::string& text, int status) {
    console_.show({});
    console_.tell("mesosio run: " + text);
    return status;
  }

  // 0, or the exit code if there is no going on.
  int start_cluster() {
    if (options_.master != "local") return 0;
    local::ClusterConfig config;
    config.logger = make_logger(console_);
    // One agent on which at least one task has room: resources are counted there, not enforced.
    config.resources = "cpus:" + format_amount(std::max(4.0, options_.size.cpus)) +
                       ";mem:" + format_amount(std::max(4096.0, options_.size.mem));
    cluster_ = std::make_unique<local::Cluster>(std::move(config));
    const Error error = cluster_->start();
    return error ? tell(error.to_string(), exit_failed) : 0;
  }

  // Says how the run went, and gives the exit code.
  int report() {
    const std::string took =
        " in " +
        format_duration(std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started_));
    if (const std::string error = console_.output_error(); !error.empty()) {
      return tell("cannot write to standard output: " + error + "; ended with " + scheduler_.summary(),
                  exit_task_failed);
    }
    if (const auto error = scheduler_.driver_error(); error && !scheduler_.all_ended()) {
      return tell(
          (scheduler_.ever_subscribed() ? "ended by the master or the driver: "
                                        : "could not subscribe to " + printable(options_.master) + ": ") +
              *error,
          exit_failed);
    }
    if (scheduler_.all_ended()) {
      return tell(scheduler_.summary() + took, scheduler_.all_finished() ? exit_success : exit_task_failed);
    }
    if (signal_ != 0) {
      return tell("interrupted; " + scheduler_.summary(), exit_by_signal + signal_);
    }
    return tell("out of time after " + format_duration(*options_.timeout) + ": " + missing(), exit_failed);
  }

  [[nodiscard]] std::string missing() const {
    if (!scheduler_.ever_subscribed()) return "could not subscribe to " + printable(options_.master);
    return scheduler_.summary() + (scheduler_.subscribed() ? "" : "; not subscribed at the end") +
           "; not ended: " + scheduler_.unfinished();
  }

  const RunOptions options_;
  Console& console_;
  const std::shared_ptr<spdlog::logger> logger_;
  const Clock::time_point started_ = Clock::now();

  boost::asio::io_context context_{1};
  int signal_ = 0;
  StopSignals signals_{context_, [this](int signal) {
                         signal_ = signal;
                         context_.stop();
                       }};
  boost::asio::steady_timer timer_{context_};
  std::unique_ptr<local::Cluster> cluster_;
  RunScheduler scheduler_;
};

}  // namespace

int run_command(const Arguments& arguments) {
  CommandLine line = make_run_command_line();
  Console console;
  try {
    if (line.parse(arguments)) return Run(read_run_options(line), console).run();
  } catch (const UsageError& error) {
    console.tell("mesosio run: " + std::string(error.what()) + "; see 'mesosio run --help'");
    return exit_usage;
  }
  return console.print(line.help()) ? exit_success : exit_failed;
}

}  // namespace mesosio::tool
