// What a master checks in a FrameworkInfo, and what it reads out of one.
#pragma once

#include "local/now.hpp"

#include <mesos/v1/scheduler/scheduler.pb.h>

#include <optional>
#include <set>
#include <string>

namespace mesosio::local {

// An id that comes from a peer and ends up in paths: not empty, at most 255 bytes, no slash, no control
// character. Nothing when it is fine, else the words in which a master refuses it.
[[nodiscard]] std::optional<std::string> check_id(const std::string& id);

[[nodiscard]] std::optional<std::string> check_role(const std::string& role);

// The rules for a new or changed FrameworkInfo, apart from what depends on an earlier one.
[[nodiscard]] std::optional<std::string> check_framework_info(const mesos::v1::FrameworkInfo& info);

// The words of the refusal when `suppressed` has a role that is not in `roles`.
[[nodiscard]] std::optional<std::string> check_suppressed(const std::set<std::string>& suppressed,
                                                          const std::set<std::string>& roles);

// What UPDATE_FRAMEWORK cannot change: user, principal and checkpoint.
[[nodiscard]] std::optional<std::string> check_update(const mesos::v1::FrameworkInfo& old_info,
                                                      const mesos::v1::FrameworkInfo& new_info);

[[nodiscard]] std::set<std::string> roles_of(const mesos::v1::FrameworkInfo& info);
[[nodiscard]] bool has_capability(const mesos::v1::FrameworkInfo& info,
                                  mesos::v1::FrameworkInfo::Capability::Type capability);
[[nodiscard]] Duration failover_timeout_of(const mesos::v1::FrameworkInfo& info);

// "{ a, b }"
[[nodiscard]] std::string braced(const std::set<std::string>& items);

}  // namespace mesosio::local
