// Offers at the master: made from allocations, accepted, declined and taken back; the launch of tasks.
#include "local/events.hpp"
#include "local/framework_info.hpp"
#include "local/master.hpp"

#include <algorithm>

namespace mesosio::local {
namespace {

using mesos::v1::FrameworkInfo;
using mesos::v1::Offer;
using mesos::v1::TaskStatus;

std::optional<double> refuse_seconds(const mesos::v1::Filters& filters) {
  return filters.has_refuse_seconds() ? std::optional(filters.refuse_seconds()) : std::nullopt;
}

}  // namespace

void Master::accept(Framework& framework, const Call::Accept& accept, Now now, MasterEffects& out) {
  const auto words = check_offers(accept.offer_ids(), offers_, framework.id);
  Allocation offered{framework.id, {}, {}, {}};
  for (const auto& id : accept.offer_ids()) {
    const auto at = offers_.find(id.value());
    if (at == offers_.end() || at->second.framework_id != framework.id) {
      continue;
    }
    OutstandingOffer& offer = at->second;
    if (words) {
      allocator_.recover(now, {framework.id, offer.role, offer.agent_id, offer.resources}, {});
    } else {
      offered.role = offer.role;
      offered.agent_id = offer.agent_id;
      offered.resources += offer.resources;
    }
    offers_.erase(at);
  }
  if (words) {
    for (const auto& operation : accept.operations()) {
      refuse_operation(framework, operation, TaskStatus::REASON_INVALID_OFFERS,
                       "launched with invalid offers: " + *words, now, out);
    }
    return;
  }
  Resources left = offered.resources;
  for (const auto& operation : accept.operations()) {
    if (operation.type() != Offer::Operation::LAUNCH) {
      refuse_operation(framework, operation, TaskStatus::REASON_TASK_GROUP_INVALID,
                       "is not supported by this local master", now, out);
      continue;
    }
    for (const auto& task : operation.launch().task_infos()) {
      launch(framework, offered, left, task, now, out);
    }
  }
  allocator_.recover(now, {framework.id, offered.role, offered.agent_id, left},
                     refuse_duration(refuse_seconds(accept.filters())));
}

void Master::launch(Framework& framework, const Allocation& offered, Resources& left,
                    const mesos::v1::TaskInfo& task, Now now, MasterEffects& out) {
  Resources resources;
  const std::string& id = task.task_id().value();
  if (auto words = check_task(task, {framework, offered.agent_id, offered.role, left}, resources)) {
    TaskStatus status = events::master_status(id, mesos::v1::TASK_ERROR, TaskStatus::REASON_TASK_INVALID,
                                              std::move(*words), now);
    *status.mutable_agent_id() = task.agent_id();
    send(framework, events::update(std::move(status)), out);
    return;
  }
  left -= resources;
  Task& known = framework.tasks[id];
  known.id = id;
  known.name = printable(task.name(), 255);
  known.agent_id = offered.agent_id;
  known.role = offered.role;
  known.resources = std::move(resources);
  known.forwarded.set_state(mesos::v1::TASK_STAGING);
  out.push_back(RunTask{offered.agent_id, framework.id, framework.info, task});
}

// Tasks of a launch that cannot be tried get a status each; another operation gets one if it has an id to
// name it by.
void Master::refuse_operation(Framework& framework, const Offer::Operation& operation,
                              TaskStatus::Reason reason, const std::string& words, Now now,
                              MasterEffects& out) const {
  const bool dropped = reason == TaskStatus::REASON_INVALID_OFFERS;
  const auto refuse_tasks = [&](const auto& tasks, const std::string& subject) {
    for (const auto& task : tasks) {
      const auto state = dropped ? aware(framework, mesos::v1::TASK_DROPPED) : mesos::v1::TASK_ERROR;
      TaskStatus status =
          events::master_status(task.task_id().value(), state, reason, subject + ' ' + words, now);
      *status.mutable_agent_id() = task.agent_id();
      send(framework, events::update(std::move(status)), out);
    }
  };
  switch (operation.type()) {
    case Offer::Operation::LAUNCH:
      refuse_tasks(operation.launch().task_infos(), "Task");
      break;
    case Offer::Operation::LAUNCH_GROUP:
      refuse_tasks(operation.launch_group().task_group().tasks(), dropped ? "Task group" : "LAUNCH_GROUP");
      break;
    default:
      if (operation.has_id()) {
        const std::string name =
            operation.has_type() ? Offer::Operation::Type_Name(operation.type()) : "UNKNOWN";
        send(framework,
             events::operation_status(operation.id(), mesos::v1::OPERATION_ERROR,
                                      (dropped ? "Operation " : "Operation " + name + ' ') + words),
             out);
      }
  }
}

void Master::decline(Framework& framework, const Call::Decline& decline, Now now) {
  for (const auto& id : decline.offer_ids()) {
    const auto at = offers_.find(id.value());
    if (at == offers_.end() || at->second.framework_id != framework.id) {
      continue;  // gone in the meantime
    }
    const OutstandingOffer& offer = at->second;
    allocator_.recover(now, {framework.id, offer.role, offer.agent_id, offer.resources},
                       refuse_duration(refuse_seconds(decline.filters())));
    offers_.erase(at);
  }
}

void Master::allocate(Now now, MasterEffects& out) {
  std::map<std::string, Event> events;
  for (Allocation& allocation : allocator_.allocate(now)) {
    const Framework& framework = frameworks_.at(allocation.framework_id);
    OutstandingOffer offer{config_.id + "-O" + std::to_string(next_offer_++), allocation.framework_id,
                           allocation.agent_id, allocation.role, std::move(allocation.resources)};
    *events[framework.id].mutable_offers()->add_offers() = make_offer(offer, framework);
    const std::string id = offer.id;
    offers_.emplace(id, std::move(offer));
  }
  for (auto& [framework_id, event] : events) {
    event.set_type(Event::OFFERS);
    send(frameworks_.at(framework_id), std::move(event), out);
  }
}

Offer Master::make_offer(const OutstandingOffer& offer, const Framework& framework) const {
  const AgentDescription& agent = agents_.at(offer.agent_id);
  Offer message;
  message.mutable_id()->set_value(offer.id);
  message.mutable_framework_id()->set_value(framework.id);
  message.mutable_agent_id()->set_value(offer.agent_id);
  message.set_hostname(agent.hostname);
  *message.mutable_url() = agent.url;
  *message.mutable_attributes() = agent.attributes;
  // Frameworks from before multiple roles do not know allocations and see none.
  const bool multi_role = has_capability(*framework.info, FrameworkInfo::Capability::MULTI_ROLE);
  const bool refined = has_capability(*framework.info, FrameworkInfo::Capability::RESERVATION_REFINEMENT);
  if (multi_role) {
    message.mutable_allocation_info()->set_role(offer.role);
  }
  offer.resources.write(*message.mutable_resources(), multi_role ? offer.role : std::string(), !refined);
  return message;
}

void Master::take_back_offers(Framework& framework, std::optional<std::string> role, bool rescind, Now now,
                              MasterEffects& out) {
  for (auto at = offers_.begin(); at != offers_.end();) {
    const OutstandingOffer& offer = at->second;
    if (offer.framework_id != framework.id || (role && offer.role != *role)) {
      ++at;
      continue;
    }
    allocator_.recover(now, {framework.id, offer.role, offer.agent_id, offer.resources}, {});
    if (rescind) {
      send(framework, events::rescind(offer.id), out);
    }
    at = offers_.erase(at);
  }
}

}  // namespace mesosio::local
