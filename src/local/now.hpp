// The time as the state machines of the local cluster see it: always handed in, never read from a clock.
#pragma once

#include <chrono>

namespace mesosio::local {

struct Now {
  std::chrono::steady_clock::time_point steady;  // for deadlines and intervals
  double unix_seconds = 0.0;                     // for the timestamps in messages
};

using TimePoint = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;

// `at + by`, without running past the end of the clock: a peer may ask for a timeout of years.
[[nodiscard]] inline TimePoint later(TimePoint at, Duration by) noexcept {
  return by > TimePoint::max() - at ? TimePoint::max() : at + by;
}

// Seconds as a peer gives them, as a duration between zero and `limit`; what is not a number counts as zero.
[[nodiscard]] inline Duration to_duration(double seconds, std::chrono::seconds limit) noexcept {
  if (!(seconds > 0.0)) {
    return Duration::zero();
  }
  const double most = static_cast<double>(limit.count());
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds < most ? seconds : most));
}

}  // namespace mesosio::local
