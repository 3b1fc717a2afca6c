// The framework of `mesosio run`.
#include "tools/run_scheduler.hpp"

#include "tools/console.hpp"
#include "tools/options.hpp"
#include "tools/task_report.hpp"

#include <mesosio/error.hpp>
#include <mesosio/scheduler_calls.hpp>

#include <spdlog/logger.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace mesosio::tool {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

std::string describe(const TaskSize& size) {
  return "cpus " + format_amount(size.cpus) + ", mem " + format_amount(size.mem) + " MiB";
}

}  // namespace

RunScheduler::RunScheduler(const RunOptions& options, Console& console,
                           std::shared_ptr<spdlog::logger> logger, std::function<void()> on_end)
    : options_(options),
      console_(console),
      logger_(std::move(logger)),
      on_end_(std::move(on_end)),
      tasks_(options.tasks) {
  for (std::size_t i = 0; i < tasks_.size(); ++i) index_[make_task(options, i).task_id().value()] = i;
}

void RunScheduler::registered(SchedulerDriver*, const FrameworkID& framework_id, const MasterInfo&) {
  const std::lock_guard lock(mutex_);
  subscribed_ = true;
  ever_subscribed_ = true;
  logger_->info("subscribed as framework {}", printable(framework_id.value()));
  show_progress();
}

void RunScheduler::reregistered(SchedulerDriver* driver, const MasterInfo&) {
  const std::lock_guard lock(mutex_);
  subscribed_ = true;
  // What happened meanwhile may have been told to nobody, and a launch may have been lost on its way.
  std::vector<TaskStatus> open;
  for (const auto& [id, i] : index_) {
    if (i >= launched_ || tasks_[i].ended) continue;
    TaskStatus& status = open.emplace_back();
    status.mutable_task_id()->set_value(id);
    status.set_state(tasks_[i].state.value_or(TASK_STAGING));
    *status.mutable_agent_id() = tasks_[i].agent;
  }
  // An empty list would ask for all tasks.
  if (!open.empty()) driver->reconcileTasks(open);
  show_progress();
}

void RunScheduler::disconnected(SchedulerDriver*) {
  const std::lock_guard lock(mutex_);
  subscribed_ = false;
  show_progress();
}

void RunScheduler::resourceOffers(SchedulerDriver* driver, const std::vector<Offer>& offers) {
  const std::lock_guard lock(mutex_);
  std::map<std::string, AgentOffers> by_agent;
  for (const Offer& offer : offers) {
    AgentOffers& agent = by_agent[offer.agent_id().value()];
    agent.ids.push_back(offer.id());
    agent.left.insert(agent.left.end(), offer.resources().begin(), offer.resources().end());
  }
  for (auto& [id, agent] : by_agent) {
    AgentID agent_id;
    agent_id.set_value(id);
    launch(driver, agent_id, agent);
  }
  if (launched_ == tasks_.size()) driver->suppressOffers();
  show_progress();
}

void RunScheduler::launch(SchedulerDriver* driver, const AgentID& agent, AgentOffers& offers) {
  const TaskSize there = available(offers.left);
  if (there.cpus + there.mem / 1024 > largest_offer_.cpus + largest_offer_.mem / 1024) largest_offer_ = there;
  std::vector<TaskInfo> batch;
  while (launched_ < tasks_.size()) {
    auto resources = take(offers.left, options_.size);
    if (!resources) break;
    TaskInfo task = make_task(options_, launched_);
    *task.mutable_agent_id() = agent;
    task.mutable_resources()->Assign(resources->begin(), resources->end());
    batch.push_back(std::move(task));
    tasks_[launched_++].agent = agent;
  }
  // What is left over is wanted again soon, with what others give back, or not at all.
  const Filters filters = launched_ < tasks_.size() ? calls::filters(seconds(1)) : calls::filters(hours(1));
  logger_->debug("agent {} offers {}: launching {} tasks", printable(agent.value()), describe(there),
                 batch.size());
  if (!batch.empty()) {
    driver->launchTasks(offers.ids, batch, filters);
    return;
  }
  for (const OfferID& id : offers.ids) driver->declineOffer(id, filters);
}

void RunScheduler::statusUpdate(SchedulerDriver*, const TaskStatus& status) {
  const std::lock_guard lock(mutex_);
  take_update(status);
}

void RunScheduler::take_update(const TaskStatus& status) {
  const auto found = index_.find(status.task_id().value());
  if (found == index_.end()) {
    logger_->warn("an update of a task that is not of this run: {}", to_text(status));
    return;
  }
  Task& task = tasks_[found->second];
  const bool known = task.state == status.state() && status.reason() == TaskStatus::REASON_RECONCILIATION;
  if (task.ended || known) {
    logger_->debug("nothing new: {}", to_text(status));
    return;
  }
  if (task.state && --by_state_[*task.state] == 0) by_state_.erase(*task.state);
  task.state = status.state();
  ++by_state_[status.state()];
  task.ended = is_terminal(status.state());
  ended_ += task.ended ? 1 : 0;
  finished_ += status.state() == TASK_FINISHED ? 1 : 0;
  const bool printed =
      console_.print(options_.output == OutputFormat::json ? to_json(status) : to_text(status));
  show_progress();
  if (!printed || ended_ == tasks_.size()) on_end_();
}

void RunScheduler::error(SchedulerDriver*, const std::string& message) {
  const std::lock_guard lock(mutex_);
  driver_error_ = printable(message);
  subscribed_ = false;
  on_end_();
}

void RunScheduler::callFailed(SchedulerDriver* driver, const scheduler::Call& call,
                              const CallResult& result) {
  const std::lock_guard lock(mutex_);
  logger_->warn("{} failed ({}): {}", scheduler::Call::Type_Name(call.type()), to_string(result.outcome),
                result.error.to_string());
  for (const Offer::Operation& operation : call.accept().operations()) {
    launch_failed(driver, operation, result);
  }
}

void RunScheduler::launch_failed(SchedulerDriver* driver, const Offer::Operation& operation,
                                 const CallResult& result) {
  // The driver itself makes updates for tasks that it could not send for want of a subscription.
  if (result.outcome == CallOutcome::not_subscribed || result.outcome == CallOutcome::not_sent) return;
  std::vector<TaskStatus> asked;
  for (const TaskInfo& task : operation.launch().task_infos()) {
    TaskStatus status;
    *status.mutable_task_id() = task.task_id();
    *status.mutable_agent_id() = task.agent_id();
    if (result.outcome == CallOutcome::unknown) {
      status.set_state(TASK_STAGING);
      asked.push_back(std::move(status));
    } else {
      // No update comes of a launch that the master did not take.
      status.set_state(TASK_LOST);
      status.set_message("not launched: " + result.error.to_string());
      take_update(status);
    }
  }
  if (!asked.empty()) driver->reconcileTasks(asked);
}

bool RunScheduler::ever_subscribed() const {
  const std::lock_guard lock(mutex_);
  return ever_subscribed_;
}

bool RunScheduler::subscribed() const {
  const std::lock_guard lock(mutex_);
  return subscribed_;
}

bool RunScheduler::all_ended() const {
  const std::lock_guard lock(mutex_);
  return ended_ == tasks_.size();
}

bool RunScheduler::all_finished() const {
  const std::lock_guard lock(mutex_);
  return finished_ == tasks_.size();
}

std::optional<std::string> RunScheduler::driver_error() const {
  const std::lock_guard lock(mutex_);
  return driver_error_;
}

std::string RunScheduler::summary() const {
  const std::lock_guard lock(mutex_);
  return std::to_string(tasks_.size()) + (tasks_.size() == 1 ? " task: " : " tasks: ") + counts();
}

std::string RunScheduler::counts() const {
  std::string text;
  const auto add = [&text](std::size_t count, const std::string& what) {
    if (count > 0) text += (text.empty() ? "" : ", ") + std::to_string(count) + ' ' + what;
  };
  std::size_t heard_of = 0;
  for (const auto& [state, count] : by_state_) heard_of += count;
  add(tasks_.size() - launched_, "waiting for resources");
  add(launched_ - std::min(heard_of, launched_), "launched");
  for (const auto& [state, count] : by_state_) add(count, state_word(state));
  return text;
}

std::string RunScheduler::unfinished() const {
  constexpr std::size_t most_named = 5;
  const std::lock_guard lock(mutex_);
  std::string text;
  std::size_t named = 0;
  for (std::size_t i = 0; i < launched_ && named < most_named; ++i) {
    if (tasks_[i].ended) continue;
    const std::string state =
        tasks_[i].state ? TaskState_Name(*tasks_[i].state) : "no update since its launch";
    text += (text.empty() ? "" : ", ") + make_task(options_, i).task_id().value() + " (" + state + ')';
    ++named;
  }
  const std::size_t running = launched_ - std::min(ended_, launched_);
  if (running > named) text += " and " + std::to_string(running - named) + " more";
  if (launched_ < tasks_.size()) {
    text += (text.empty() ? "" : "; ") + std::to_string(tasks_.size() - launched_) +
            " not launched: each needs " + describe(options_.size) + ", the largest offer had " +
            describe(largest_offer_);
  }
  return text;
}

void RunScheduler::show_progress() {
  if (!console_.live()) return;
  console_.show("mesosio run: " + std::string(subscribed_ ? "" : "not subscribed; ") +
                std::to_string(ended_) + '/' + std::to_string(tasks_.size()) + " ended: " + counts());
}

}  // namespace mesosio::tool
