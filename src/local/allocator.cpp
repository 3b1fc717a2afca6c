// Offers of free resources by dominant resource fairness, with filters, suppressed and revived roles.
#include "local/allocator.hpp"

#include <algorithm>
#include <tuple>

namespace mesosio::local {
namespace {

constexpr std::chrono::seconds default_refusal{5};
constexpr std::chrono::seconds longest_refusal{std::chrono::hours(24 * 365)};

// Filters that a framework can hold against one agent in one role; the oldest goes when there are more.
constexpr std::size_t max_filters = 64;

// Less than this is not worth an offer; the figures are those of Mesos.
bool allocatable(const Resources& resources) {
  return resources.scalar("cpus") >= 10 || resources.scalar("mem") >= 32'000;
}

}  // namespace

Duration refuse_duration(std::optional<double> refuse_seconds) noexcept {
  if (!refuse_seconds || !(*refuse_seconds >= 0.0)) {
    return default_refusal;
  }
  return to_duration(*refuse_seconds, longest_refusal);
}

void Allocator::add_agent(const std::string& agent_id, Resources total) {
  for (const auto& [name, amount] : total.scalars()) {
    total_[name] += amount;
  }
  agents_.push_back({agent_id, total, total});
}

void Allocator::remove_agent(const std::string& agent_id) {
  const auto at =
      std::find_if(agents_.begin(), agents_.end(), [&](const Agent& a) { return a.id == agent_id; });
  if (at == agents_.end()) {
    return;
  }
  for (const auto& [name, amount] : at->total.scalars()) {
    total_[name] -= amount;
  }
  agents_.erase(at);
  for (auto& [framework_id, framework] : frameworks_) {
    for (auto& [name, role] : framework.roles) {
      role.filters.erase(agent_id);
    }
  }
}

void Allocator::set_framework(const std::string& framework_id, std::set<std::string> roles,
                              std::set<std::string> suppressed, bool takes_gpus) {
  const auto [at, is_new] = frameworks_.try_emplace(framework_id);
  Framework& framework = at->second;
  if (is_new) {
    framework.number = next_number_++;
  }
  framework.takes_gpus = takes_gpus;
  framework.wanted = std::move(roles);
  for (const std::string& role : framework.wanted) {
    framework.roles[role].suppressed = suppressed.count(role) != 0;
  }
  for (auto& [name, role] : framework.roles) {
    if (framework.wanted.count(name) == 0) {
      role.filters.clear();
    }
  }
}

void Allocator::remove_framework(const std::string& framework_id) {
  frameworks_.erase(framework_id);
}

void Allocator::set_active(const std::string& framework_id, bool active) {
  if (const auto at = frameworks_.find(framework_id); at != frameworks_.end()) {
    at->second.active = active;
  }
}

void Allocator::suppress(const std::string& framework_id, const std::set<std::string>& roles) {
  const auto at = frameworks_.find(framework_id);
  if (at == frameworks_.end()) {
    return;
  }
  for (auto& [name, role] : at->second.roles) {
    if (roles.empty() || roles.count(name) != 0) {
      role.suppressed = true;
    }
  }
}

void Allocator::revive(const std::string& framework_id, const std::set<std::string>& roles) {
  const auto at = frameworks_.find(framework_id);
  if (at == frameworks_.end()) {
    return;
  }
  for (auto& [name, role] : at->second.roles) {
    if (roles.empty() || roles.count(name) != 0) {
      role.suppressed = false;
      role.filters.clear();
    }
  }
}

void Allocator::recover(Now now, const Allocation& allocation, std::optional<Duration> refuse) {
  const auto agent = std::find_if(agents_.begin(), agents_.end(),
                                  [&](const Agent& a) { return a.id == allocation.agent_id; });
  if (agent != agents_.end()) {
    agent->free += allocation.resources;
  }
  const auto framework = frameworks_.find(allocation.framework_id);
  if (framework == frameworks_.end()) {
    return;
  }
  Role& role = framework->second.roles[allocation.role];
  for (const auto& [name, amount] : allocation.resources.scalars()) {
    role.allocated[name] = std::max<Scalar>(0, role.allocated[name] - amount);
  }
  if (!refuse || *refuse <= Duration::zero() || agent == agents_.end() || allocation.resources.empty() ||
      framework->second.wanted.count(allocation.role) == 0) {
    return;
  }
  // A filter lasts at least until one allocation has passed it by.
  const Filter filter{allocation.resources, later(now.steady, std::max(*refuse, interval_))};
  auto& filters = role.filters[allocation.agent_id];
  filters.erase(std::remove_if(filters.begin(), filters.end(),
                               [&](const Filter& old) {
                                 return old.until <= filter.until && filter.refused.contains(old.refused);
                               }),
                filters.end());
  filters.push_back(filter);
  if (filters.size() > max_filters) {
    filters.erase(filters.begin());
  }
}

void Allocator::expire_filters(Now now) {
  for (auto& [framework_id, framework] : frameworks_) {
    for (auto& [name, role] : framework.roles) {
      for (auto at = role.filters.begin(); at != role.filters.end();) {
        auto& filters = at->second;
        filters.erase(std::remove_if(filters.begin(), filters.end(),
                                     [&](const Filter& filter) { return filter.until <= now.steady; }),
                      filters.end());
        at = filters.empty() ? role.filters.erase(at) : std::next(at);
      }
    }
  }
}

double Allocator::share(const std::map<std::string, Scalar>& allocated) const {
  double largest = 0.0;
  for (const auto& [name, amount] : allocated) {
    const auto total = total_.find(name);
    if (total != total_.end() && total->second > 0) {
      largest = std::max(largest, static_cast<double>(amount) / static_cast<double>(total->second));
    }
  }
  return largest;
}

std::map<std::string, double> Allocator::role_shares() const {
  std::map<std::string, std::map<std::string, Scalar>> allocated;
  for (const auto& [framework_id, framework] : frameworks_) {
    for (const auto& [name, role] : framework.roles) {
      for (const auto& [resource, amount] : role.allocated) {
        allocated[name][resource] += amount;
      }
    }
  }
  std::map<std::string, double> shares;
  for (const auto& [name, sums] : allocated) {
    shares[name] = share(sums);
  }
  return shares;
}

std::optional<Allocation> Allocator::choose(const Agent& agent,
                                            const std::map<std::string, double>& shares) const {
  std::optional<Allocation> best;
  std::tuple<double, std::string, double, std::uint64_t> best_rank;
  const bool has_gpus = agent.total.scalar("gpus") > 0;
  for (const auto& [framework_id, framework] : frameworks_) {
    if (!framework.active || (has_gpus && !framework.takes_gpus)) {
      continue;
    }
    for (const std::string& name : framework.wanted) {
      const Role& role = framework.roles.at(name);
      const auto filters = role.filters.find(agent.id);
      const bool refused =
          filters != role.filters.end() &&
          std::any_of(filters->second.begin(), filters->second.end(),
                      [&](const Filter& filter) { return filter.refused.contains(agent.free); });
      if (role.suppressed || refused) {
        continue;
      }
      const auto role_share = shares.find(name);
      std::tuple rank{role_share == shares.end() ? 0.0 : role_share->second, name, share(role.allocated),
                      framework.number};
      if (!best || rank < best_rank) {
        best_rank = std::move(rank);
        best = Allocation{framework_id, name, agent.id, {}};
      }
    }
  }
  return best;
}

std::vector<Allocation> Allocator::allocate(Now now) {
  expire_filters(now);
  std::vector<Allocation> allocations;
  for (Agent& agent : agents_) {
    if (!allocatable(agent.free)) {
      continue;
    }
    std::optional<Allocation> chosen = choose(agent, role_shares());
    if (!chosen) {
      continue;
    }
    chosen->resources = std::move(agent.free);
    agent.free = {};
    Role& role = frameworks_.at(chosen->framework_id).roles.at(chosen->role);
    for (const auto& [name, amount] : chosen->resources.scalars()) {
      role.allocated[name] += amount;
    }
    allocations.push_back(std::move(*chosen));
  }
  return allocations;
}

Resources Allocator::free_of(const std::string& agent_id) const {
  const auto at =
      std::find_if(agents_.begin(), agents_.end(), [&](const Agent& a) { return a.id == agent_id; });
  return at == agents_.end() ? Resources{} : at->free;
}

}  // namespace mesosio::local
