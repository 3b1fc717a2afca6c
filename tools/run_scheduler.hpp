// The framework of `mesosio run`: launches its tasks on what is offered and keeps account of them.
#pragma once

#include "tools/offer_fit.hpp"
#include "tools/run_options.hpp"

#include <mesosio/scheduler.hpp>
#include <mesosio/scheduler_driver.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace spdlog {
class logger;
}

namespace mesosio::tool {

class Console;

// Callbacks come on the driver's thread; the functions that tell how things stand may be called from any.
class RunScheduler final : public Scheduler {
 public:
  // `on_end` is called, on the driver's thread, when there is nothing more to wait for: every task has ended,
  // the driver has, or nobody takes the output. More than once is possible.
  RunScheduler(const RunOptions& options, Console& console, std::shared_ptr<spdlog::logger> logger,
               std::function<void()> on_end);

  [[nodiscard]] bool ever_subscribed() const;
  [[nodiscard]] bool subscribed() const;
  [[nodiscard]] bool all_ended() const;
  [[nodiscard]] bool all_finished() const;
  // What the driver ended with, safe to print; nothing if it did not.
  [[nodiscard]] std::optional<std::string> driver_error() const;
  // "3 tasks: 2 finished, 1 failed"
  [[nodiscard]] std::string summary() const;
  // The tasks that have not ended, and why not, as far as that is known; not all if they are many.
  [[nodiscard]] std::string unfinished() const;

  void registered(SchedulerDriver* driver, const FrameworkID& framework_id,
                  const MasterInfo& master) override;
  void reregistered(SchedulerDriver* driver, const MasterInfo& master) override;
  void disconnected(SchedulerDriver* driver) override;
  void resourceOffers(SchedulerDriver* driver, const std::vector<Offer>& offers) override;
  void offerRescinded(SchedulerDriver*, const OfferID&) override {}
  void statusUpdate(SchedulerDriver* driver, const TaskStatus& status) override;
  void frameworkMessage(SchedulerDriver*, const ExecutorID&, const AgentID&, const std::string&) override {}
  void slaveLost(SchedulerDriver*, const AgentID&) override {}
  void executorLost(SchedulerDriver*, const ExecutorID&, const AgentID&, int) override {}
  void error(SchedulerDriver* driver, const std::string& message) override;
  void callFailed(SchedulerDriver* driver, const scheduler::Call& call, const CallResult& result) override;

 private:
  struct Task {
    AgentID agent;
    std::optional<TaskState> state;  // none before the first update
    bool ended = false;
  };
  struct AgentOffers {
    std::vector<OfferID> ids;
    std::vector<Resource> left;
  };

  void launch(SchedulerDriver* driver, const AgentID& agent, AgentOffers& offers);
  void take_update(const TaskStatus& status);
  void launch_failed(SchedulerDriver* driver, const Offer::Operation& operation, const CallResult& result);
  void show_progress();
  [[nodiscard]] std::string counts() const;

  const RunOptions& options_;
  Console& console_;
  const std::shared_ptr<spdlog::logger> logger_;
  const std::function<void()> on_end_;

  mutable std::mutex mutex_;
  std::vector<Task> tasks_;
  std::map<std::string, std::size_t> index_;  // of a task id
  std::map<TaskState, std::size_t> by_state_;
  std::size_t launched_ = 0;  // tasks are launched in order
  std::size_t ended_ = 0;
  std::size_t finished_ = 0;
  TaskSize largest_offer_;
  bool subscribed_ = false;
  bool ever_subscribed_ = false;
  std::optional<std::string> driver_error_;
};

}  // namespace mesosio::tool
