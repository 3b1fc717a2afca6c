// The status updates that an agent owes to frameworks.
#include "local/update_streams.hpp"

#include <algorithm>

namespace mesosio::local {
namespace {

constexpr std::chrono::minutes longest_interval{10};

}  // namespace

void UpdateStreams::send(const Key& key, Stream& stream, Now now, AgentEffects& out) const {
  stream.retry_at = later(now.steady, stream.interval);
  out.push_back(ForwardUpdate{key.first, stream.updates.front(), stream.updates.back().state()});
}

void UpdateStreams::add(const std::string& framework_id, mesos::v1::TaskStatus status, Now now,
                        AgentEffects& out) {
  const Key key(framework_id, status.task_id().value());
  Stream& stream = streams_[key];
  stream.updates.push_back(std::move(status));
  if (stream.updates.size() == 1) {
    stream.interval = retry_interval_;
    send(key, stream, now, out);
  }
}

void UpdateStreams::acknowledge(const std::string& framework_id, const std::string& task_id,
                                const std::string& uuid, Now now, AgentEffects& out) {
  const auto at = streams_.find(Key(framework_id, task_id));
  if (at == streams_.end() || at->second.updates.front().uuid() != uuid) {
    return;
  }
  Stream& stream = at->second;
  stream.updates.pop_front();
  if (stream.updates.empty()) {
    streams_.erase(at);
    return;
  }
  stream.interval = retry_interval_;
  send(at->first, stream, now, out);
}

void UpdateStreams::resend(const std::string& framework_id, Now now, AgentEffects& out) {
  for (auto at = streams_.lower_bound(Key(framework_id, {}));
       at != streams_.end() && at->first.first == framework_id; ++at) {
    at->second.interval = retry_interval_;
    send(at->first, at->second, now, out);
  }
}

void UpdateStreams::forget(const std::string& framework_id) {
  const auto begin = streams_.lower_bound(Key(framework_id, {}));
  const auto end =
      std::find_if(begin, streams_.end(), [&](const auto& each) { return each.first.first != framework_id; });
  streams_.erase(begin, end);
}

void UpdateStreams::tick(Now now, AgentEffects& out) {
  for (auto& [key, stream] : streams_) {
    if (stream.retry_at <= now.steady) {
      stream.interval =
          std::min<Duration>(stream.interval * 2, std::max<Duration>(longest_interval, retry_interval_));
      send(key, stream, now, out);
    }
  }
}

TimePoint UpdateStreams::next_deadline() const {
  TimePoint next = TimePoint::max();
  for (const auto& [key, stream] : streams_) {
    next = std::min(next, stream.retry_at);
  }
  return next;
}

}  // namespace mesosio::local
