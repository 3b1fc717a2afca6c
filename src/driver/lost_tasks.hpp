// What libmesos tells a framework of tasks that it launched while there was no master to launch them.
#pragma once

#include <mesosio/messages.hpp>

#include <vector>

namespace mesosio::driver {

// Whether the framework is PARTITION_AWARE, and so wants TASK_DROPPED where others get TASK_LOST.
[[nodiscard]] bool is_partition_aware(const FrameworkInfo& info);

// One status for each task of the LAUNCH and LAUNCH_GROUP operations of an ACCEPT, in their order; none for
// another call. `now` is in seconds since the epoch.
[[nodiscard]] std::vector<TaskStatus> lost_tasks(const scheduler::Call& call, bool partition_aware,
                                                 double now);

}  // namespace mesosio::driver
