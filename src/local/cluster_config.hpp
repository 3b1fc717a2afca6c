// Checks the configuration of a local cluster and turns it into what the engine needs.
#pragma once

#include "local/master_state.hpp"

#include <mesosio/error.hpp>
#include <mesosio/local/cluster.hpp>

#include <string>
#include <vector>

namespace mesosio::local {

// The numbers; resources and the like are checked where they are read.
[[nodiscard]] Error check_config(const ClusterConfig& config);

// The agents, as yet without ids.
[[nodiscard]] Error describe_agents(const ClusterConfig& config, std::vector<AgentDescription>& out);

// An absolute path of an existing directory. `temporary` tells that it was made for this cluster.
[[nodiscard]] Error make_work_dir(const std::string& wanted, std::string& path, bool& temporary);

// Of the user that this process runs as; its number where it has no name.
[[nodiscard]] std::string user_name();

}  // namespace mesosio::local
