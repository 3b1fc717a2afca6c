// Tasks at the master: updates on their way, acknowledgements, kills and reconciliation.
#include "local/events.hpp"
#include "local/framework_info.hpp"
#include "local/master.hpp"

namespace mesosio::local {

using mesos::v1::TaskStatus;

void Master::update(const std::string& agent_id, const ForwardUpdate& update, Now now, MasterEffects& out) {
  const auto at = frameworks_.find(update.framework_id);
  if (at == frameworks_.end()) {
    return;  // removed, and the agent has been told so
  }
  Framework& framework = at->second;
  const auto task_at = framework.tasks.find(update.status.task_id().value());
  if (task_at != framework.tasks.end() && task_at->second.agent_id == agent_id) {
    Task& task = task_at->second;
    task.state = update.latest_state;
    task.forwarded = update.status;
    if (is_terminal(task.state)) {
      end_task(framework, task, now);
    }
  }
  send(framework, events::update(update.status), out);
}

// Its resources are free from now on, although the framework may not know yet that it has ended.
void Master::end_task(Framework& framework, Task& task, Now now) {
  allocator_.recover(now, {framework.id, task.role, task.agent_id, task.resources}, {});
  task.resources = {};
}

void Master::acknowledge(Framework& framework, const Call::Acknowledge& acknowledge, MasterEffects& out) {
  const std::string& agent_id = acknowledge.agent_id().value();
  if (agents_.count(agent_id) == 0) {
    return;
  }
  const std::string& task_id = acknowledge.task_id().value();
  const auto at = framework.tasks.find(task_id);
  if (at != framework.tasks.end() && at->second.agent_id == agent_id &&
      is_terminal(at->second.forwarded.state()) && at->second.forwarded.uuid() == acknowledge.uuid()) {
    framework.tasks.erase(at);
  }
  out.push_back(AcknowledgeUpdate{agent_id, framework.id, task_id, acknowledge.uuid()});
}

void Master::kill(Framework& framework, const Call::Kill& kill, Now now, MasterEffects& out) {
  const std::string& task_id = kill.task_id().value();
  const auto at = framework.tasks.find(task_id);
  if (at == framework.tasks.end()) {
    reconcile_task(framework, task_id, kill.agent_id().value(), now, out);
    return;
  }
  if (kill.has_agent_id() && kill.agent_id().value() != at->second.agent_id) {
    return;  // the framework is mistaken about the agent; Mesos does nothing either
  }
  std::optional<std::chrono::nanoseconds> grace;
  if (kill.kill_policy().has_grace_period()) {
    grace = std::chrono::nanoseconds(kill.kill_policy().grace_period().nanoseconds());
  }
  out.push_back(KillTask{at->second.agent_id, framework.id, task_id, grace});
}

// A command task is its own executor, whose id is that of the task.
void Master::shutdown(Framework& framework, const Call::Shutdown& shutdown, MasterEffects& out) {
  const auto at = framework.tasks.find(shutdown.executor_id().value());
  if (at != framework.tasks.end() && at->second.agent_id == shutdown.agent_id().value()) {
    out.push_back(KillTask{at->second.agent_id, framework.id, at->first, {}});
  }
}

void Master::reconcile(Framework& framework, const Call::Reconcile& reconcile, Now now, MasterEffects& out) {
  if (reconcile.tasks().empty()) {
    for (const auto& [task_id, task] : framework.tasks) {
      reconcile_task(framework, task_id, task.agent_id, now, out);
    }
  }
  for (const auto& task : reconcile.tasks()) {
    reconcile_task(framework, task.task_id().value(), task.agent_id().value(), now, out);
  }
}

void Master::reconcile_task(Framework& framework, const std::string& task_id, const std::string& agent_id,
                            Now now, MasterEffects& out) {
  const auto at = framework.tasks.find(task_id);
  const auto answer = [&](mesos::v1::TaskState state, const char* words) {
    return events::master_status(task_id, state, TaskStatus::REASON_RECONCILIATION, words, now);
  };
  TaskStatus status;
  if (at != framework.tasks.end()) {
    const Task& task = at->second;
    status = answer(task.forwarded.state(), "Reconciliation: Latest task state");
    status.mutable_agent_id()->set_value(task.agent_id);
    if (task.forwarded.has_container_status()) {
      *status.mutable_container_status() = task.forwarded.container_status();
    }
  } else {
    const bool agent_known = agents_.count(agent_id) != 0;
    status =
        agent_known
            ? answer(aware(framework, mesos::v1::TASK_GONE), "Reconciliation: Task is unknown to the agent")
            : answer(aware(framework, mesos::v1::TASK_UNKNOWN), "Reconciliation: Task is unknown");
    if (!agent_id.empty()) {
      status.mutable_agent_id()->set_value(agent_id);
    }
  }
  send(framework, events::update(std::move(status)), out);
}

// Operations are refused by the master itself and never pending, so that all are unknown afterwards.
void Master::reconcile_operations(Framework& framework, const Call::ReconcileOperations& reconcile,
                                  MasterEffects& out) {
  for (const auto& operation : reconcile.operations()) {
    const bool agent_unknown = operation.has_agent_id() && agents_.count(operation.agent_id().value()) == 0;
    Event event =
        events::operation_status(operation.operation_id(), mesos::v1::OPERATION_UNKNOWN,
                                 agent_unknown ? "Reconciliation: Both operation and agent are unknown"
                                               : "Reconciliation: Operation is unknown");
    auto& status = *event.mutable_update_operation_status()->mutable_status();
    if (operation.has_agent_id()) {
      *status.mutable_agent_id() = operation.agent_id();
    }
    if (operation.has_resource_provider_id()) {
      *status.mutable_resource_provider_id() = operation.resource_provider_id();
    }
    send(framework, std::move(event), out);
  }
}

}  // namespace mesosio::local
