// Delays between attempts: drawn evenly from zero to an end that grows with each attempt in a row.
#pragma once

#include <mesosio/scheduler_config.hpp>

#include <chrono>
#include <cstdint>
#include <random>

namespace mesosio::policy {

class Backoff {
 public:
  Backoff(const BackoffConfig& config, std::uint64_t seed);

  // The next delay; each call without a reset() between moves the upper end up.
  std::chrono::milliseconds next();
  void reset() noexcept { end_ = initial_; }

  // What the next delay is at most.
  [[nodiscard]] std::chrono::milliseconds upper_end() const noexcept { return end_; }

 private:
  std::chrono::milliseconds initial_;
  std::chrono::milliseconds max_;
  double multiplier_;
  std::chrono::milliseconds end_;
  std::minstd_rand random_;  // eight bytes; a thousand clients each have one
};

}  // namespace mesosio::policy
