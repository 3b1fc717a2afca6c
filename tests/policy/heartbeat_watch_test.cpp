// The watch counts silence that was listened to, and nothing else.
#include "policy/heartbeat_watch.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace mesosio::policy {
namespace {

using std::chrono::seconds;

constexpr TimePoint start{std::chrono::hours{1}};

HeartbeatWatch started(int missed = 5) {
  HeartbeatWatch watch(missed);
  watch.start(start);
  return watch;
}

TEST(HeartbeatWatch, WaitsFiveIntervalsOfFifteenSecondsByDefault) {
  const auto watch = started();
  EXPECT_EQ(watch.deadline(), start + seconds{75});
  EXPECT_FALSE(watch.expired(start + seconds{74}));
  EXPECT_TRUE(watch.expired(start + seconds{75}));
}

TEST(HeartbeatWatch, StartsAgainWithEachEvent) {
  auto watch = started();
  watch.seen(start + seconds{70});
  EXPECT_EQ(watch.deadline(), start + seconds{145});
}

TEST(HeartbeatWatch, TakesTheMastersInterval) {
  auto watch = started(3);
  watch.set_interval(2.5);
  EXPECT_EQ(watch.deadline(), start + std::chrono::milliseconds{7'500});
}

TEST(HeartbeatWatch, TakesFifteenSecondsWhereTheIntervalIsUnusable) {
  const std::optional<double> unusable[] = {std::nullopt,
                                            0.0,
                                            -1.0,
                                            std::numeric_limits<double>::quiet_NaN(),
                                            std::numeric_limits<double>::infinity(),
                                            -std::numeric_limits<double>::infinity(),
                                            1e300,
                                            86'401.0};
  for (const auto& interval : unusable) {
    auto watch = started(1);
    watch.set_interval(3.0);
    watch.set_interval(interval);
    EXPECT_EQ(watch.deadline(), start + seconds{15}) << interval.value_or(-0.0);
  }
}

TEST(HeartbeatWatch, DoesNotCountTimeInWhichNobodyListened) {
  auto watch = started();
  watch.pause(start + seconds{10});
  EXPECT_EQ(watch.deadline(), std::nullopt);
  EXPECT_FALSE(watch.expired(start + seconds{10'000}));
  watch.pause(start + seconds{500});  // a second pause changes nothing
  watch.resume(start + seconds{1'000});
  EXPECT_EQ(watch.deadline(), start + seconds{1'065});
  watch.resume(start + seconds{1'010});
  EXPECT_EQ(watch.deadline(), start + seconds{1'065});
}

TEST(HeartbeatWatch, CanBeSwitchedOff) {
  EXPECT_EQ(started(0).deadline(), std::nullopt);
  EXPECT_EQ(started(-1).deadline(), std::nullopt);
}

TEST(HeartbeatWatch, RunsOnlyBetweenStartAndStop) {
  HeartbeatWatch watch(5);
  EXPECT_EQ(watch.deadline(), std::nullopt);
  watch.start(start);
  watch.stop();
  EXPECT_EQ(watch.deadline(), std::nullopt);
}

TEST(HeartbeatWatch, KeepsAVerySmallIntervalAboveZero) {
  auto watch = started(1);
  watch.set_interval(1e-30);
  EXPECT_GT(*watch.deadline(), start);
}

}  // namespace
}  // namespace mesosio::policy
