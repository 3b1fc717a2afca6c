// Takes a task's resources out of what is offered.
#pragma once

#include <mesosio/messages.hpp>

#include <optional>
#include <vector>

namespace mesosio::tool {

// What one task takes; mem in MiB.
struct TaskSize {
  double cpus = 0;
  double mem = 0;
};

// The resources for one task, taken out of `left`; nothing, and `left` unchanged, if they are not there.
// Resources that can be revoked, shared ones and those of a resource provider are left alone.
[[nodiscard]] std::optional<std::vector<Resource>> take(std::vector<Resource>& left, const TaskSize& size);

// How much of cpus and mem there is for take().
[[nodiscard]] TaskSize available(const std::vector<Resource>& resources);

}  // namespace mesosio::tool
