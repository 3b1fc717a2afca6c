/// A Mesos master and agents inside this process, for tests and for trying a framework out without a cluster.
#pragma once

#include <mesosio/error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace spdlog {
class logger;
}

namespace mesosio::local {

/// One agent, where it is to differ from the others.
struct AgentConfig {
  /// What it offers, in the notation of Mesos: `cpus:4;mem:4096;ports:[31000-32000];bugs:{a,b}`. Scalars (mem
  /// and disk in MiB) are kept in thousandths; roles and JSON are not read here. Empty:
  /// `ClusterConfig::resources`.
  std::string resources;
  /// The `hostname` of its offers. Empty: the cluster's address.
  std::string hostname;
  /// Its attributes: `rack:r-1;level:10.5;ids:[1-3]`. Empty: none.
  std::string attributes;
};

struct ClusterConfig {
  /// IPv4 address to listen on. There is no authentication: whoever reaches it can run commands as this user.
  std::string address = "127.0.0.1";
  /// Port to listen on; 0 takes a free one, which `Cluster::port` tells.
  std::uint16_t port = 0;
  /// How many agents there are, 1000 at most. At least as many as there are entries in `agent_configs`.
  std::size_t agents = 1;
  /// What each agent offers unless its own entry says otherwise; see AgentConfig.
  std::string resources = "cpus:4;mem:4096;disk:8192;ports:[31000-32000]";
  /// The first agents, one by one.
  std::vector<AgentConfig> agent_configs;

  /// Between two HEARTBEAT events of a subscription; told to frameworks. Must be positive. That of Mesos is
  /// 15 s.
  std::chrono::milliseconds heartbeat_interval{15'000};
  /// Free resources are offered again after this time. Must be positive. That of Mesos is 1 s; a test waits
  /// less.
  std::chrono::milliseconds allocation_interval{50};
  /// An unacknowledged status update is repeated after this time, and then after twice the time before, up to
  /// ten minutes. Must be positive.
  std::chrono::milliseconds update_retry_interval{10'000};

  /// Where the sandboxes of tasks are made (`slaves/AGENT/frameworks/FRAMEWORK/executors/TASK/runs/ID`, with
  /// the files stdout and stderr). Made if absent, and kept. Empty: a new directory under /tmp, removed by
  /// `stop`.
  std::string work_dir;
  /// The program `mesosio-task-reaper` that runs and owns the tasks. Empty: looked for beside the library, in
  /// the build tree and in the install tree.
  std::string task_helper;

  /// Connections at one time. At one more, the one that idles longest is closed.
  std::size_t max_connections = 1024;
  /// The largest body of a request, in bytes, also after unpacking; a larger one is answered with 413.
  std::size_t max_request_bytes = std::size_t{32} << 20;
  /// How many bytes of its event stream a client may leave unread before its connection is cut off.
  std::size_t max_stream_buffer_bytes = std::size_t{64} << 20;
  /// A request that has not come to its end within this time from its first byte is given up.
  std::chrono::milliseconds request_timeout{30'000};

  /// Where to log; null: nowhere. Used from the cluster's thread too: its sinks must be thread-safe.
  std::shared_ptr<spdlog::logger> logger;
};

/// A master with its agents, on one thread of its own, that speaks the Mesos v1 scheduler API over HTTP and
/// really runs command tasks as processes.
///
/// Towards frameworks it behaves as a Mesos 1.12 master without authentication does: the same events, status
/// codes, reasons and texts. For now in protobuf only: a request in JSON is answered with 415.
///
/// - Paths: `POST /api/v1/scheduler` (also under `/master`, and with a slash at the end); `GET /health`,
/// `/version`,
///   `/redirect`, and a small `/state`.
/// - Tasks are commands, in shell or argv form, and run as the user of this process: `FrameworkInfo.user` is
/// not
///   looked at (as on an agent with --no-switch_user), and a task whose `CommandInfo.user` is another user is
///   refused with TASK_DROPPED or TASK_LOST. Their environment is that of a Mesos agent (MESOS_SANDBOX,
///   MESOS_TASK_ID,
///   ...), a PATH and the command's own variables: nothing of this process' environment. Resources are
///   counted, not enforced.
/// - Not yet: custom executors, task groups, operations other than LAUNCH, offer constraints (all refused as
/// a master
///   refuses what is invalid); URIs, images and volumes (TASK_FAILED); checks and health checks (not run,
///   which the task's stderr says).
///
/// **Nothing that it started survives it**: neither `stop`, nor the end of this process in whatever way.
///
/// Thread safety: all members may be called from any thread. Several clusters in one process do not know each
/// other.
class Cluster {
 public:
  explicit Cluster(ClusterConfig config = {});
  /// As `stop`.
  ~Cluster();

  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  /// Starts master, agents and the helper for tasks, and returns when they can be used.
  ///
  /// Errors: invalid_argument (a value of the configuration, quoting what is wrong in it; the helper was not
  /// found; the work directory cannot be made), connect_failed (the port is in use; the helper does not
  /// start), already_running, stopped. After an error nothing runs, and `start` may be tried again.
  [[nodiscard]] Error start();

  /// Ends every task, closes every connection and removes a temporary work directory; returns when that is
  /// done. Does nothing when it has not started or has been stopped. A stopped cluster cannot be started
  /// again.
  void stop();

  /// The port that it listens on; 0 unless it runs.
  [[nodiscard]] std::uint16_t port() const;
  /// `http://127.0.0.1:PORT`, for clients; empty unless it runs.
  [[nodiscard]] std::string url() const;
  /// The directory of the sandboxes; empty unless it runs.
  [[nodiscard]] std::string work_dir() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mesosio::local
