// What the driver fills in, what it keeps beyond a disconnection, and what it says of tasks that were lost.
#include "driver/framework_defaults.hpp"
#include "driver/framework_state.hpp"
#include "driver/lost_tasks.hpp"

#include <mesosio/scheduler_calls.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mesosio::driver {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

SchedulerConfig config() {
  SchedulerConfig config;
  config.master = "localhost:5050";
  config.framework.set_user("somebody");
  config.framework.set_name("test");
  config.framework.add_roles("a");
  config.framework.add_roles("b");
  config.framework.add_roles("c");
  return config;
}

TEST(FillDefaults, FillsWhatIsMissing) {
  SchedulerConfig filled = config();
  filled.framework.clear_user();
  filled.credential.emplace().set_principal("principal");
  ASSERT_FALSE(fill_defaults(filled));
  EXPECT_FALSE(filled.framework.user().empty());
  EXPECT_FALSE(filled.framework.hostname().empty());
  EXPECT_EQ(filled.framework.principal(), "principal");
}

TEST(FillDefaults, ChangesNothingThatIsSet) {
  SchedulerConfig filled = config();
  filled.framework.set_hostname("");
  filled.framework.set_principal("own");
  filled.credential.emplace().set_principal("principal");
  const std::string before = filled.framework.SerializePartialAsString();
  ASSERT_FALSE(fill_defaults(filled));
  EXPECT_EQ(filled.framework.SerializePartialAsString(), before);
}

TEST(FillFrom, FillsWhatAnUpdateLeavesOpen) {
  FrameworkInfo subscribed = config().framework;
  subscribed.mutable_id()->set_value("id");
  subscribed.set_hostname("host");
  subscribed.set_principal("principal");
  FrameworkInfo info;
  info.set_name("renamed");
  fill_from(subscribed, info);
  EXPECT_EQ(info.id().value(), "id");
  EXPECT_EQ(info.user(), "somebody");
  EXPECT_EQ(info.hostname(), "host");
  EXPECT_EQ(info.principal(), "principal");
  EXPECT_EQ(info.name(), "renamed");
  EXPECT_EQ(info.roles_size(), 0);
}

TEST(FrameworkState, NothingIsToBeDoneWhereNothingChanged) {
  EXPECT_THAT(FrameworkState(config()).calls_for_new_subscription(), IsEmpty());
}

TEST(FrameworkState, SuppressedRolesStaySuppressed) {
  FrameworkState state(config());
  state.made(calls::suppress({"b", "foreign"}));
  auto calls = state.calls_for_new_subscription();
  ASSERT_THAT(calls, SizeIs(1));
  EXPECT_EQ(calls[0].type(), scheduler::Call::SUPPRESS);
  EXPECT_THAT(calls[0].suppress().roles(), ElementsAre("b"));

  state.made(calls::suppress());
  calls = state.calls_for_new_subscription();
  ASSERT_THAT(calls, SizeIs(1));
  EXPECT_THAT(calls[0].suppress().roles(), ElementsAre("a", "b", "c"));

  state.made(calls::revive());
  EXPECT_THAT(state.calls_for_new_subscription(), IsEmpty());
}

TEST(FrameworkState, ConfiguredRolesThatWereRevivedAreRevivedAgain) {
  SchedulerConfig suppressed = config();
  suppressed.suppressed_roles = {"a", "b"};
  FrameworkState state(suppressed);
  state.made(calls::revive({"a"}));
  state.made(calls::suppress({"c"}));
  const auto calls = state.calls_for_new_subscription();
  ASSERT_THAT(calls, SizeIs(2));
  EXPECT_EQ(calls[0].type(), scheduler::Call::REVIVE);
  EXPECT_THAT(calls[0].revive().roles(), ElementsAre("a"));
  EXPECT_EQ(calls[1].type(), scheduler::Call::SUPPRESS);
  EXPECT_THAT(calls[1].suppress().roles(), ElementsAre("c"));
}

TEST(FrameworkState, AnUpdateHoldsOnceTheMasterHasTakenIt) {
  FrameworkState state(config());
  FrameworkID id;
  id.set_value("id");
  state.set_id(id);
  FrameworkInfo info = config().framework;
  info.set_name("renamed");
  *info.mutable_id() = id;
  const auto update = calls::update_framework(info, {"a"}, scheduler::OfferConstraints());
  state.made(update);
  state.ended(update, true);
  EXPECT_EQ(state.info().name(), "renamed");
  state.made(calls::suppress({"b"}));
  const auto calls = state.calls_for_new_subscription();
  ASSERT_THAT(calls, SizeIs(1));
  EXPECT_EQ(calls[0].type(), scheduler::Call::UPDATE_FRAMEWORK);
  EXPECT_EQ(calls[0].framework_id().value(), "id");
  EXPECT_EQ(calls[0].update_framework().framework_info().name(), "renamed");
  EXPECT_THAT(calls[0].update_framework().suppressed_roles(), ElementsAre("a", "b"));
  EXPECT_TRUE(calls[0].update_framework().has_offer_constraints());
}

TEST(FrameworkState, ARefusedUpdateLeavesEverythingAsItWas) {
  FrameworkState state(config());
  state.made(calls::suppress({"a"}));
  const auto update = calls::update_framework(FrameworkInfo(), {"b", "c"});
  state.made(update);
  state.ended(update, false);
  EXPECT_EQ(state.info().name(), "test");
  const auto calls = state.calls_for_new_subscription();
  ASSERT_THAT(calls, SizeIs(1));
  EXPECT_EQ(calls[0].type(), scheduler::Call::SUPPRESS);
  EXPECT_THAT(calls[0].suppress().roles(), ElementsAre("a"));
}

TEST(FrameworkState, RolesThatChangeAfterAnUpdateWasMadeStayChanged) {
  FrameworkState state(config());
  const auto update = calls::update_framework(config().framework, {});
  state.made(update);
  state.made(calls::suppress({"c"}));
  state.ended(update, true);
  const auto calls = state.calls_for_new_subscription();
  ASSERT_THAT(calls, SizeIs(1));
  EXPECT_THAT(calls[0].update_framework().suppressed_roles(), ElementsAre("c"));
}

TaskInfo task(const std::string& id) {
  TaskInfo task;
  task.set_name(id);
  task.mutable_task_id()->set_value(id);
  task.mutable_agent_id()->set_value("agent of " + id);
  return task;
}

scheduler::Call accept_of_three() {
  TaskGroupInfo group;
  *group.add_tasks() = task("2");
  *group.add_tasks() = task("3");
  Offer::Operation reserve;
  reserve.set_type(Offer::Operation::RESERVE);
  return calls::accept(
      {}, {operations::launch({task("1")}), reserve, operations::launch_group(ExecutorInfo(), group)});
}

TEST(LostTasks, AreAllThatWereToBeLaunched) {
  const auto lost = lost_tasks(accept_of_three(), false, 12.5);
  ASSERT_THAT(lost, SizeIs(3));
  for (std::size_t at = 0; at < 3; ++at) {
    const std::string id = std::to_string(at + 1);
    EXPECT_EQ(lost[at].task_id().value(), id);
    EXPECT_EQ(lost[at].agent_id().value(), "agent of " + id);
    EXPECT_EQ(lost[at].state(), TASK_LOST);
    EXPECT_EQ(lost[at].source(), TaskStatus::SOURCE_MASTER);
    EXPECT_EQ(lost[at].reason(), TaskStatus::REASON_MASTER_DISCONNECTED);
    EXPECT_EQ(lost[at].timestamp(), 12.5);
    EXPECT_FALSE(lost[at].message().empty());
    EXPECT_FALSE(lost[at].has_uuid());
  }
}

TEST(LostTasks, AreDroppedForPartitionAwareFrameworks) {
  FrameworkInfo info;
  EXPECT_FALSE(is_partition_aware(info));
  info.add_capabilities()->set_type(FrameworkInfo::Capability::MULTI_ROLE);
  EXPECT_FALSE(is_partition_aware(info));
  info.add_capabilities()->set_type(FrameworkInfo::Capability::PARTITION_AWARE);
  EXPECT_TRUE(is_partition_aware(info));
  for (const TaskStatus& status : lost_tasks(accept_of_three(), true, 0)) {
    EXPECT_EQ(status.state(), TASK_DROPPED);
  }
}

TEST(LostTasks, AreNoneOfOtherCalls) {
  EXPECT_THAT(lost_tasks(calls::decline({}), true, 0), IsEmpty());
  EXPECT_THAT(lost_tasks(calls::accept({}, {}), true, 0), IsEmpty());
}

}  // namespace
}  // namespace mesosio::driver
