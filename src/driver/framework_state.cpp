// Sets of roles, before and after.
#include "driver/framework_state.hpp"

#include <mesosio/scheduler_calls.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace mesosio::driver {
namespace {

std::vector<std::string> difference(const std::set<std::string>& from, const std::set<std::string>& what) {
  std::vector<std::string> left;
  std::set_difference(from.begin(), from.end(), what.begin(), what.end(), std::back_inserter(left));
  return left;
}

}  // namespace

FrameworkState::FrameworkState(const SchedulerConfig& config)
    : info_(config.framework),
      configured_(config.suppressed_roles.begin(), config.suppressed_roles.end()),
      suppressed_(configured_),
      constraints_(config.offer_constraints) {}

// A framework without MULTI_ROLE has the one role of the older field.
std::set<std::string> FrameworkState::all_roles() const {
  if (info_.roles_size() == 0) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    return {info_.role()};
#pragma GCC diagnostic pop
  }
  return {info_.roles().begin(), info_.roles().end()};
}

void FrameworkState::made(const scheduler::Call& call) {
  switch (call.type()) {
    case scheduler::Call::SUPPRESS: {
      suppressed_before_.reset();
      const std::set<std::string> all = all_roles();
      if (call.suppress().roles().empty()) suppressed_ = all;
      // Only roles of the framework: others would make a later UPDATE_FRAMEWORK invalid.
      for (const std::string& role : call.suppress().roles()) {
        if (all.count(role) > 0) suppressed_.insert(role);
      }
      break;
    }
    case scheduler::Call::REVIVE:
      suppressed_before_.reset();
      if (call.revive().roles().empty()) suppressed_.clear();
      for (const std::string& role : call.revive().roles()) suppressed_.erase(role);
      break;
    case scheduler::Call::UPDATE_FRAMEWORK: {
      const auto& roles = call.update_framework().suppressed_roles();
      suppressed_before_ = std::exchange(suppressed_, {roles.begin(), roles.end()});
      break;
    }
    default:
      break;
  }
}

void FrameworkState::ended(const scheduler::Call& call, bool accepted) {
  if (call.type() != scheduler::Call::UPDATE_FRAMEWORK) return;
  const auto before = std::exchange(suppressed_before_, std::nullopt);
  if (!accepted) {
    if (before) suppressed_ = *before;
    return;
  }
  const FrameworkID id = info_.id();
  info_ = call.update_framework().framework_info();
  if (!id.value().empty()) set_id(id);
  constraints_.reset();
  if (call.update_framework().has_offer_constraints()) {
    constraints_ = call.update_framework().offer_constraints();
  }
  updated_ = true;
}

std::vector<scheduler::Call> FrameworkState::calls_for_new_subscription() const {
  if (updated_) {
    scheduler::Call update =
        calls::update_framework(info_, {suppressed_.begin(), suppressed_.end()}, constraints_);
    *update.mutable_framework_id() = info_.id();
    return {std::move(update)};
  }
  std::vector<scheduler::Call> calls;
  if (auto roles = difference(configured_, suppressed_); !roles.empty())
    calls.push_back(calls::revive(roles));
  if (auto roles = difference(suppressed_, configured_); !roles.empty()) {
    calls.push_back(calls::suppress(roles));
  }
  return calls;
}

}  // namespace mesosio::driver
