// What the framework's calls have changed since it was configured, so that a new subscription, which begins
// with the configuration again, does not undo it.
#pragma once

#include <mesosio/messages.hpp>
#include <mesosio/scheduler_config.hpp>

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace mesosio::driver {

// Not thread-safe.
class FrameworkState {
 public:
  explicit FrameworkState(const SchedulerConfig& config);

  // The framework as it is now; with its id, once that is known.
  [[nodiscard]] const FrameworkInfo& info() const noexcept { return info_; }
  void set_id(const FrameworkID& id) { *info_.mutable_id() = id; }

  // SUPPRESS and REVIVE hold from when they are made, as in libmesos: also while there is no subscription.
  // UPDATE_FRAMEWORK holds once the master has taken it.
  void made(const scheduler::Call& call);
  void ended(const scheduler::Call& call, bool accepted);

  // The calls that bring the master from the configuration to what holds now; to be made when a subscription
  // begins.
  [[nodiscard]] std::vector<scheduler::Call> calls_for_new_subscription() const;

 private:
  [[nodiscard]] std::set<std::string> all_roles() const;

  FrameworkInfo info_;
  std::set<std::string> configured_;  // the suppressed roles that SUBSCRIBE names
  std::set<std::string> suppressed_;
  // Before an UPDATE_FRAMEWORK that is not answered yet; dropped when the roles change meanwhile.
  std::optional<std::set<std::string>> suppressed_before_;
  std::optional<scheduler::OfferConstraints> constraints_;
  bool updated_ = false;
};

}  // namespace mesosio::driver
