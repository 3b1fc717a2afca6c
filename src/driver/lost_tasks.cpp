// Mirrors SchedulerProcess::acceptOffers in Mesos' src/sched/sched.cpp.
#include "driver/lost_tasks.hpp"

#include <algorithm>

namespace mesosio::driver {

bool is_partition_aware(const FrameworkInfo& info) {
  return std::any_of(info.capabilities().begin(), info.capabilities().end(), [](const auto& capability) {
    return capability.type() == FrameworkInfo::Capability::PARTITION_AWARE;
  });
}

std::vector<TaskStatus> lost_tasks(const scheduler::Call& call, bool partition_aware, double now) {
  std::vector<TaskStatus> lost;
  const auto lose = [&](const auto& tasks) {
    for (const TaskInfo& task : tasks) {
      TaskStatus& status = lost.emplace_back();
      *status.mutable_task_id() = task.task_id();
      *status.mutable_agent_id() = task.agent_id();
      status.set_state(partition_aware ? TASK_DROPPED : TASK_LOST);
      status.set_source(TaskStatus::SOURCE_MASTER);
      status.set_reason(TaskStatus::REASON_MASTER_DISCONNECTED);
      status.set_message("launched while the framework was not subscribed; not sent to a master");
      status.set_timestamp(now);
    }
  };
  if (call.type() != scheduler::Call::ACCEPT) return lost;
  for (const auto& operation : call.accept().operations()) {
    if (operation.type() == Offer::Operation::LAUNCH) lose(operation.launch().task_infos());
    if (operation.type() == Offer::Operation::LAUNCH_GROUP) {
      lose(operation.launch_group().task_group().tasks());
    }
  }
  return lost;
}

}  // namespace mesosio::driver
