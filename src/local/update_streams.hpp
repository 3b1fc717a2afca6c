// The status updates that an agent owes to frameworks: in order for each task, again and again until
// acknowledged.
#pragma once

#include "local/effects.hpp"
#include "local/now.hpp"

#include <mesos/v1/mesos.pb.h>

#include <deque>
#include <map>
#include <string>
#include <utility>

namespace mesosio::local {

// One update of a task is out at a time; the next one goes out when it has been acknowledged. An
// unacknowledged one is repeated after the interval, which doubles with each time up to ten minutes.
class UpdateStreams {
 public:
  explicit UpdateStreams(Duration retry_interval) : retry_interval_(retry_interval) {}

  void add(const std::string& framework_id, mesos::v1::TaskStatus status, Now now, AgentEffects& out);
  // Nothing happens unless `uuid` is that of the update that is out.
  void acknowledge(const std::string& framework_id, const std::string& task_id, const std::string& uuid,
                   Now now, AgentEffects& out);
  // Repeats at once what the framework has not acknowledged.
  void resend(const std::string& framework_id, Now now, AgentEffects& out);
  void forget(const std::string& framework_id);

  void tick(Now now, AgentEffects& out);
  [[nodiscard]] TimePoint next_deadline() const;
  [[nodiscard]] bool empty() const noexcept { return streams_.empty(); }

 private:
  struct Stream {
    std::deque<mesos::v1::TaskStatus> updates;  // the first is out
    TimePoint retry_at{};
    Duration interval{};
  };
  using Key = std::pair<std::string, std::string>;  // framework, task

  void send(const Key& key, Stream& stream, Now now, AgentEffects& out) const;

  Duration retry_interval_;
  std::map<Key, Stream> streams_;
};

}  // namespace mesosio::local
