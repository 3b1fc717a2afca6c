// Where the helper executable of the task supervisor is.
#pragma once

#include <mesosio/error.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace mesosio::local::reaper {

inline constexpr const char* helper_name = "mesosio-task-reaper";

// The places where an installation that has `module` (a shared library or a program) keeps the helper:
// libexec/mesosio of its prefix, for prefix/bin/x, prefix/lib/x and prefix/lib/<multiarch>/x.
[[nodiscard]] std::vector<std::filesystem::path> places_beside(const std::filesystem::path& module);

// Sets `path` to the helper. With `option` that file and no other; else the first that exists of: beside the
// library that holds this code, beside the running program, the build tree, the configured install tree. The
// error names them all.
[[nodiscard]] Error find_helper(const std::string& option, std::string& path);

}  // namespace mesosio::local::reaper
