// Command tasks on an agent: started, killed with grace, timed out, and every change reported.
#include "local/agent.hpp"

#include "local/framework_info.hpp"

#include <signal.h>

#include <algorithm>

namespace mesosio::local {
namespace {

using mesos::v1::FrameworkInfo;
using mesos::v1::TaskStatus;

// What Mesos grants when neither task nor call has a kill policy.
constexpr std::chrono::seconds default_kill_grace{3};
// What executors get when their framework goes.
constexpr std::chrono::seconds shutdown_grace{5};

std::chrono::nanoseconds not_negative(std::int64_t nanoseconds) {
  return std::chrono::nanoseconds(std::max<std::int64_t>(0, nanoseconds));
}

}  // namespace

Agent::Agent(AgentSettings settings)
    : settings_(std::move(settings)), uuids_(settings_.seed), updates_(settings_.update_retry_interval) {}

void Agent::run(const RunTask& order, Now now, AgentEffects& out) {
  const mesos::v1::TaskInfo& task = order.task;
  Run run;
  run.framework_id = order.framework_id;
  run.task_id = task.task_id().value();
  run.tells_killing = has_capability(*order.framework, FrameworkInfo::Capability::TASK_KILLING_STATE);
  run.grace = task.kill_policy().has_grace_period()
                  ? not_negative(task.kill_policy().grace_period().nanoseconds())
                  : default_kill_grace;
  if (task.has_max_completion_time()) {
    run.most_time = not_negative(task.max_completion_time().nanoseconds());
  }
  const std::string container_id = codec::uuid_text(uuids_.next());
  const std::string endpoint = settings_.address + ':' + std::to_string(settings_.port);
  run.place = {settings_.id,
               endpoint,
               "slave(" + std::to_string(settings_.number) + ")@" + endpoint,
               order.framework_id,
               container_id,
               settings_.work_dir + "/slaves/" + settings_.id + "/frameworks/" + order.framework_id +
                   "/executors/" + run.task_id + "/runs/" + container_id};

  if (task.command().has_user() && task.command().user() != settings_.user) {
    const bool aware = has_capability(*order.framework, FrameworkInfo::Capability::PARTITION_AWARE);
    report_as_agent(run, aware ? mesos::v1::TASK_DROPPED : mesos::v1::TASK_LOST,
                    TaskStatus::REASON_EXECUTOR_TERMINATED,
                    "Task asks for user '" + printable(task.command().user(), 64) +
                        "', but this local cluster runs all tasks as '" + settings_.user + '\'',
                    now, out);
    return;
  }
  if (const auto why = cannot_run(task)) {
    report_as_agent(run, mesos::v1::TASK_FAILED, TaskStatus::REASON_CONTAINER_LAUNCH_FAILED, *why, now, out);
    return;
  }
  out.push_back(StartProcess{command_process(task, run.place)});
  if (task.has_check() || task.has_health_check()) {
    out.push_back(
        WriteError{run.place.sandbox + "/stderr", "This local cluster runs no checks and no health checks."});
  }
  runs_.emplace(container_id, std::move(run));
}

void Agent::kill(const KillTask& order, Now now, AgentEffects& out) {
  const auto at = std::find_if(runs_.begin(), runs_.end(), [&](const auto& each) {
    return !each.second.silent && each.second.framework_id == order.framework_id &&
           each.second.task_id == order.task_id;
  });
  if (at == runs_.end()) {
    return;  // it has ended, and its last update is on the way
  }
  Run& run = at->second;
  if (order.grace) {
    run.grace = not_negative(order.grace->count());
  }
  if (run.signalled) {
    // A second kill can only make it end earlier.
    run.kill_at = std::min(run.kill_at, later(now.steady, run.grace));
    return;
  }
  run.killed = true;
  if (run.started) {
    if (run.tells_killing) {
      report(run, mesos::v1::TASK_KILLING, {}, now, out);
    }
    terminate(at->first, run, now, out);
  }
}

void Agent::terminate(const std::string& container_id, Run& run, Now now, AgentEffects& out) {
  run.signalled = true;
  run.kill_at = later(now.steady, run.grace);
  out.push_back(SignalProcess{container_id, SIGTERM});
}

void Agent::acknowledge(const AcknowledgeUpdate& order, Now now, AgentEffects& out) {
  updates_.acknowledge(order.framework_id, order.task_id, order.uuid, now, out);
}

void Agent::resend(const ResendUpdates& order, Now now, AgentEffects& out) {
  updates_.resend(order.framework_id, now, out);
}

void Agent::shutdown(const ShutdownFramework& order, Now now, AgentEffects& out) {
  for (auto& [container_id, run] : runs_) {
    if (run.framework_id != order.framework_id) {
      continue;
    }
    run.silent = true;
    run.killed = true;
    run.grace = std::min<std::chrono::nanoseconds>(run.grace, shutdown_grace);
    if (run.started && !run.signalled) {
      terminate(container_id, run, now, out);
    }
  }
  updates_.forget(order.framework_id);
}

void Agent::process_started(const std::string& container_id, int pid, Now now, AgentEffects& out) {
  const auto at = runs_.find(container_id);
  if (at == runs_.end()) {
    return;
  }
  Run& run = at->second;
  run.started = true;
  run.pid = pid;
  if (run.most_time) {
    run.out_of_time_at = later(now.steady, *run.most_time);
  }
  report(run, mesos::v1::TASK_STARTING, {}, now, out);
  report(run, mesos::v1::TASK_RUNNING, {}, now, out);
  if (run.killed) {
    if (run.tells_killing) {
      report(run, mesos::v1::TASK_KILLING, {}, now, out);
    }
    terminate(container_id, run, now, out);
  }
}

void Agent::process_failed(const std::string& container_id, const std::string& why, Now now,
                           AgentEffects& out) {
  const auto at = runs_.find(container_id);
  if (at == runs_.end()) {
    return;
  }
  const Run& run = at->second;
  out.push_back(WriteError{run.place.sandbox + "/stderr", why});
  report(run, mesos::v1::TASK_STARTING, {}, now, out);
  report(run, mesos::v1::TASK_RUNNING, {}, now, out);
  report(run, mesos::v1::TASK_FAILED, "Command exited with status 1", now, out);
  runs_.erase(at);
}

void Agent::process_exited(const std::string& container_id, int wait_status, Now now, AgentEffects& out) {
  const auto at = runs_.find(container_id);
  if (at == runs_.end()) {
    return;
  }
  const Run& run = at->second;
  const auto state = run.killed         ? mesos::v1::TASK_KILLED
                     : run.out_of_time  ? mesos::v1::TASK_FAILED
                     : wait_status == 0 ? mesos::v1::TASK_FINISHED
                                        : mesos::v1::TASK_FAILED;
  report(run, state, describe_end(wait_status), now, out);
  runs_.erase(at);
}

void Agent::container_failed(const std::string& container_id, const std::string& why, Now now,
                             AgentEffects& out) {
  const auto at = runs_.find(container_id);
  if (at == runs_.end()) {
    return;
  }
  const Run& run = at->second;
  report_as_agent(
      run, mesos::v1::TASK_FAILED,
      run.started ? TaskStatus::REASON_EXECUTOR_TERMINATED : TaskStatus::REASON_CONTAINER_LAUNCH_FAILED,
      (run.started ? "Executor terminated: " : "Failed to launch container: ") + why, now, out);
  runs_.erase(at);
}

TaskStatus Agent::make_status(const Run& run, mesos::v1::TaskState state, Now now) {
  TaskStatus status;
  status.mutable_task_id()->set_value(run.task_id);
  status.set_state(state);
  status.mutable_agent_id()->set_value(settings_.id);
  status.mutable_executor_id()->set_value(run.task_id);
  status.set_timestamp(now.unix_seconds);
  status.set_uuid(uuids_.next());
  return status;
}

void Agent::report(const Run& run, mesos::v1::TaskState state, const std::string& message, Now now,
                   AgentEffects& out) {
  if (run.silent) {
    return;
  }
  TaskStatus status = make_status(run, state, now);
  status.set_source(TaskStatus::SOURCE_EXECUTOR);
  if (!message.empty()) {
    status.set_message(message);
  }
  if (state == mesos::v1::TASK_FAILED && run.out_of_time) {
    status.set_reason(TaskStatus::REASON_MAX_COMPLETION_TIME_REACHED);
  }
  auto& container = *status.mutable_container_status();
  container.mutable_container_id()->set_value(run.place.container_id);
  container.add_network_infos()->add_ip_addresses()->set_ip_address(settings_.address);
  if (run.started) {
    container.set_executor_pid(static_cast<std::uint32_t>(run.pid));
  }
  updates_.add(run.framework_id, std::move(status), now, out);
}

void Agent::report_as_agent(const Run& run, mesos::v1::TaskState state, TaskStatus::Reason reason,
                            const std::string& message, Now now, AgentEffects& out) {
  if (run.silent) {
    return;
  }
  TaskStatus status = make_status(run, state, now);
  status.set_source(TaskStatus::SOURCE_AGENT);
  status.set_reason(reason);
  status.set_message(message);
  updates_.add(run.framework_id, std::move(status), now, out);
}

void Agent::tick(Now now, AgentEffects& out) {
  for (auto& [container_id, run] : runs_) {
    if (run.out_of_time_at <= now.steady) {
      run.out_of_time_at = TimePoint::max();
      if (!run.signalled) {
        run.out_of_time = true;
        terminate(container_id, run, now, out);
      }
    }
    if (run.kill_at <= now.steady) {
      run.kill_at = TimePoint::max();
      out.push_back(SignalProcess{container_id, SIGKILL});
    }
  }
  updates_.tick(now, out);
}

TimePoint Agent::next_deadline() const {
  TimePoint next = updates_.next_deadline();
  for (const auto& [container_id, run] : runs_) {
    next = std::min({next, run.kill_at, run.out_of_time_at});
  }
  return next;
}

}  // namespace mesosio::local
