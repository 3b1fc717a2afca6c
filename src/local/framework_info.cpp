// What a master checks in a FrameworkInfo, in a master's order and words.
#include "local/framework_info.hpp"

#include <mesosio/error.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace mesosio::local {
namespace {

using mesos::v1::FrameworkInfo;
using Words = std::optional<std::string>;

// The longest time that Mesos' own durations hold, in seconds.
constexpr double longest_duration = 9223372036.0;
// It is kept for each framework, as long as that asks for: what a request may hold is too much for that.
constexpr std::size_t max_framework_info_bytes = std::size_t{1} << 20U;

Words check_roles(const FrameworkInfo& info) {
  if (!has_capability(info, FrameworkInfo::Capability::MULTI_ROLE)) {
    if (!info.roles().empty()) {
      return "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable";
    }
    const Words words = check_role(info.role());
    return words ? Words("'FrameworkInfo.role' is not a valid role: " + *words) : std::nullopt;
  }
  if (info.has_role()) {
    return "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable";
  }
  std::set<std::string> seen;
  for (const std::string& role : info.roles()) {
    if (!seen.insert(role).second) {
      return "'FrameworkInfo.roles' contains duplicate items: " + printable(role, 64);
    }
  }
  for (const std::string& role : info.roles()) {
    if (const Words words = check_role(role)) {
      return "'FrameworkInfo.roles' contains invalid role: " + *words;
    }
  }
  return {};
}

}  // namespace

Words check_id(const std::string& id) {
  if (id.empty()) {
    return "ID must not be empty";
  }
  if (id.size() > 255) {
    return "ID must not be greater than 255 characters";
  }
  if (id == "." || id == "..") {
    return "'" + id + "' is disallowed";
  }
  const bool strange = std::any_of(id.begin(), id.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '/' || c == '\\';
  });
  return strange ? Words("'" + printable(id) + "' contains invalid characters") : std::nullopt;
}

Words check_role(const std::string& role) {
  const std::string shown = printable(role, 128);
  if (role == "*") {
    return {};
  }
  if (role.empty()) {
    return "Role cannot be the empty string";
  }
  if (role.front() == '/') {
    return "Role '" + shown + "' cannot start with a slash";
  }
  if (role.back() == '/') {
    return "Role '" + shown + "' cannot end with a slash";
  }
  for (std::size_t begin = 0; begin <= role.size();) {
    const std::size_t end = std::min(role.find('/', begin), role.size());
    const std::string component = role.substr(begin, end - begin);
    const std::string shown_component = printable(component, 128);
    if (component.empty()) {
      return "Role '" + shown + "' cannot contain two adjacent slashes";
    }
    if (component == "." || component == ".." || component == "*") {
      return "Role '" + shown + "' cannot include '" + component + "' as a component";
    }
    if (component.front() == '-') {
      return "Role component '" + shown_component + "' is invalid because it starts with a dash";
    }
    const bool strange = std::any_of(component.begin(), component.end(), [](char c) {
      return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f;
    });
    if (strange) {
      return "Role component '" + shown_component +
             "' is invalid because it contains a backspace or whitespace";
    }
    begin = end + 1;
  }
  return {};
}

Words check_framework_info(const FrameworkInfo& info) {
  if (info.ByteSizeLong() > max_framework_info_bytes) {
    return "FrameworkInfo has " + std::to_string(info.ByteSizeLong()) +
           " bytes, and this local master keeps " + std::to_string(max_framework_info_bytes) + " at most";
  }
  if (Words words = check_roles(info)) {
    return words;
  }
  if (info.has_id() && !info.id().value().empty()) {
    if (const Words words = check_id(info.id().value())) {
      return "Framework ID '" + printable(info.id().value(), 64) + "' is invalid: " + *words;
    }
  }
  const double timeout = info.failover_timeout();
  if (!(timeout >= -longest_duration && timeout <= longest_duration)) {
    char text[40];
    std::snprintf(text, sizeof(text), "%g", timeout);
    return "The framework failover_timeout (" + std::string(text) + ") is invalid";
  }
  return {};
}

Words check_suppressed(const std::set<std::string>& suppressed, const std::set<std::string>& roles) {
  std::set<std::string> foreign;
  std::set_difference(suppressed.begin(), suppressed.end(), roles.begin(), roles.end(),
                      std::inserter(foreign, foreign.end()));
  return foreign.empty()
             ? std::nullopt
             : Words("Suppressed roles " + braced(foreign) + " are not contained in the set of roles");
}

Words check_update(const FrameworkInfo& old_info, const FrameworkInfo& new_info) {
  if (old_info.principal() != new_info.principal()) {
    return "Changing framework's principal is not allowed.";
  }
  if (old_info.user() != new_info.user()) {
    return "Updating 'FrameworkInfo.user' is unsupported; attempted to update from '" +
           printable(old_info.user(), 64) + "' to '" + printable(new_info.user(), 64) + "'";
  }
  if (old_info.checkpoint() != new_info.checkpoint()) {
    const auto word = [](bool value) { return value ? "'true'" : "'false'"; };
    return std::string("Updating 'FrameworkInfo.checkpoint' is unsupported; attempted to update from ") +
           word(old_info.checkpoint()) + " to " + word(new_info.checkpoint());
  }
  return {};
}

std::set<std::string> roles_of(const FrameworkInfo& info) {
  if (has_capability(info, FrameworkInfo::Capability::MULTI_ROLE)) {
    return {info.roles().begin(), info.roles().end()};
  }
  return {info.role()};
}

bool has_capability(const FrameworkInfo& info, FrameworkInfo::Capability::Type capability) {
  return std::any_of(info.capabilities().begin(), info.capabilities().end(),
                     [&](const auto& each) { return each.type() == capability; });
}

Duration failover_timeout_of(const FrameworkInfo& info) {
  return to_duration(info.failover_timeout(), std::chrono::seconds(std::chrono::years(100)));
}

std::string braced(const std::set<std::string>& items) {
  std::string out;
  for (const std::string& item : items) {
    out += (out.empty() ? "{ " : ", ") + printable(item, 64);
  }
  return out.empty() ? "{}" : out + " }";
}

}  // namespace mesosio::local
