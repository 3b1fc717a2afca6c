// What a master checks in tasks and offers, in a master's order and, where it is known, in its words.
#include "local/task_validation.hpp"

#include "local/framework_info.hpp"

#include <set>

namespace mesosio::local {
namespace {

using mesos::v1::TaskInfo;
using Words = std::optional<std::string>;

// Of one framework: a client that never acknowledges must not fill the memory.
constexpr std::size_t max_tasks = 100'000;

bool has_nul(const std::string& text) {
  return text.find('\0') != std::string::npos;
}

Words check_environment(const mesos::v1::CommandInfo& command) {
  for (const auto& variable : command.environment().variables()) {
    const std::string shown = "Environment variable '" + printable(variable.name(), 64) + '\'';
    if (variable.type() == mesos::v1::Environment::Variable::SECRET) {
      return shown + " of type 'SECRET' is not supported by this local cluster";
    }
    if (!variable.has_value()) {
      return shown + " of type 'VALUE' must have a value set";
    }
    if (variable.name().empty() || variable.name().find('=') != std::string::npos ||
        has_nul(variable.name()) || has_nul(variable.value())) {
      return shown + " has no usable name, or holds a NUL byte";
    }
  }
  return {};
}

Words check_command(const TaskInfo& task) {
  if (task.has_executor() == task.has_command()) {
    return "Task should have at least one (but not both) of CommandInfo or ExecutorInfo present";
  }
  if (task.has_executor()) {
    return "Task asks for a custom executor; this local cluster runs command tasks only";
  }
  const auto& command = task.command();
  if (command.value().empty()) {
    return command.shell() ? "Shell command is missing: 'CommandInfo.value' is not set"
                           : "Executable is missing: 'CommandInfo.value' is not set";
  }
  for (const std::string& argument : command.arguments()) {
    if (has_nul(argument)) {
      return "Command has an argument that holds a NUL byte";
    }
  }
  if (has_nul(command.value())) {
    return "Command holds a NUL byte";
  }
  return check_environment(command);
}

Words check_times(const TaskInfo& task) {
  if (task.kill_policy().grace_period().nanoseconds() < 0) {
    return "Task's 'kill_policy.grace_period' must be non-negative";
  }
  if (task.max_completion_time().nanoseconds() < 0) {
    return "Task's `max_completion_time` must be non-negative";
  }
  return {};
}

Words check_task_resources(const TaskInfo& task, const TaskContext& context, Resources& resources) {
  if (task.resources().empty()) {
    return "Task uses no resources";
  }
  if (Error error = read_resources(task.resources(), context.role, resources)) {
    return "Task uses invalid resources: " + error.message;
  }
  if (resources.empty()) {
    return "Task uses no resources";
  }
  if (!context.available.contains(resources)) {
    return "Total resources " + resources.to_string(context.role) +
           " required by task and its executor is more than available " +
           context.available.to_string(context.role);
  }
  return {};
}

}  // namespace

Words check_task(const TaskInfo& task, const TaskContext& context, Resources& resources) {
  const std::string& id = task.task_id().value();
  if (Words words = check_id(id)) {
    return words;
  }
  if (context.framework.tasks.count(id) != 0) {
    return "Task has duplicate ID: " + printable(id, 255);
  }
  if (context.framework.tasks.size() >= max_tasks) {
    return "Framework has " + std::to_string(max_tasks) +
           " tasks that run or whose end it has not acknowledged";
  }
  if (task.agent_id().value() != context.agent_id) {
    return "Task uses invalid agent " + printable(task.agent_id().value(), 255) + " while agent " +
           context.agent_id + " is expected";
  }
  if (Words words = check_times(task)) {
    return words;
  }
  if (Words words = check_command(task)) {
    return words;
  }
  return check_task_resources(task, context, resources);
}

Words check_offers(const google::protobuf::RepeatedPtrField<mesos::v1::OfferID>& ids, const Offers& offers,
                   const std::string& framework_id) {
  if (ids.empty()) {
    return "No offers specified";
  }
  std::set<std::string> seen;
  for (const auto& id : ids) {
    if (!seen.insert(id.value()).second) {
      return "Duplicate offer " + printable(id.value(), 255) + " in offer list";
    }
  }
  const OutstandingOffer* first = nullptr;
  for (const auto& id : ids) {
    const auto at = offers.find(id.value());
    // An offer of another framework is none of this one's business: it is as unknown as one that has gone.
    if (at == offers.end() || at->second.framework_id != framework_id) {
      return "Offer " + printable(id.value(), 255) + " is no longer valid";
    }
    const OutstandingOffer& offer = at->second;
    first = first == nullptr ? &offer : first;
    if (offer.agent_id != first->agent_id) {
      return "Aggregated offers must belong to one single agent. Offer " + offer.id + " uses agent " +
             offer.agent_id + " and agent " + first->agent_id;
    }
    if (offer.role != first->role) {
      return "Aggregated offers must be allocated to the same role. Offer " + offer.id + " uses role " +
             offer.role + " but another is using role " + first->role;
    }
  }
  return {};
}

}  // namespace mesosio::local
