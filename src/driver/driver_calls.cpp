// Calls on their way to the master, and what is done when one fails.
#include "driver/driver_core.hpp"
#include "driver/framework_defaults.hpp"
#include "driver/lost_tasks.hpp"

#include <chrono>
#include <utility>

namespace mesosio::driver {
namespace {

// Whether a master may have seen the call.
bool was_sent(CallOutcome outcome) {
  return outcome == CallOutcome::accepted || outcome == CallOutcome::refused ||
         outcome == CallOutcome::unknown;
}

double seconds_since_epoch() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

Status DriverCore::send(scheduler::Call call) {
  return submit(std::make_shared<Sent>(Sent{std::move(call), Sent::By::user, std::nullopt}));
}

Status DriverCore::acknowledge(std::optional<scheduler::Call> call) {
  if (options_.implicit_acknowledgements) {
    const Status now = status();
    if (now == DRIVER_RUNNING) {
      log_->warn("an acknowledgement was asked for, but this driver acknowledges by itself; nothing is sent");
    }
    return now;
  }
  return call ? send(*std::move(call)) : status();
}

Status DriverCore::update_framework(scheduler::Call call) {
  {
    const std::lock_guard lock(mutex_);
    fill_from(framework_.info(), *call.mutable_update_framework()->mutable_framework_info());
  }
  if (call.update_framework().framework_info().has_id()) {
    *call.mutable_framework_id() = call.update_framework().framework_info().id();
  }
  return send(std::move(call));
}

Status DriverCore::submit(const SentPointer& sent) {
  {
    const std::lock_guard lock(mutex_);
    if (status_ != DRIVER_RUNNING) return status_;
    framework_.made(sent->call);
    sent->key = update_key(sent->call);
    if (sent->key) memory_.remember(*sent->key);
    ++outstanding_;
  }
  backend_->call(sent->call, [self = shared_from_this(), sent](const CallResult& result) {
    self->on_call_ended(sent, result);
  });
  return DRIVER_RUNNING;
}

// For the driver's own calls, which may still be made when it is ending.
void DriverCore::issue(const SentPointer& sent) {
  {
    const std::lock_guard lock(mutex_);
    if (sent->key) memory_.remember(*sent->key);
    ++outstanding_;
  }
  backend_->call(sent->call, [self = shared_from_this(), sent](const CallResult& result) {
    self->on_call_ended(sent, result);
  });
}

void DriverCore::acknowledge_as_driver(std::optional<scheduler::Call> call, bool again) {
  if (!call) return;
  const auto sent = std::make_shared<Sent>(Sent{*std::move(call), Sent::By::driver, std::nullopt});
  // A repetition that cannot be sent must not undo that the update is known: its first acknowledgement was.
  if (!again) sent->key = update_key(sent->call);
  issue(sent);
}

void DriverCore::on_call_ended(const SentPointer& sent, const CallResult& result) {
  bool last = false;
  {
    const std::lock_guard lock(mutex_);
    last = --outstanding_ == 0;
  }
  const bool full = result.outcome == CallOutcome::queue_full;
  if (full && sent->by != Sent::By::user && !forced_) {
    // In the order of making: behind what came back before, but what was tried again keeps its place in
    // front.
    if (std::exchange(sent->tried_again, true)) {
      waiting_.push_front(sent);
    } else {
      waiting_.push_back(sent);
    }
  } else {
    settle(sent, result);
  }
  // A call that ended has left room for one that waits. A queue that is full holds calls, and each of them
  // ends here: what waits is tried again for certain.
  if (!full || last) retry_one();
  if (waiting_.empty() && may_receive()) receive_next();
  end_when_drained();
}

void DriverCore::retry_one() {
  if (waiting_.empty() || forced_) return;
  const SentPointer next = waiting_.front();
  waiting_.pop_front();
  issue(next);
}

void DriverCore::settle(const SentPointer& sent, const CallResult& result) {
  bool partition_aware = false;
  {
    const std::lock_guard lock(mutex_);
    // The update comes again, and is then delivered again.
    if (sent->key && !was_sent(result.outcome)) memory_.forget(*sent->key);
    if (sent->by == Sent::By::user) framework_.ended(sent->call, result.outcome == CallOutcome::accepted);
    partition_aware = is_partition_aware(framework_.info());
  }
  if (result.outcome == CallOutcome::accepted) return;
  if (sent->by != Sent::By::user || !running()) return log_failure(*sent, result);
  callback("callFailed", [&] { dispatcher_.deliver_failed(sent->call, result); });
  const bool disconnected =
      result.outcome == CallOutcome::not_subscribed || result.outcome == CallOutcome::not_sent;
  if (!disconnected) return;
  for (const TaskStatus& status : lost_tasks(sent->call, partition_aware, seconds_since_epoch())) {
    if (!callback("statusUpdate", [&] { dispatcher_.deliver_status(status); })) return;
  }
}

void DriverCore::log_failure(const Sent& sent, const CallResult& result) {
  const std::string& name = scheduler::Call::Type_Name(sent.call.type());
  if (sent.by != Sent::By::teardown) {
    // A driver that has ended may leave thousands of calls unsent.
    const auto level = running() ? spdlog::level::warn : spdlog::level::info;
    return log_->log(level, "{} failed ({}): {}", name, to_string(result.outcome), result.error.to_string());
  }
  const bool doubtful = result.outcome == CallOutcome::unknown || result.outcome == CallOutcome::cancelled;
  log_->warn("{}: {}; the framework {}remains at the master until its failover_timeout of {} s has passed",
             doubtful ? "TEARDOWN was not answered" : "TEARDOWN did not succeed", result.error.to_string(),
             doubtful ? "perhaps " : "", config_.framework.failover_timeout());
}

}  // namespace mesosio::driver
