// Every builder gives a call that the client's own rules accept, with what it was given in the right fields.
#include "codec/validate_call.hpp"

#include <mesosio/scheduler_calls.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mesosio {
namespace {

using scheduler::Call;

template <class Id>
Id make_id(const std::string& value) {
  Id id;
  id.set_value(value);
  return id;
}

const OfferID offer = make_id<OfferID>("offer");
const TaskID task = make_id<TaskID>("task");
const AgentID agent = make_id<AgentID>("agent");
const ExecutorID executor = make_id<ExecutorID>("executor");
const std::string uuid = "\x11\x11\x11\x11\x11\x11\x41\x11\x81\x11\x11\x11\x11\x11\x11\x11";

// The call as the client would send it.
Call sendable(Call call) {
  if (!call.has_framework_id()) call.mutable_framework_id()->set_value("framework");
  const Error error = codec::validate(call);
  EXPECT_FALSE(error) << error.to_string();
  return call;
}

FrameworkInfo framework() {
  FrameworkInfo info;
  info.set_user("nobody");
  info.set_name("calls");
  info.mutable_id()->set_value("framework");
  return info;
}

TEST(SchedulerCalls, LeaveTheFrameworkIdToTheClient) {
  for (const Call& call :
       {calls::teardown(), calls::accept({offer}, {}), calls::decline({offer}),
        calls::accept_inverse_offers({offer}), calls::decline_inverse_offers({offer}), calls::revive(),
        calls::suppress(), calls::kill(task), calls::shutdown(executor, agent), calls::reconcile(),
        calls::reconcile_operations(), calls::message(agent, executor, ""), calls::request({})}) {
    EXPECT_FALSE(call.has_framework_id());
    sendable(call);
  }
}

TEST(SchedulerCalls, SubscribeSetsBothIds) {
  const Call call = calls::subscribe(framework(), {"a", "b"}, scheduler::OfferConstraints());
  EXPECT_EQ(call.type(), Call::SUBSCRIBE);
  EXPECT_EQ(call.framework_id().value(), "framework");
  EXPECT_EQ(call.subscribe().framework_info().id().value(), "framework");
  EXPECT_THAT(call.subscribe().suppressed_roles(), ::testing::ElementsAre("a", "b"));
  EXPECT_TRUE(call.subscribe().has_offer_constraints());

  FrameworkInfo fresh = framework();
  fresh.clear_id();
  EXPECT_FALSE(calls::subscribe(fresh).has_framework_id());
  EXPECT_FALSE(calls::subscribe(fresh).subscribe().has_offer_constraints());
}

TEST(SchedulerCalls, Teardown) {
  EXPECT_EQ(calls::teardown().type(), Call::TEARDOWN);
}

TEST(SchedulerCalls, AcceptKeepsTheOrderOfOffersAndOperations) {
  TaskInfo info;
  info.set_name("name");
  *info.mutable_task_id() = task;
  *info.mutable_agent_id() = agent;
  TaskGroupInfo group;
  *group.add_tasks() = info;
  ExecutorInfo owner;
  *owner.mutable_executor_id() = executor;

  const Call call =
      sendable(calls::accept({offer, make_id<OfferID>("second")},
                             {operations::launch({info}), operations::launch_group(owner, group)},
                             calls::filters(std::chrono::minutes(1))));
  ASSERT_EQ(call.type(), Call::ACCEPT);
  ASSERT_EQ(call.accept().offer_ids_size(), 2);
  EXPECT_EQ(call.accept().offer_ids(1).value(), "second");
  ASSERT_EQ(call.accept().operations_size(), 2);
  EXPECT_EQ(call.accept().operations(0).type(), Offer::Operation::LAUNCH);
  EXPECT_EQ(call.accept().operations(0).launch().task_infos(0).task_id().value(), "task");
  EXPECT_EQ(call.accept().operations(1).type(), Offer::Operation::LAUNCH_GROUP);
  EXPECT_EQ(call.accept().operations(1).launch_group().executor().executor_id().value(), "executor");
  EXPECT_EQ(call.accept().operations(1).launch_group().task_group().tasks_size(), 1);
  EXPECT_EQ(call.accept().filters().refuse_seconds(), 60);
}

TEST(SchedulerCalls, DeclinesAndInverseOffersCarryFiltersOnlyWhereGiven) {
  EXPECT_FALSE(calls::decline({offer}).decline().has_filters());
  const Filters half = calls::filters(std::chrono::milliseconds(500));
  EXPECT_EQ(half.refuse_seconds(), 0.5);

  const Call decline = sendable(calls::decline({offer}, half));
  EXPECT_EQ(decline.type(), Call::DECLINE);
  EXPECT_EQ(decline.decline().filters().refuse_seconds(), 0.5);

  const Call accepted = sendable(calls::accept_inverse_offers({offer}, half));
  EXPECT_EQ(accepted.type(), Call::ACCEPT_INVERSE_OFFERS);
  EXPECT_EQ(accepted.accept_inverse_offers().inverse_offer_ids(0).value(), "offer");
  EXPECT_TRUE(accepted.accept_inverse_offers().has_filters());

  const Call declined = sendable(calls::decline_inverse_offers({offer}, half));
  EXPECT_EQ(declined.type(), Call::DECLINE_INVERSE_OFFERS);
  EXPECT_EQ(declined.decline_inverse_offers().inverse_offer_ids(0).value(), "offer");
  EXPECT_TRUE(declined.decline_inverse_offers().has_filters());
}

TEST(SchedulerCalls, ReviveAndSuppressNameRoles) {
  EXPECT_EQ(calls::revive().revive().roles_size(), 0);
  EXPECT_TRUE(calls::revive().has_revive());
  EXPECT_THAT(calls::revive({"a"}).revive().roles(), ::testing::ElementsAre("a"));
  EXPECT_EQ(calls::suppress().suppress().roles_size(), 0);
  EXPECT_THAT(calls::suppress({"a", "b"}).suppress().roles(), ::testing::ElementsAre("a", "b"));
  EXPECT_EQ(calls::suppress().type(), Call::SUPPRESS);
}

TEST(SchedulerCalls, KillAndShutdown) {
  const Call plain = sendable(calls::kill(task));
  EXPECT_EQ(plain.kill().task_id().value(), "task");
  EXPECT_FALSE(plain.kill().has_agent_id());
  EXPECT_FALSE(plain.kill().has_kill_policy());

  const Call full = sendable(calls::kill(task, agent, calls::kill_policy(std::chrono::seconds(3))));
  EXPECT_EQ(full.kill().agent_id().value(), "agent");
  EXPECT_EQ(full.kill().kill_policy().grace_period().nanoseconds(), 3'000'000'000);

  const Call shutdown = sendable(calls::shutdown(executor, agent));
  EXPECT_EQ(shutdown.shutdown().executor_id().value(), "executor");
  EXPECT_EQ(shutdown.shutdown().agent_id().value(), "agent");
}

TEST(SchedulerCalls, AcknowledgesOnlyWhatHasUuidAndAgent) {
  TaskStatus status;
  *status.mutable_task_id() = task;
  status.set_state(TASK_RUNNING);
  EXPECT_FALSE(calls::acknowledge(status));
  *status.mutable_agent_id() = agent;
  EXPECT_FALSE(calls::acknowledge(status));
  status.set_uuid("");
  EXPECT_FALSE(calls::acknowledge(status));
  status.set_uuid(uuid);
  ASSERT_TRUE(calls::acknowledge(status));
  const Call call = sendable(*calls::acknowledge(status));
  EXPECT_EQ(call.acknowledge().uuid(), uuid);
  EXPECT_EQ(call.acknowledge().task_id().value(), "task");
  EXPECT_EQ(call.acknowledge().agent_id().value(), "agent");
  status.clear_agent_id();
  EXPECT_FALSE(calls::acknowledge(status));
}

TEST(SchedulerCalls, AcknowledgesOperationsWithTheirAgent) {
  OperationStatus status;
  status.set_state(OPERATION_FINISHED);
  status.mutable_operation_id()->set_value("operation");
  status.mutable_uuid()->set_value(uuid);
  EXPECT_FALSE(calls::acknowledge_operation_status(status));
  *status.mutable_agent_id() = agent;
  ASSERT_TRUE(calls::acknowledge_operation_status(status));
  EXPECT_FALSE(
      calls::acknowledge_operation_status(status)->acknowledge_operation_status().has_resource_provider_id());

  status.mutable_resource_provider_id()->set_value("provider");
  const Call call = sendable(*calls::acknowledge_operation_status(status));
  EXPECT_EQ(call.acknowledge_operation_status().agent_id().value(), "agent");
  EXPECT_EQ(call.acknowledge_operation_status().resource_provider_id().value(), "provider");
  EXPECT_EQ(call.acknowledge_operation_status().operation_id().value(), "operation");
  EXPECT_EQ(call.acknowledge_operation_status().uuid(), uuid);

  OperationStatus anonymous = status;
  anonymous.clear_operation_id();
  EXPECT_FALSE(calls::acknowledge_operation_status(anonymous));
  status.clear_uuid();
  EXPECT_FALSE(calls::acknowledge_operation_status(status));
}

TEST(SchedulerCalls, Reconciliation) {
  Call::Reconcile::Task wanted;
  *wanted.mutable_task_id() = task;
  EXPECT_EQ(sendable(calls::reconcile({wanted})).reconcile().tasks(0).task_id().value(), "task");
  EXPECT_TRUE(calls::reconcile().has_reconcile());
  EXPECT_EQ(calls::reconcile().reconcile().tasks_size(), 0);

  Call::ReconcileOperations::Operation operation;
  operation.mutable_operation_id()->set_value("operation");
  const Call call = sendable(calls::reconcile_operations({operation}));
  EXPECT_EQ(call.reconcile_operations().operations(0).operation_id().value(), "operation");
}

TEST(SchedulerCalls, MessageAndRequest) {
  const std::string data("a\0b", 3);
  const Call message = sendable(calls::message(agent, executor, data));
  EXPECT_EQ(message.message().data(), data);
  EXPECT_EQ(message.message().agent_id().value(), "agent");
  EXPECT_EQ(message.message().executor_id().value(), "executor");

  Request request;
  *request.mutable_agent_id() = agent;
  EXPECT_EQ(sendable(calls::request({request})).request().requests(0).agent_id().value(), "agent");
}

TEST(SchedulerCalls, UpdateFramework) {
  const Call call = sendable(calls::update_framework(framework(), {"a"}, scheduler::OfferConstraints()));
  EXPECT_EQ(call.update_framework().framework_info().name(), "calls");
  EXPECT_THAT(call.update_framework().suppressed_roles(), ::testing::ElementsAre("a"));
  EXPECT_TRUE(call.update_framework().has_offer_constraints());
  EXPECT_EQ(calls::update_framework(framework()).framework_id().value(), "framework");
  EXPECT_FALSE(calls::update_framework(framework()).update_framework().has_offer_constraints());
}

}  // namespace
}  // namespace mesosio
