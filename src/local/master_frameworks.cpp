// The life of a framework at the master: subscription, failover, changes, disconnection and removal.
#include "local/events.hpp"
#include "local/framework_info.hpp"
#include "local/master.hpp"

#include <cstdio>

namespace mesosio::local {
namespace {

// As many removed frameworks are remembered, so that they cannot subscribe again.
constexpr std::size_t max_completed = 10'000;

std::set<std::string> as_set(const google::protobuf::RepeatedPtrField<std::string>& items) {
  return {items.begin(), items.end()};
}

std::optional<std::string> check_constraints(const mesos::v1::scheduler::OfferConstraints& constraints,
                                             const std::set<std::string>& roles) {
  for (const auto& [role, unused] : constraints.role_constraints()) {
    if (roles.count(role) == 0) {
      return "Offer constraints specify `role_constraints` for a role '" + printable(role, 64) +
             "'not contained in the set of roles";
    }
  }
  if (!constraints.role_constraints().empty()) {
    return "Offer constraints are not valid: this local master does not apply offer constraints";
  }
  return {};
}

}  // namespace

std::optional<std::string> Master::check_subscribe(const Call& call) const {
  const auto& subscribe = call.subscribe();
  if (auto words = check_framework_info(subscribe.framework_info())) {
    return words;
  }
  const std::set<std::string> roles = roles_of(subscribe.framework_info());
  if (auto words = check_suppressed(as_set(subscribe.suppressed_roles()), roles)) {
    return words;
  }
  if (auto words = check_constraints(subscribe.offer_constraints(), roles)) {
    return words;
  }
  const std::string& id = call.framework_id().value();
  if (completed_.count(id) != 0) {
    return "Framework has been removed";
  }
  const auto known = frameworks_.find(id);
  if (known != frameworks_.end() &&
      known->second.info->principal() != subscribe.framework_info().principal()) {
    return "Changing framework's principal is not allowed.";
  }
  if (known == frameworks_.end() && frameworks_.size() >= config_.max_frameworks) {
    return "This local master takes at most " + std::to_string(config_.max_frameworks) + " frameworks";
  }
  return {};
}

std::string Master::subscribe(const Call& call, StreamNumber stream, Now now, MasterEffects& out) {
  std::string stream_id = codec::uuid_text(uuids_.next());
  if (auto words = check_subscribe(call)) {
    out.push_back(SendEvent{stream, events::error(std::move(*words))});
    out.push_back(EndStream{stream});
    return stream_id;
  }
  std::string id = call.framework_id().value();
  while (id.empty() || (call.framework_id().value().empty() && frameworks_.count(id) != 0)) {
    char number[24];
    std::snprintf(number, sizeof(number), "-%04llu", static_cast<unsigned long long>(next_framework_++));
    id = config_.id + number;
  }
  const bool is_new = frameworks_.count(id) == 0;
  Framework& framework = adopt(call.subscribe(), id);
  if (framework.stream) {
    out.push_back(SendEvent{*framework.stream, events::error("Framework failed over")});
    out.push_back(EndStream{*framework.stream});
    take_back_offers(framework, {}, false, now, out);
  }
  framework.stream = stream;
  framework.stream_id = stream_id;
  framework.remove_at = TimePoint::max();
  framework.next_heartbeat = later(now.steady, config_.heartbeat_interval);
  allocator_.set_active(id, true);
  send(framework, events::subscribed(id, config_), out);
  send(framework, events::heartbeat(), out);
  if (next_allocation_ < now.steady || next_allocation_ == TimePoint::max()) {
    next_allocation_ = later(now.steady, config_.allocation_interval);
  }
  if (is_new) {
    allocate(now, out);
  } else {
    for (const auto& [agent_id, agent] : agents_) {
      out.push_back(ResendUpdates{agent_id, id});
    }
  }
  return stream_id;
}

// Takes the framework's new information over; what cannot change stays as it was.
Framework& Master::adopt(const Call::Subscribe& subscribe, const std::string& id) {
  const auto [at, is_new] = frameworks_.try_emplace(id);
  Framework& framework = at->second;
  mesos::v1::FrameworkInfo info = subscribe.framework_info();
  if (!is_new) {
    info.set_user(framework.info->user());
    if (framework.info->has_checkpoint() || info.has_checkpoint()) {
      info.set_checkpoint(framework.info->checkpoint());
    }
  }
  framework.id = id;
  info.mutable_id()->set_value(id);
  framework.roles = roles_of(info);
  framework.info = std::make_shared<const mesos::v1::FrameworkInfo>(std::move(info));
  allocator_.set_framework(
      id, framework.roles, as_set(subscribe.suppressed_roles()),
      has_capability(*framework.info, mesos::v1::FrameworkInfo::Capability::GPU_RESOURCES));
  return framework;
}

CallAnswer Master::update_framework(Framework& framework, const Call::UpdateFramework& update, Now now,
                                    MasterEffects& out) {
  const auto& info = update.framework_info();
  if (auto words = check_framework_info(info)) {
    return {400, "Supplied FrameworkInfo is not valid: " + *words};
  }
  if (auto words = check_update(*framework.info, info)) {
    return {400, "FrameworkInfo update is not valid: " + *words};
  }
  const std::set<std::string> roles = roles_of(info);
  const std::set<std::string> suppressed = as_set(update.suppressed_roles());
  if (auto words = check_suppressed(suppressed, roles)) {
    return {400, "'UpdateFramework' call is not valid: " + *words};
  }
  if (auto words = check_constraints(update.offer_constraints(), roles)) {
    return {400, "'UpdateFramework' call is not valid: " + *words};
  }
  const std::set<std::string> old_roles = framework.roles;
  framework.info = std::make_shared<const mesos::v1::FrameworkInfo>(info);
  framework.roles = roles;
  allocator_.set_framework(framework.id, roles, suppressed,
                           has_capability(info, mesos::v1::FrameworkInfo::Capability::GPU_RESOURCES));
  for (const std::string& role : old_roles) {
    if (roles.count(role) == 0) {
      take_back_offers(framework, role, true, now, out);
    }
  }
  allocate(now, out);
  return {200, {}};
}

void Master::disconnect(Framework& framework, Now now) {
  MasterEffects nothing;  // without a stream there is nobody to tell
  framework.stream.reset();
  allocator_.set_active(framework.id, false);
  take_back_offers(framework, {}, false, now, nothing);
  framework.remove_at = later(now.steady, failover_timeout_of(*framework.info));
}

void Master::remove_framework(const std::string& framework_id, Now now, MasterEffects& out) {
  Framework& framework = frameworks_.at(framework_id);
  if (framework.stream) {
    out.push_back(EndStream{*framework.stream});
    framework.stream.reset();
  }
  take_back_offers(framework, {}, false, now, out);
  std::set<std::string> used;
  for (auto& [task_id, task] : framework.tasks) {
    used.insert(task.agent_id);
    end_task(framework, task, now);
  }
  for (const std::string& agent_id : used) {
    out.push_back(ShutdownFramework{agent_id, framework_id});
  }
  allocator_.remove_framework(framework_id);
  completed_.insert(framework_id);
  completed_order_.push_back(framework_id);
  if (completed_order_.size() > max_completed) {
    completed_.erase(completed_order_.front());
    completed_order_.pop_front();
  }
  frameworks_.erase(framework_id);
}

}  // namespace mesosio::local
