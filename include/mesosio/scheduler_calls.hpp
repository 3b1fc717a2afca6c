/// Builders for every call of the v1 scheduler API, for `SchedulerClient::async_call` and
/// `SchedulerDriver::sendCall`.
///
/// None of them fails and none checks anything: a call is checked when it is sent, with an error that names
/// the field. `framework_id` is left out (SUBSCRIBE and UPDATE_FRAMEWORK apart, which must name the same id
/// twice); the client fills it in when it sends. What a call leads to comes as
/// events; its `CallResult` says only whether the master has taken it.
#pragma once

#include <mesosio/messages.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mesosio {

/// The calls themselves.
namespace calls {

/// SUBSCRIBE. Only the client itself sends this one; it is public for tests and for who speaks HTTP by
/// himself. Where `info.id` is set, `framework_id` of the call is set to it, since the master refuses one
/// without the other.
[[nodiscard]] scheduler::Call subscribe(FrameworkInfo info,
                                        const std::vector<std::string>& suppressed_roles = {},
                                        std::optional<scheduler::OfferConstraints> constraints = {});

/// TEARDOWN: ends the framework and all its tasks for good; its id cannot be used again. The client's run
/// ends with success after it.
[[nodiscard]] scheduler::Call teardown();

/// ACCEPT: applies `operations` in order to the resources of `offers`, which must be of one agent. What they
/// leave over is declined with `filters` (default: 5 s). Without operations all is declined.
[[nodiscard]] scheduler::Call accept(const std::vector<OfferID>& offers,
                                     std::vector<Offer::Operation> operations,
                                     std::optional<Filters> filters = {});

/// DECLINE: gives the offers back; their resources are not offered to this framework for the time that
/// `filters` says (default: 5 s). A framework with nothing to run declines for long, or suppresses.
[[nodiscard]] scheduler::Call decline(const std::vector<OfferID>& offers,
                                      std::optional<Filters> filters = {});

/// ACCEPT_INVERSE_OFFERS: promises to have given the resources back when the unavailability begins.
[[nodiscard]] scheduler::Call accept_inverse_offers(const std::vector<OfferID>& inverse_offers,
                                                    std::optional<Filters> filters = {});

/// DECLINE_INVERSE_OFFERS: says that the resources will not be given back in time.
[[nodiscard]] scheduler::Call decline_inverse_offers(const std::vector<OfferID>& inverse_offers,
                                                     std::optional<Filters> filters = {});

/// REVIVE: ends filters and suppression for `roles`; for all roles of the framework if there are none.
[[nodiscard]] scheduler::Call revive(const std::vector<std::string>& roles = {});

/// SUPPRESS: no offers for `roles` (all roles of the framework if there are none) until REVIVE. A role that
/// is not the framework's is ignored by the master. A new subscription starts from the suppressed roles of
/// its configuration: the driver suppresses again by itself, a user of `SchedulerClient` does after
/// SUBSCRIBED.
[[nodiscard]] scheduler::Call suppress(const std::vector<std::string>& roles = {});

/// KILL: kills a task; the outcome comes as an update. With the agent's id the master finds the task faster,
/// and also when it has just failed over. `policy` replaces the one of the launch.
[[nodiscard]] scheduler::Call kill(TaskID task, std::optional<AgentID> agent = {},
                                   std::optional<KillPolicy> policy = {});

/// SHUTDOWN: ends a custom executor and all its tasks.
[[nodiscard]] scheduler::Call shutdown(ExecutorID executor, AgentID agent);

/// ACKNOWLEDGE: confirms an update, so that the agent sends the task's next one and stops repeating this one.
/// Nothing where there is nothing to confirm: a status without uuid (made by the master, or an answer to
/// RECONCILE) or without agent id.
[[nodiscard]] std::optional<scheduler::Call> acknowledge(const TaskStatus& status);

/// ACKNOWLEDGE_OPERATION_STATUS: the same for operations. Nothing for a status without uuid, agent id (which
/// the master requires although the schema does not) or operation id.
[[nodiscard]] std::optional<scheduler::Call> acknowledge_operation_status(const OperationStatus& status);

/// RECONCILE, explicit: asks for the states of these tasks; agent ids make the answer more exact.
[[nodiscard]] scheduler::Call reconcile(std::vector<scheduler::Call::Reconcile::Task> tasks);

/// RECONCILE, implicit: asks for the states of all tasks that the master knows of this framework.
[[nodiscard]] scheduler::Call reconcile();

/// RECONCILE_OPERATIONS: asks for the states of these operations; of all if there are none.
[[nodiscard]] scheduler::Call reconcile_operations(
    std::vector<scheduler::Call::ReconcileOperations::Operation> operations = {});

/// MESSAGE: bytes for a custom executor, delivered at most once.
[[nodiscard]] scheduler::Call message(AgentID agent, ExecutorID executor, std::string data);

/// REQUEST: asks for resources; the allocator of Mesos itself ignores it.
[[nodiscard]] scheduler::Call request(std::vector<Request> requests);

/// UPDATE_FRAMEWORK (Mesos 1.9 and later): replaces the framework's description, suppressed roles and offer
/// constraints, all of it or nothing. `info` must have the framework's id, to which `framework_id` of the
/// call is set too, and, where the framework authenticates, its principal; user, principal and checkpoint
/// cannot change. As with `suppress`, a new subscription of `SchedulerClient` starts from its configuration
/// again.
[[nodiscard]] scheduler::Call update_framework(FrameworkInfo info,
                                               const std::vector<std::string>& suppressed_roles = {},
                                               std::optional<scheduler::OfferConstraints> constraints = {});

/// Filters that keep resources from being offered again for `refuse`. Mesos caps it at 365 days and takes
/// a negative one as its default of 5 s.
[[nodiscard]] Filters filters(std::chrono::duration<double> refuse);

/// A kill policy: how long a task has between SIGTERM and SIGKILL.
[[nodiscard]] KillPolicy kill_policy(std::chrono::nanoseconds grace_period);

}  // namespace calls

/// What can be done with offered resources, for `calls::accept`.
namespace operations {

/// LAUNCH: launches the tasks, each with the resources that it names.
[[nodiscard]] Offer::Operation launch(std::vector<TaskInfo> tasks);

/// LAUNCH_GROUP: launches the tasks of a group on one executor, all of them or none. A CUSTOM executor's
/// resources must include some disk.
[[nodiscard]] Offer::Operation launch_group(ExecutorInfo executor, TaskGroupInfo group);

}  // namespace operations
}  // namespace mesosio
