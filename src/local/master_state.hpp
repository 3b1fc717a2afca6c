// What a master of the local cluster remembers: agents, frameworks, their tasks and the offers that are out.
#pragma once

#include "local/effects.hpp"
#include "local/now.hpp"
#include "local/resources.hpp"

#include <mesos/v1/mesos.pb.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace mesosio::local {

struct MasterConfig {
  std::string id;  // first part of all ids that the master gives
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  Duration heartbeat_interval = std::chrono::seconds(15);
  Duration allocation_interval = std::chrono::milliseconds(100);
  std::size_t max_frameworks = 1000;
  std::uint64_t seed = 0;  // of the stream ids
};

// An agent as it registers with the master.
struct AgentDescription {
  std::string id;
  std::string hostname;
  Resources resources;
  google::protobuf::RepeatedPtrField<mesos::v1::Attribute> attributes;
  mesos::v1::URL url;
};

struct Task {
  std::string id;
  std::string name;
  std::string agent_id;
  std::string role;
  Resources resources;                                   // empty once the task has ended
  mesos::v1::TaskState state = mesos::v1::TASK_STAGING;  // the newest that the agent has told of
  // Of the newest update that was forwarded to the framework, which reconciliation repeats.
  mesos::v1::TaskStatus forwarded;
};

struct Framework {
  std::string id;
  std::shared_ptr<const mesos::v1::FrameworkInfo> info;  // never null; replaced when it changes
  std::set<std::string> roles;
  std::optional<StreamNumber> stream;  // its open subscription
  std::string stream_id;               // of the current or the last subscription
  TimePoint next_heartbeat{};
  TimePoint remove_at = TimePoint::max();  // when it has no subscription
  std::map<std::string, Task> tasks;
};

struct OutstandingOffer {
  std::string id;
  std::string framework_id;
  std::string agent_id;
  std::string role;
  Resources resources;
};

[[nodiscard]] inline bool is_terminal(mesos::v1::TaskState state) noexcept {
  switch (state) {
    case mesos::v1::TASK_FINISHED:
    case mesos::v1::TASK_FAILED:
    case mesos::v1::TASK_KILLED:
    case mesos::v1::TASK_ERROR:
    case mesos::v1::TASK_LOST:
    case mesos::v1::TASK_DROPPED:
    case mesos::v1::TASK_GONE:
    case mesos::v1::TASK_GONE_BY_OPERATOR:
      return true;
    default:
      return false;
  }
}

}  // namespace mesosio::local
