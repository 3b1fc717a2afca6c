// A framework for tests: subscribes to a local cluster, sends calls, and waits for events.
#pragma once

#include "local/raw_client.hpp"

#include <mesos/v1/scheduler/scheduler.pb.h>

#include <deque>
#include <string>
#include <vector>

namespace mesosio::local::test {

using mesos::v1::scheduler::Call;
using mesos::v1::scheduler::Event;

// MULTI_ROLE, TASK_KILLING_STATE, PARTITION_AWARE and RESERVATION_REFINEMENT, in role "*".
[[nodiscard]] mesos::v1::FrameworkInfo framework_info();
[[nodiscard]] Call subscribe_call(const mesos::v1::FrameworkInfo& info);
[[nodiscard]] mesos::v1::TaskInfo shell_task(const std::string& id, const mesos::v1::Offer& offer,
                                             const std::string& command, double cpus = 0.1, double mem = 32);

inline const std::string protobuf_headers =
    "Content-Type: application/x-protobuf\r\nAccept: application/x-protobuf\r\n";

// A subscription and a second connection for calls.
class Framework {
 public:
  explicit Framework(std::uint16_t port, const mesos::v1::FrameworkInfo& info = framework_info());

  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] const std::string& stream_id() const { return stream_id_; }
  [[nodiscard]] mesos::v1::FrameworkInfo info() const;  // with its id, for a failover

  // The next event, heartbeats passed over. Throws when the stream has ended.
  [[nodiscard]] Event next();
  [[nodiscard]] Event next(Event::Type type);  // keeps events of other types for later
  [[nodiscard]] mesos::v1::Offer offer();
  // Acknowledges each update and returns the states until one that ends the task.
  std::vector<mesos::v1::TaskStatus> follow(const std::string& task_id);
  [[nodiscard]] mesos::v1::TaskStatus update();
  // Whether the stream has ended with its last chunk; reads what is before it.
  [[nodiscard]] bool ends();

  Answer call(Call call);
  Answer launch(const mesos::v1::Offer& offer, const std::vector<mesos::v1::TaskInfo>& tasks,
                double refuse_seconds = 0);
  Answer kill(const std::string& task_id, double grace_seconds = -1);
  Answer acknowledge(const mesos::v1::TaskStatus& status);
  Answer simple(Call::Type type);

  void disconnect() { events_.close(); }
  RawClient& stream() { return events_; }
  RawClient& calls() { return calls_; }

 private:
  Event receive();

  mesos::v1::FrameworkInfo info_;
  std::deque<Event> kept_;
  RawClient events_;
  RawClient calls_;
  std::string id_;
  std::string stream_id_;
};

// The one event of a record that is one chunk.
[[nodiscard]] Event parse_record(const std::string& chunk);

}  // namespace mesosio::local::test
