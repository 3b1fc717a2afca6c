// What the state machines of the local cluster ask for: values that the engine turns into I/O or hands on.
#pragma once

#include "local/task_supervisor.hpp"

#include <mesos/v1/scheduler/scheduler.pb.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mesosio::local {

// Names one answer of the HTTP server that stays open as an event stream. Never used again within a cluster.
using StreamNumber = std::uint64_t;

// --- what a master asks for

struct SendEvent {
  StreamNumber stream = 0;
  mesos::v1::scheduler::Event event;
};

// Ends the stream with its last chunk; the connection stays open.
struct EndStream {
  StreamNumber stream = 0;
};

struct RunTask {
  std::string agent_id;
  std::string framework_id;
  std::shared_ptr<const mesos::v1::FrameworkInfo> framework;
  mesos::v1::TaskInfo task;
};

struct KillTask {
  std::string agent_id;
  std::string framework_id;
  std::string task_id;
  std::optional<std::chrono::nanoseconds> grace;  // of the call's kill policy, which wins over the task's
};

struct AcknowledgeUpdate {
  std::string agent_id;
  std::string framework_id;
  std::string task_id;
  std::string uuid;
};

// The framework has subscribed anew: what it has not acknowledged goes out again at once.
struct ResendUpdates {
  std::string agent_id;
  std::string framework_id;
};

struct ShutdownFramework {
  std::string agent_id;
  std::string framework_id;
};

using MasterEffect = std::variant<SendEvent, EndStream, RunTask, KillTask, AcknowledgeUpdate, ResendUpdates,
                                  ShutdownFramework>;
using MasterEffects = std::vector<MasterEffect>;

// --- what an agent asks for

// A status update on its way to the framework. `latest_state` is the newest that the agent knows of the task;
// the update itself can be an older one that waited for the acknowledgement of its predecessor.
struct ForwardUpdate {
  std::string framework_id;
  mesos::v1::TaskStatus status;
  mesos::v1::TaskState latest_state = mesos::v1::TASK_STAGING;
};

// Makes the directory of `process`, then starts it.
struct StartProcess {
  TaskProcess process;
};

struct SignalProcess {
  std::string id;
  int signal = 0;
};

// Adds a line to the standard error file of a task, as its executor would.
struct WriteError {
  std::string file;
  std::string line;
};

using AgentEffect = std::variant<ForwardUpdate, StartProcess, SignalProcess, WriteError>;
using AgentEffects = std::vector<AgentEffect>;

}  // namespace mesosio::local
