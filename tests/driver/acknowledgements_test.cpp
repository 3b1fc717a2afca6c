// The memory of acknowledgements, by values.
#include "driver/acknowledgements.hpp"

#include "support/fake_master.hpp"

#include <mesosio/scheduler_calls.hpp>

#include <gtest/gtest.h>

namespace mesosio::driver {
namespace {

using testing::uuid;

TaskStatus status(const std::string& task, const std::string& bytes) {
  return testing::update(task, TASK_RUNNING, bytes).update().status();
}

UpdateKey key(std::uint32_t number) {
  return *update_key(status("task", uuid(number)));
}

TEST(UpdateKey, IsAbsentWithoutAUuidOfSixteenBytes) {
  EXPECT_FALSE(update_key(status("task", "")));
  EXPECT_FALSE(update_key(status("task", "short")));
  EXPECT_FALSE(update_key(status("task", std::string(17, 'x'))));
  EXPECT_TRUE(update_key(status("task", uuid(1))));
}

TEST(UpdateKey, TellsApartUuidsTasksAndKinds) {
  EXPECT_EQ(update_key(status("task", uuid(1))), update_key(status("task", uuid(1))));
  EXPECT_NE(update_key(status("task", uuid(1))), update_key(status("task", uuid(2))));
  EXPECT_NE(update_key(status("task", uuid(1))), update_key(status("other", uuid(1))));
  OperationStatus operation;
  operation.mutable_operation_id()->set_value("task");
  operation.mutable_uuid()->set_value(uuid(1));
  ASSERT_TRUE(update_key(operation));
  EXPECT_NE(update_key(operation), update_key(status("task", uuid(1))));
}

TEST(UpdateKey, OfACallIsThatOfWhatItAcknowledges) {
  const TaskStatus update = status("task", uuid(1));
  EXPECT_EQ(update_key(*calls::acknowledge(update)), update_key(update));
  OperationStatus operation;
  operation.mutable_operation_id()->set_value("operation");
  operation.mutable_uuid()->set_value(uuid(1));
  operation.mutable_agent_id()->set_value("agent");
  EXPECT_EQ(update_key(*calls::acknowledge_operation_status(operation)), update_key(operation));
  EXPECT_FALSE(update_key(calls::revive()));
}

TEST(AcknowledgementMemory, KnowsWhatItWasToldAndNotWhatItForgot) {
  AcknowledgementMemory memory(10);
  EXPECT_FALSE(memory.knows(key(1)));
  memory.remember(key(1));
  memory.remember(key(1));
  EXPECT_TRUE(memory.knows(key(1)));
  EXPECT_EQ(memory.size(), 1u);
  memory.forget(key(2));
  EXPECT_TRUE(memory.knows(key(1)));
  memory.forget(key(1));
  EXPECT_FALSE(memory.knows(key(1)));
  EXPECT_EQ(memory.size(), 0u);
}

TEST(AcknowledgementMemory, DropsWhatWasNotUsedForLongest) {
  AcknowledgementMemory memory(3);
  for (std::uint32_t number = 1; number <= 3; ++number) memory.remember(key(number));
  EXPECT_TRUE(memory.knows(key(1)));
  memory.remember(key(4));
  EXPECT_EQ(memory.size(), 3u);
  EXPECT_TRUE(memory.knows(key(1)));
  EXPECT_FALSE(memory.knows(key(2)));
  EXPECT_TRUE(memory.knows(key(3)));
  EXPECT_TRUE(memory.knows(key(4)));
}

TEST(AcknowledgementMemory, RemembersNothingWithABoundOfZero) {
  AcknowledgementMemory memory(0);
  memory.remember(key(1));
  EXPECT_FALSE(memory.knows(key(1)));
  EXPECT_EQ(memory.size(), 0u);
}

TEST(AcknowledgementMemory, StaysWithinItsBound) {
  AcknowledgementMemory memory(100);
  for (std::uint32_t number = 0; number < 10'000; ++number) memory.remember(key(number));
  EXPECT_EQ(memory.size(), 100u);
  for (std::uint32_t number = 9'900; number < 10'000; ++number) EXPECT_TRUE(memory.knows(key(number)));
}

}  // namespace
}  // namespace mesosio::driver
