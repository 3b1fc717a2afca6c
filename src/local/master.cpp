// The master's entries: which call goes where, and what is due when.
#include "local/master.hpp"

#include "local/events.hpp"
#include "local/framework_info.hpp"

#include <algorithm>

namespace mesosio::local {

Master::Master(MasterConfig config)
    : config_(std::move(config)), uuids_(config_.seed), allocator_(config_.allocation_interval) {}

void Master::add_agent(AgentDescription agent, Now now, MasterEffects& out) {
  allocator_.add_agent(agent.id, agent.resources);
  const std::string id = agent.id;
  agents_.insert_or_assign(id, std::move(agent));
  allocate(now, out);
}

void Master::remove_agent(const std::string& agent_id, const std::string& why, Now now, MasterEffects& out) {
  if (agents_.erase(agent_id) == 0) {
    return;
  }
  for (auto at = offers_.begin(); at != offers_.end();) {
    const OutstandingOffer& offer = at->second;
    if (offer.agent_id != agent_id) {
      ++at;
      continue;
    }
    send(frameworks_.at(offer.framework_id), events::rescind(offer.id), out);
    allocator_.recover(now, {offer.framework_id, offer.role, agent_id, offer.resources}, {});
    at = offers_.erase(at);
  }
  for (auto& [framework_id, framework] : frameworks_) {
    for (auto at = framework.tasks.begin(); at != framework.tasks.end();) {
      Task& task = at->second;
      if (task.agent_id != agent_id) {
        ++at;
        continue;
      }
      auto status = events::master_status(task.id, aware(framework, mesos::v1::TASK_GONE),
                                          mesos::v1::TaskStatus::REASON_AGENT_REMOVED, why, now);
      status.mutable_agent_id()->set_value(agent_id);
      end_task(framework, task, now);
      send(framework, events::update(std::move(status)), out);
      at = framework.tasks.erase(at);
    }
    send(framework, events::agent_failure(agent_id), out);
  }
  allocator_.remove_agent(agent_id);
}

CallAnswer Master::call(Call call, std::optional<std::string_view> stream_id, Now now, MasterEffects& out) {
  const auto at = frameworks_.find(call.framework_id().value());
  if (at == frameworks_.end()) {
    return {400, "Framework cannot be found"};
  }
  Framework& framework = at->second;
  if (!framework.stream) {
    return {403, "Framework is not subscribed"};
  }
  if (!stream_id) {
    return {400, "All non-subscribe calls should include the 'Mesos-Stream-Id' header"};
  }
  if (*stream_id != framework.stream_id) {
    return {
        400,
        "The stream ID '" + std::string(*stream_id) +
            "' included in this request didn't match the stream ID currently associated with framework ID " +
            framework.id};
  }
  switch (call.type()) {
    case Call::TEARDOWN:
      remove_framework(std::string(framework.id), now, out);
      break;
    case Call::ACCEPT:
      accept(framework, call.accept(), now, out);
      break;
    case Call::DECLINE:
      decline(framework, call.decline(), now);
      break;
    case Call::REVIVE:
      allocator_.revive(framework.id, {call.revive().roles().begin(), call.revive().roles().end()});
      allocate(now, out);
      break;
    case Call::SUPPRESS:
      allocator_.suppress(framework.id, {call.suppress().roles().begin(), call.suppress().roles().end()});
      break;
    case Call::KILL:
      kill(framework, call.kill(), now, out);
      break;
    case Call::SHUTDOWN:
      shutdown(framework, call.shutdown(), out);
      break;
    case Call::ACKNOWLEDGE:
      acknowledge(framework, call.acknowledge(), out);
      break;
    case Call::RECONCILE:
      reconcile(framework, call.reconcile(), now, out);
      break;
    case Call::RECONCILE_OPERATIONS:
      reconcile_operations(framework, call.reconcile_operations(), out);
      break;
    case Call::UPDATE_FRAMEWORK:
      return update_framework(framework, call.update_framework(), now, out);
    case Call::MESSAGE:                // best effort, and a command task has no executor that would listen
    case Call::REQUEST:                // the allocator of Mesos does nothing with it either
    case Call::ACCEPT_INVERSE_OFFERS:  // there are no inverse offers yet
    case Call::DECLINE_INVERSE_OFFERS:
    case Call::ACKNOWLEDGE_OPERATION_STATUS:  // operation statuses are made by the master, and bear no uuid
      break;
    default:
      return {501, {}};
  }
  return {202, {}};
}

void Master::stream_closed(StreamNumber stream, Now now, MasterEffects& out) {
  const auto at = std::find_if(frameworks_.begin(), frameworks_.end(),
                               [&](const auto& each) { return each.second.stream == stream; });
  if (at == frameworks_.end()) {
    return;  // an older stream of a framework that has failed over, or one that was refused
  }
  disconnect(at->second, now);
  tick(now, out);  // a failover timeout of 0 has passed already
}

void Master::tick(Now now, MasterEffects& out) {
  std::vector<std::string> gone;
  for (auto& [id, framework] : frameworks_) {
    if (!framework.stream && framework.remove_at <= now.steady) {
      gone.push_back(id);
    }
    if (framework.stream && framework.next_heartbeat <= now.steady) {
      send(framework, events::heartbeat(), out);
      framework.next_heartbeat = later(now.steady, config_.heartbeat_interval);
    }
  }
  for (const std::string& id : gone) {
    remove_framework(id, now, out);
  }
  if (next_allocation_ <= now.steady) {
    allocate(now, out);
    next_allocation_ = later(now.steady, config_.allocation_interval);
  }
}

TimePoint Master::next_deadline() const {
  TimePoint next = TimePoint::max();
  bool subscribed = false;
  for (const auto& [id, framework] : frameworks_) {
    subscribed = subscribed || framework.stream.has_value();
    next = std::min(next, framework.stream ? framework.next_heartbeat : framework.remove_at);
  }
  return subscribed ? std::min(next, next_allocation_) : next;
}

void Master::send(const Framework& framework, Event event, MasterEffects& out) const {
  if (framework.stream) {
    out.push_back(SendEvent{*framework.stream, std::move(event)});
  }
}

mesos::v1::TaskState Master::aware(const Framework& framework, mesos::v1::TaskState state) {
  return has_capability(*framework.info, mesos::v1::FrameworkInfo::Capability::PARTITION_AWARE)
             ? state
             : mesos::v1::TASK_LOST;
}

}  // namespace mesosio::local
