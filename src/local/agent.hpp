// An agent of the local cluster as a pure state machine: runs command tasks and reports on them until it is
// heard.
#pragma once

#include "codec/uuid.hpp"
#include "local/command_task.hpp"
#include "local/effects.hpp"
#include "local/now.hpp"
#include "local/update_streams.hpp"

#include <mesos/v1/mesos.pb.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace mesosio::local {

struct AgentSettings {
  std::string id;
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  std::size_t number = 1;  // the N of slave(N)
  std::string work_dir;    // sandboxes are made under it
  std::string user;        // that all tasks run as
  Duration update_retry_interval = std::chrono::seconds(10);
  std::uint64_t seed = 0;  // of the uuids
};

// Knows neither processes nor clocks. Whoever carries its effects out reports to the process_ functions.
class Agent {
 public:
  explicit Agent(AgentSettings settings);

  [[nodiscard]] const std::string& id() const noexcept { return settings_.id; }

  // From the master.
  void run(const RunTask& order, Now now, AgentEffects& out);
  void kill(const KillTask& order, Now now, AgentEffects& out);
  void acknowledge(const AcknowledgeUpdate& order, Now now, AgentEffects& out);
  void resend(const ResendUpdates& order, Now now, AgentEffects& out);
  // Kills all of the framework's tasks and says no more about them.
  void shutdown(const ShutdownFramework& order, Now now, AgentEffects& out);

  // From the processes, named by container id. What is not known here any more is passed over.
  void process_started(const std::string& container_id, int pid, Now now, AgentEffects& out);
  // The command could not be executed. To the framework that is a command which fails at once, as with Mesos,
  // whose executor has started by then; the reason is in the task's stderr.
  void process_failed(const std::string& container_id, const std::string& why, Now now, AgentEffects& out);
  void process_exited(const std::string& container_id, int wait_status, Now now, AgentEffects& out);
  // There is no directory for it, or the helper that ran it is gone.
  void container_failed(const std::string& container_id, const std::string& why, Now now, AgentEffects& out);

  void tick(Now now, AgentEffects& out);
  [[nodiscard]] TimePoint next_deadline() const;
  [[nodiscard]] std::size_t running() const noexcept { return runs_.size(); }

 private:
  struct Run {
    std::string framework_id;
    std::string task_id;
    TaskPlace place;
    bool tells_killing = false;  // the framework knows TASK_KILLING
    bool silent = false;         // the framework is gone
    bool started = false;
    bool killed = false;
    bool out_of_time = false;  // max_completion_time has passed
    bool signalled = false;    // SIGTERM is out
    int pid = 0;
    std::chrono::nanoseconds grace{};
    std::optional<std::chrono::nanoseconds> most_time;  // max_completion_time
    TimePoint kill_at = TimePoint::max();               // SIGKILL
    TimePoint out_of_time_at = TimePoint::max();
  };

  [[nodiscard]] mesos::v1::TaskStatus make_status(const Run& run, mesos::v1::TaskState state, Now now);
  void report(const Run& run, mesos::v1::TaskState state, const std::string& message, Now now,
              AgentEffects& out);
  // An update of the agent itself, of a task that has or had no executor.
  void report_as_agent(const Run& run, mesos::v1::TaskState state, mesos::v1::TaskStatus::Reason reason,
                       const std::string& message, Now now, AgentEffects& out);
  void terminate(const std::string& container_id, Run& run, Now now, AgentEffects& out);

  AgentSettings settings_;
  codec::UuidGenerator uuids_;
  UpdateStreams updates_;
  std::map<std::string, Run> runs_;  // by container id
};

}  // namespace mesosio::local
