// Delays stay within their ends, grow to the cap, start again, and survive any configuration.
#include "policy/backoff.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace mesosio::policy {
namespace {

using std::chrono::milliseconds;

TEST(Backoff, GrowsToItsCapAndStaysThere) {
  Backoff backoff({milliseconds{500}, milliseconds{15'000}, 2.0}, 1);
  std::vector<milliseconds::rep> ends;
  for (int attempt = 0; attempt < 8; ++attempt) {
    ends.push_back(backoff.upper_end().count());
    const auto delay = backoff.next();
    EXPECT_GE(delay.count(), 0);
    EXPECT_LE(delay.count(), ends.back());
  }
  EXPECT_EQ(ends, (std::vector<milliseconds::rep>{500, 1'000, 2'000, 4'000, 8'000, 15'000, 15'000, 15'000}));
}

TEST(Backoff, StartsAgainAfterReset) {
  Backoff backoff({}, 7);
  for (int attempt = 0; attempt < 5; ++attempt) backoff.next();
  backoff.reset();
  EXPECT_EQ(backoff.upper_end(), milliseconds{500});
}

TEST(Backoff, SpreadsFrameworksThatLostTheSameMaster) {
  std::vector<milliseconds::rep> first_delays;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    first_delays.push_back(
        Backoff({milliseconds{1'000}, milliseconds{1'000}, 1.0}, seed * 7'919).next().count());
  }
  // Neighbouring seeds, as of clients that were made one after the other, draw far from each other, too.
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    first_delays.push_back(Backoff({milliseconds{1'000}, milliseconds{1'000}, 1.0}, seed).next().count());
  }
  const auto below =
      std::count_if(first_delays.begin(), first_delays.end(), [](auto delay) { return delay < 500; });
  EXPECT_GT(below, 130);
  EXPECT_LT(below, 270);
}

TEST(Backoff, IsTheSameForTheSameSeed) {
  Backoff one({}, 42);
  Backoff other({}, 42);
  for (int attempt = 0; attempt < 10; ++attempt) EXPECT_EQ(one.next(), other.next());
}

TEST(Backoff, KeepsFaultyConfigurationsWithinBounds) {
  const BackoffConfig faulty[] = {
      {milliseconds{-5}, milliseconds{-1}, 2.0},
      {milliseconds{0}, milliseconds{0}, 0.0},
      {milliseconds{100}, milliseconds{10}, 2.0},
      {milliseconds{1}, milliseconds::max(), std::numeric_limits<double>::infinity()},
      {milliseconds::max(), milliseconds::max(), std::numeric_limits<double>::quiet_NaN()},
      {milliseconds{1}, milliseconds{1'000}, -3.0},
      {milliseconds{1}, milliseconds{1'000}, 1e300},
  };
  for (const auto& config : faulty) {
    Backoff backoff(config, 3);
    for (int attempt = 0; attempt < 100; ++attempt) {
      const auto delay = backoff.next();
      EXPECT_GE(delay.count(), 0);
      EXPECT_LE(delay, std::chrono::hours{24});
    }
  }
}

}  // namespace
}  // namespace mesosio::policy
