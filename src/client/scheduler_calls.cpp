// The calls, field by field.
#include <mesosio/scheduler_calls.hpp>

namespace mesosio {
namespace {

using scheduler::Call;

Call make(Call::Type type) {
  Call call;
  call.set_type(type);
  return call;
}

template <class Values, class Field>
void fill(Values&& values, Field& field) {
  field.Reserve(static_cast<int>(values.size()));
  for (auto& value : values) *field.Add() = std::move(value);
}

void copy(const std::vector<std::string>& values, google::protobuf::RepeatedPtrField<std::string>& field) {
  for (const std::string& value : values) *field.Add() = value;
}

// For the four calls that name offers.
template <class Content>
void fill_offers(const std::vector<OfferID>& ids, std::optional<Filters>& filters, Content& content,
                 google::protobuf::RepeatedPtrField<OfferID>& field) {
  field.Reserve(static_cast<int>(ids.size()));
  for (const OfferID& id : ids) *field.Add() = id;
  if (filters) *content.mutable_filters() = *std::move(filters);
}

template <class Content>
void fill_framework(FrameworkInfo& info, const std::vector<std::string>& suppressed_roles,
                    std::optional<scheduler::OfferConstraints>& constraints, Content& content) {
  *content.mutable_framework_info() = std::move(info);
  copy(suppressed_roles, *content.mutable_suppressed_roles());
  if (constraints) *content.mutable_offer_constraints() = *std::move(constraints);
}

}  // namespace

namespace calls {

Call subscribe(FrameworkInfo info, const std::vector<std::string>& suppressed_roles,
               std::optional<scheduler::OfferConstraints> constraints) {
  Call call = make(Call::SUBSCRIBE);
  if (info.has_id()) *call.mutable_framework_id() = info.id();
  fill_framework(info, suppressed_roles, constraints, *call.mutable_subscribe());
  return call;
}

Call teardown() {
  return make(Call::TEARDOWN);
}

Call accept(const std::vector<OfferID>& offers, std::vector<Offer::Operation> operations,
            std::optional<Filters> filters) {
  Call call = make(Call::ACCEPT);
  Call::Accept& content = *call.mutable_accept();
  fill_offers(offers, filters, content, *content.mutable_offer_ids());
  fill(operations, *content.mutable_operations());
  return call;
}

Call decline(const std::vector<OfferID>& offers, std::optional<Filters> filters) {
  Call call = make(Call::DECLINE);
  Call::Decline& content = *call.mutable_decline();
  fill_offers(offers, filters, content, *content.mutable_offer_ids());
  return call;
}

Call accept_inverse_offers(const std::vector<OfferID>& inverse_offers, std::optional<Filters> filters) {
  Call call = make(Call::ACCEPT_INVERSE_OFFERS);
  Call::AcceptInverseOffers& content = *call.mutable_accept_inverse_offers();
  fill_offers(inverse_offers, filters, content, *content.mutable_inverse_offer_ids());
  return call;
}

Call decline_inverse_offers(const std::vector<OfferID>& inverse_offers, std::optional<Filters> filters) {
  Call call = make(Call::DECLINE_INVERSE_OFFERS);
  Call::DeclineInverseOffers& content = *call.mutable_decline_inverse_offers();
  fill_offers(inverse_offers, filters, content, *content.mutable_inverse_offer_ids());
  return call;
}

Call revive(const std::vector<std::string>& roles) {
  Call call = make(Call::REVIVE);
  copy(roles, *call.mutable_revive()->mutable_roles());
  return call;
}

Call suppress(const std::vector<std::string>& roles) {
  Call call = make(Call::SUPPRESS);
  copy(roles, *call.mutable_suppress()->mutable_roles());
  return call;
}

Call kill(TaskID task, std::optional<AgentID> agent, std::optional<KillPolicy> policy) {
  Call call = make(Call::KILL);
  Call::Kill& content = *call.mutable_kill();
  *content.mutable_task_id() = std::move(task);
  if (agent) *content.mutable_agent_id() = *std::move(agent);
  if (policy) *content.mutable_kill_policy() = *std::move(policy);
  return call;
}

Call shutdown(ExecutorID executor, AgentID agent) {
  Call call = make(Call::SHUTDOWN);
  *call.mutable_shutdown()->mutable_executor_id() = std::move(executor);
  *call.mutable_shutdown()->mutable_agent_id() = std::move(agent);
  return call;
}

std::optional<Call> acknowledge(const TaskStatus& status) {
  if (status.uuid().empty() || !status.has_agent_id()) return std::nullopt;
  Call call = make(Call::ACKNOWLEDGE);
  Call::Acknowledge& content = *call.mutable_acknowledge();
  *content.mutable_agent_id() = status.agent_id();
  *content.mutable_task_id() = status.task_id();
  content.set_uuid(status.uuid());
  return call;
}

std::optional<Call> acknowledge_operation_status(const OperationStatus& status) {
  if (status.uuid().value().empty() || !status.has_agent_id() || !status.has_operation_id()) {
    return std::nullopt;
  }
  Call call = make(Call::ACKNOWLEDGE_OPERATION_STATUS);
  Call::AcknowledgeOperationStatus& content = *call.mutable_acknowledge_operation_status();
  *content.mutable_agent_id() = status.agent_id();
  if (status.has_resource_provider_id()) {
    *content.mutable_resource_provider_id() = status.resource_provider_id();
  }
  content.set_uuid(status.uuid().value());
  *content.mutable_operation_id() = status.operation_id();
  return call;
}

Call reconcile(std::vector<Call::Reconcile::Task> tasks) {
  Call call = make(Call::RECONCILE);
  fill(tasks, *call.mutable_reconcile()->mutable_tasks());
  return call;
}

Call reconcile() {
  return reconcile({});
}

Call reconcile_operations(std::vector<Call::ReconcileOperations::Operation> operations) {
  Call call = make(Call::RECONCILE_OPERATIONS);
  fill(operations, *call.mutable_reconcile_operations()->mutable_operations());
  return call;
}

Call message(AgentID agent, ExecutorID executor, std::string data) {
  Call call = make(Call::MESSAGE);
  Call::Message& content = *call.mutable_message();
  *content.mutable_agent_id() = std::move(agent);
  *content.mutable_executor_id() = std::move(executor);
  content.set_data(std::move(data));
  return call;
}

Call request(std::vector<Request> requests) {
  Call call = make(Call::REQUEST);
  fill(requests, *call.mutable_request()->mutable_requests());
  return call;
}

Call update_framework(FrameworkInfo info, const std::vector<std::string>& suppressed_roles,
                      std::optional<scheduler::OfferConstraints> constraints) {
  Call call = make(Call::UPDATE_FRAMEWORK);
  if (info.has_id()) *call.mutable_framework_id() = info.id();
  fill_framework(info, suppressed_roles, constraints, *call.mutable_update_framework());
  return call;
}

Filters filters(std::chrono::duration<double> refuse) {
  Filters filters;
  filters.set_refuse_seconds(refuse.count());
  return filters;
}

KillPolicy kill_policy(std::chrono::nanoseconds grace_period) {
  KillPolicy policy;
  policy.mutable_grace_period()->set_nanoseconds(grace_period.count());
  return policy;
}

}  // namespace calls

namespace operations {

Offer::Operation launch(std::vector<TaskInfo> tasks) {
  Offer::Operation operation;
  operation.set_type(Offer::Operation::LAUNCH);
  fill(tasks, *operation.mutable_launch()->mutable_task_infos());
  return operation;
}

Offer::Operation launch_group(ExecutorInfo executor, TaskGroupInfo group) {
  Offer::Operation operation;
  operation.set_type(Offer::Operation::LAUNCH_GROUP);
  *operation.mutable_launch_group()->mutable_executor() = std::move(executor);
  *operation.mutable_launch_group()->mutable_task_group() = std::move(group);
  return operation;
}

}  // namespace operations
}  // namespace mesosio
