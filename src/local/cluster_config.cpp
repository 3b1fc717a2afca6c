// Checks the configuration of a local cluster, and says what is wrong in it.
#include "local/cluster_config.hpp"

#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace mesosio::local {
namespace {

Error invalid(std::string words) {
  return {errc::invalid_argument, "local cluster: " + std::move(words), {}};
}

}  // namespace

std::string user_name() {
  std::vector<char> buffer(16384);
  passwd entry{};
  passwd* found = nullptr;
  const bool known =
      getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr;
  return known ? std::string(entry.pw_name) : std::to_string(geteuid());
}

Error check_config(const ClusterConfig& config) {
  constexpr std::size_t most_agents = 1000;
  if (config.agents > most_agents || config.agent_configs.size() > config.agents) {
    return invalid("there can be up to " + std::to_string(most_agents) +
                   " agents, and no more configurations of single ones than agents; got " +
                   std::to_string(config.agents) + " agents and " +
                   std::to_string(config.agent_configs.size()) + " configurations");
  }
  for (const auto& [name, value] : {std::pair("heartbeat_interval", config.heartbeat_interval),
                                    std::pair("allocation_interval", config.allocation_interval),
                                    std::pair("update_retry_interval", config.update_retry_interval),
                                    std::pair("request_timeout", config.request_timeout)}) {
    if (value <= std::chrono::milliseconds::zero() || value > std::chrono::hours(24 * 365)) {
      return invalid(std::string(name) + " must be above 0 and at most a year, got " +
                     std::to_string(value.count()) + " ms");
    }
  }
  if (config.max_connections == 0 || config.max_request_bytes == 0 || config.max_stream_buffer_bytes == 0) {
    return invalid("max_connections, max_request_bytes and max_stream_buffer_bytes must be above 0");
  }
  return {};
}

Error describe_agents(const ClusterConfig& config, std::vector<AgentDescription>& out) {
  for (std::size_t i = 0; i < config.agents; ++i) {
    const AgentConfig own = i < config.agent_configs.size() ? config.agent_configs[i] : AgentConfig{};
    AgentDescription agent;
    agent.hostname = own.hostname.empty() ? config.address : own.hostname;
    if (Error error =
            parse_resources(own.resources.empty() ? config.resources : own.resources, agent.resources)) {
      return error;
    }
    if (Error error = parse_attributes(own.attributes, agent.attributes)) {
      return error;
    }
    out.push_back(std::move(agent));
  }
  return {};
}

Error make_work_dir(const std::string& wanted, std::string& path, bool& temporary) {
  temporary = wanted.empty();
  if (temporary) {
    std::string name = "/tmp/mesosio-local-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) {
      return invalid("cannot make a work directory under /tmp: " + std::generic_category().message(errno));
    }
    path = name;
    return {};
  }
  std::error_code failed;
  const auto absolute = std::filesystem::absolute(wanted, failed);
  if (!failed) {
    std::filesystem::create_directories(absolute, failed);
  }
  if (failed) {
    return invalid("cannot make the work directory '" + printable(wanted) + "': " + failed.message());
  }
  path = absolute.string();
  return {};
}

}  // namespace mesosio::local
