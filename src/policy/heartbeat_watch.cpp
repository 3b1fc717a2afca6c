// Adds up the silence that was listened to.
#include "policy/heartbeat_watch.hpp"

#include <algorithm>
#include <cmath>

namespace mesosio::policy {
namespace {

constexpr std::chrono::seconds default_interval{15};
constexpr double longest_interval_seconds = 86'400;

}  // namespace

void HeartbeatWatch::start(TimePoint now) {
  running_ = true;
  paused_ = false;
  interval_ = default_interval;
  silence_ = Duration::zero();
  listening_since_ = now;
}

void HeartbeatWatch::set_interval(std::optional<double> seconds) {
  const bool usable = seconds && *seconds > 0 && *seconds <= longest_interval_seconds;  // false for NaN, too
  interval_ = usable ? std::max(std::chrono::duration_cast<Duration>(std::chrono::duration<double>(*seconds)),
                                Duration{std::chrono::milliseconds{1}})
                     : Duration{default_interval};
}

void HeartbeatWatch::seen(TimePoint now) {
  silence_ = Duration::zero();
  listening_since_ = now;
}

void HeartbeatWatch::pause(TimePoint now) {
  if (!running_ || paused_) return;
  paused_ = true;
  silence_ += std::max(now - listening_since_, Duration::zero());
}

void HeartbeatWatch::resume(TimePoint now) {
  if (!running_ || !paused_) return;
  paused_ = false;
  listening_since_ = now;
}

std::optional<TimePoint> HeartbeatWatch::deadline() const {
  if (!running_ || paused_ || missed_ <= 0) return std::nullopt;
  return listening_since_ + std::max(allowance() - silence_, Duration::zero());
}

bool HeartbeatWatch::expired(TimePoint now) const {
  const auto at = deadline();
  return at && now >= *at;
}

}  // namespace mesosio::policy
