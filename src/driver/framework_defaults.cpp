// Asks the system for the names of user and host.
#include "driver/framework_defaults.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <vector>

namespace mesosio::driver {
namespace {

// Empty where the user's number has no name, as in some containers.
std::string current_user() {
  std::vector<char> buffer(1024);
  passwd entry{};
  passwd* found = nullptr;
  int status = 0;
  while ((status = ::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found)) == ERANGE &&
         buffer.size() < (std::size_t{1} << 20)) {
    buffer.resize(buffer.size() * 2);
  }
  return status == 0 && found != nullptr ? std::string(found->pw_name) : std::string();
}

std::string current_hostname() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return {};
  return name.data();
}

}  // namespace

Error fill_defaults(SchedulerConfig& config) {
  FrameworkInfo& info = config.framework;
  if (info.user().empty()) info.set_user(current_user());
  if (info.user().empty()) {
    return {errc::invalid_argument,
            "framework.user is empty, and the current user (number " + std::to_string(::getuid()) +
                ") has no name to take instead; expected the name of the user that runs the tasks",
            {}};
  }
  if (!info.has_hostname()) {
    if (std::string name = current_hostname(); !name.empty()) info.set_hostname(std::move(name));
  }
  if (!info.has_principal() && config.credential) info.set_principal(config.credential->principal());
  return {};
}

void fill_from(const FrameworkInfo& subscribed, FrameworkInfo& info) {
  if (info.id().value().empty() && subscribed.has_id()) *info.mutable_id() = subscribed.id();
  if (info.user().empty()) info.set_user(subscribed.user());
  if (!info.has_hostname() && subscribed.has_hostname()) info.set_hostname(subscribed.hostname());
  if (!info.has_principal() && subscribed.has_principal()) info.set_principal(subscribed.principal());
}

}  // namespace mesosio::driver
