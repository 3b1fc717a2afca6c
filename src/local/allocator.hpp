// Decides which agent's free resources are offered to which framework, and in which of its roles.
#pragma once

#include "local/now.hpp"
#include "local/resources.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace mesosio::local {

struct Allocation {
  std::string framework_id;
  std::string role;
  std::string agent_id;
  Resources resources;
};

// A framework's filters as they come in calls: not given or negative means 5 s, and a year is the most.
[[nodiscard]] Duration refuse_duration(std::optional<double> refuse_seconds) noexcept;

// All free resources of an agent go to one framework in one role: to the one whose largest share of any
// scalar, first by role and then by framework, is the smallest, as dominant resource fairness has it.
class Allocator {
 public:
  explicit Allocator(Duration interval) : interval_(interval) {}

  void add_agent(const std::string& agent_id, Resources total);
  void remove_agent(const std::string& agent_id);

  // Also for changing one: filters stay except those of roles that are gone.
  void set_framework(const std::string& framework_id, std::set<std::string> roles,
                     std::set<std::string> suppressed, bool takes_gpus);
  void remove_framework(const std::string& framework_id);
  void set_active(const std::string& framework_id, bool active);

  // For all roles of the framework where `roles` is empty; roles that are not its own are passed over.
  void suppress(const std::string& framework_id, const std::set<std::string>& roles);
  // Also forgets what was refused in these roles.
  void revive(const std::string& framework_id, const std::set<std::string>& roles);

  // Gives resources of an allocation back, and does not offer what they hold again before `refuse` has
  // passed.
  void recover(Now now, const Allocation& allocation, std::optional<Duration> refuse);

  // Allocates what is free. What it returns counts as used until it is given to `recover`.
  [[nodiscard]] std::vector<Allocation> allocate(Now now);

  [[nodiscard]] Resources free_of(const std::string& agent_id) const;

 private:
  struct Agent {
    std::string id;
    Resources total;
    Resources free;
  };
  struct Filter {
    Resources refused;
    TimePoint until;
  };
  struct Role {
    bool suppressed = false;
    std::map<std::string, Scalar> allocated;             // scalars over all agents
    std::map<std::string, std::vector<Filter>> filters;  // by agent
  };
  struct Framework {
    std::uint64_t number = 0;  // in the order in which they came, for ties
    bool active = true;
    bool takes_gpus = false;
    std::set<std::string> wanted;       // its roles now
    std::map<std::string, Role> roles;  // those, and former ones in which it still holds something
  };

  void expire_filters(Now now);
  [[nodiscard]] double share(const std::map<std::string, Scalar>& allocated) const;
  [[nodiscard]] std::map<std::string, double> role_shares() const;
  [[nodiscard]] std::optional<Allocation> choose(const Agent& agent,
                                                 const std::map<std::string, double>& shares) const;

  Duration interval_;
  std::uint64_t next_number_ = 0;
  std::vector<Agent> agents_;
  std::map<std::string, Scalar> total_;
  std::map<std::string, Framework> frameworks_;
};

}  // namespace mesosio::local
