// Builds the events and statuses that a master itself makes.
#pragma once

#include "local/master_state.hpp"
#include "local/now.hpp"

#include <mesos/v1/scheduler/scheduler.pb.h>

#include <string>

namespace mesosio::local::events {

using mesos::v1::scheduler::Event;

// The version that /version and MasterInfo tell: that of the Mesos whose behaviour this master has.
inline constexpr const char* mesos_version = "1.12.0";

[[nodiscard]] Event subscribed(const std::string& framework_id, const MasterConfig& config);
[[nodiscard]] Event heartbeat();
[[nodiscard]] Event error(std::string message);
[[nodiscard]] Event rescind(const std::string& offer_id);
[[nodiscard]] Event update(mesos::v1::TaskStatus status);
[[nodiscard]] Event operation_status(const mesos::v1::OperationID& id, mesos::v1::OperationState state,
                                     std::string message);
[[nodiscard]] Event agent_failure(const std::string& agent_id);

// A status made by the master: it has no uuid, since nobody is to acknowledge it.
[[nodiscard]] mesos::v1::TaskStatus master_status(const std::string& task_id, mesos::v1::TaskState state,
                                                  mesos::v1::TaskStatus::Reason reason, std::string message,
                                                  Now now);

}  // namespace mesosio::local::events
