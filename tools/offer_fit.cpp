// Takes a task's resources out of what is offered, in thousandths, as Mesos counts them.
#include "tools/offer_fit.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>

namespace mesosio::tool {
namespace {

constexpr double unit = 1000;
constexpr double most = 1e15;  // a peer's number; what is more than this has no exact thousandths

std::int64_t thousandths(double value) {
  return std::isfinite(value) ? std::llround(std::clamp(value, 0.0, most) * unit) : 0;
}

bool usable(const Resource& resource, std::string_view name) {
  return resource.name() == name && resource.type() == Value::SCALAR && resource.has_scalar() &&
         !resource.has_revocable() && !resource.has_shared() && !resource.has_provider_id();
}

// Moves `wanted` of `name` from `left` to `taken`, piece by piece: each keeps the role that it is reserved
// for.
bool move_scalar(std::vector<Resource>& left, std::string_view name, double amount,
                 std::vector<Resource>& taken) {
  std::int64_t wanted = thousandths(amount);
  for (Resource& resource : left) {
    if (wanted == 0) break;
    if (!usable(resource, name)) continue;
    const std::int64_t there = thousandths(resource.scalar().value());
    const std::int64_t part = std::min(there, wanted);
    if (part == 0) continue;
    taken.push_back(resource);
    taken.back().mutable_scalar()->set_value(static_cast<double>(part) / unit);
    resource.mutable_scalar()->set_value(static_cast<double>(there - part) / unit);
    wanted -= part;
  }
  return wanted == 0;
}

double sum(const std::vector<Resource>& resources, std::string_view name) {
  std::int64_t total = 0;
  for (const Resource& resource : resources) {
    if (usable(resource, name)) total += thousandths(resource.scalar().value());
  }
  return static_cast<double>(total) / unit;
}

}  // namespace

std::optional<std::vector<Resource>> take(std::vector<Resource>& left, const TaskSize& size) {
  std::vector<Resource> rest = left;
  std::vector<Resource> taken;
  if (!move_scalar(rest, "cpus", size.cpus, taken) || !move_scalar(rest, "mem", size.mem, taken)) return {};
  left = std::move(rest);
  return taken;
}

TaskSize available(const std::vector<Resource>& resources) {
  return {sum(resources, "cpus"), sum(resources, "mem")};
}

}  // namespace mesosio::tool
