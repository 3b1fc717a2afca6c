// The time of the policy floor: values that are given to it; it owns no clock.
#pragma once

#include <chrono>

namespace mesosio::policy {

using TimePoint = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;

}  // namespace mesosio::policy
