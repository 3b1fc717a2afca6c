// The queue's bounds, and the pool's.
#include "session/event_queue.hpp"

#include "session/event_pool.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace mesosio::session {
namespace {

QueueItem item(std::size_t bytes) {
  return {UndecodedEvent{{}, std::to_string(bytes), bytes}, bytes};
}

std::size_t pop_size(EventQueue& queue, EventQueue::Popped* popped = nullptr) {
  QueueItem got;
  const auto result = queue.pop(got);
  if (popped != nullptr) *popped = result;
  return result.found ? std::get<UndecodedEvent>(got.value).size : 0;
}

TEST(EventQueue, GivesWhatItTookInOrder) {
  EventQueue queue(1'000, 1 << 20);
  std::size_t next_in = 1;
  std::size_t next_out = 1;
  // Growing, shrinking and emptying, so that the moving front is exercised.
  for (const int step : {5, -3, 300, -250, 2, -54, 7, -7}) {
    for (int count = 0; count < step; ++count) EXPECT_TRUE(queue.push(item(next_in++)));
    for (int count = 0; count > step; --count) EXPECT_EQ(pop_size(queue), next_out++);
  }
  EXPECT_EQ(queue.size(), 0U);
  EXPECT_EQ(pop_size(queue), 0U);
}

TEST(EventQueue, IsFullByEventsAndWantsToResumeWhenHalfEmpty) {
  EventQueue queue(4, 1 << 20);
  EXPECT_TRUE(queue.push(item(1)));
  EXPECT_TRUE(queue.push(item(1)));
  EXPECT_TRUE(queue.push(item(1)));
  EXPECT_FALSE(queue.push(item(1)));
  EXPECT_FALSE(queue.push(item(1))) << "taken all the same";
  EXPECT_EQ(queue.size(), 5U);
  EventQueue::Popped popped;
  for (const bool resume : {false, false, true, false, false}) {
    pop_size(queue, &popped);
    EXPECT_EQ(popped.resume, resume);
  }
}

TEST(EventQueue, IsFullByBytes) {
  EventQueue queue(1'000, 100);
  EXPECT_TRUE(queue.push(item(99)));
  EXPECT_FALSE(queue.push(item(1)));
  EventQueue::Popped popped;
  pop_size(queue, &popped);
  EXPECT_TRUE(popped.resume);
  EXPECT_TRUE(queue.push(item(1)));
}

TEST(EventPool, KeepsMemoryWithinItsBound) {
  const auto pool = std::make_shared<detail::EventPool>(4'096);
  std::vector<SchedulerEvent> events;
  for (int count = 0; count < 100; ++count) events.push_back(pool->take(1'000));
  events.clear();
  EXPECT_EQ(pool->kept(), 4U);
  const scheduler::Event* kept = pool->take(10).operator->();
  EXPECT_EQ(pool->take(10).operator->(), kept) << "the same message again";
}

TEST(EventPool, FreesWhatWasMadeForALargeRecord) {
  const auto pool = std::make_shared<detail::EventPool>(4'096);
  { const auto large = pool->take(1 << 20); }
  EXPECT_EQ(pool->kept(), 0U);
}

TEST(EventPool, TakesEventsBackOnAnyThreadAndOutlivesItsOwner) {
  auto pool = std::make_shared<detail::EventPool>();
  auto event = pool->take(10);
  auto moved = std::move(event);
  EXPECT_FALSE(event);
  pool.reset();
  std::thread([held = std::move(moved)]() mutable { held = SchedulerEvent(); }).join();
}

}  // namespace
}  // namespace mesosio::session
