// Draws the delays and keeps a faulty configuration within sane bounds.
#include "policy/backoff.hpp"

#include <algorithm>
#include <cmath>

namespace mesosio::policy {
namespace {

using std::chrono::milliseconds;

// A delay beyond this serves nobody and could overflow a time point.
constexpr milliseconds longest{std::chrono::hours{24}};

milliseconds within_bounds(milliseconds value) {
  return std::clamp(value, milliseconds{1}, longest);
}

// Neighbouring seeds must not give neighbouring delays, which the generator's first numbers would (after
// SplitMix64).
std::uint64_t mixed(std::uint64_t seed) {
  seed += 0x9E3779B97F4A7C15U;
  seed = (seed ^ (seed >> 30U)) * 0xBF58476D1CE4E5B9U;
  seed = (seed ^ (seed >> 27U)) * 0x94D049BB133111EBU;
  return seed ^ (seed >> 31U);
}

}  // namespace

Backoff::Backoff(const BackoffConfig& config, std::uint64_t seed)
    : initial_(std::min(within_bounds(config.initial), within_bounds(config.max))),
      max_(within_bounds(config.max)),
      multiplier_(std::isfinite(config.multiplier) ? std::max(config.multiplier, 1.0) : 2.0),
      end_(initial_),
      random_(static_cast<std::minstd_rand::result_type>(mixed(seed))) {}

milliseconds Backoff::next() {
  std::uniform_int_distribution<milliseconds::rep> draw(0, end_.count());
  const milliseconds delay{draw(random_)};
  // In floating point, so that a large multiplier cannot overflow before the cap is applied.
  const double grown = static_cast<double>(end_.count()) * multiplier_;
  end_ = grown >= static_cast<double>(max_.count())
             ? max_
             : std::max(milliseconds{static_cast<milliseconds::rep>(grown)}, end_);
  return delay;
}

}  // namespace mesosio::policy
