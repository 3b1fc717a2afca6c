// Where the helper executable of the task supervisor is.
#include "local/reaper/helper_path.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

namespace mesosio::local::reaper {
namespace fs = std::filesystem;
namespace {

// Empty if `file` can be run, else what is wrong with it.
std::string objection(const fs::path& file) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (status.type() == fs::file_type::not_found) return "no such file";
  if (error) return error.message();
  if (!fs::is_regular_file(status)) return "not a regular file";
  if (::access(file.c_str(), X_OK) != 0) return "not executable";
  return {};
}

void append_new(std::vector<fs::path>& places, const std::vector<fs::path>& more) {
  for (const fs::path& place : more) {
    if (std::find(places.begin(), places.end(), place) == places.end()) places.push_back(place);
  }
}

std::vector<fs::path> all_places() {
  std::vector<fs::path> places;
  std::error_code ignored;
  static const char here = 0;
  Dl_info info{};
  if (::dladdr(&here, &info) != 0 && info.dli_fname != nullptr) {
    // For code linked into the program this is its argv[0], which may be a bare name: then it is no file
    // here.
    const fs::path module = fs::canonical(info.dli_fname, ignored);
    if (!ignored) append_new(places, places_beside(module));
  }
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  if (!ignored) append_new(places, places_beside(program));
  append_new(places, {MESOSIO_HELPER_BUILD_PATH, MESOSIO_HELPER_INSTALL_PATH});
  return places;
}

}  // namespace

std::vector<fs::path> places_beside(const fs::path& module) {
  const fs::path relative = fs::path(MESOSIO_HELPER_LIBEXEC) / "mesosio" / helper_name;
  const fs::path prefix = module.parent_path().parent_path();
  std::vector<fs::path> places{(prefix / relative).lexically_normal()};
  // Only from a directory that is named so: further up than the prefix others may have a right to write.
  const std::string libraries = prefix.filename().string();
  if (libraries == "lib" || libraries == "lib32" || libraries == "lib64") {
    append_new(places, {(prefix.parent_path() / relative).lexically_normal()});
  }
  return places;
}

Error find_helper(const std::string& option, std::string& path) {
  if (!option.empty()) {
    path = option;
    const std::string wrong = objection(option);
    if (wrong.empty()) return {};
    return {errc::invalid_argument,
            "the task helper given by option, '" + printable(option) + "', cannot be used: " + wrong +
                "; expected the path of the executable " + helper_name,
            {}};
  }
  std::string looked;
  for (const fs::path& place : all_places()) {
    const std::string wrong = objection(place);
    path = place.string();
    if (wrong.empty()) return {};
    looked += (looked.empty() ? "'" : ", '") + printable(path, 4096) + "' (" + wrong + ")";
  }
  return {errc::invalid_argument,
          std::string("the task helper ") + helper_name + " was not found; looked at " + looked +
              "; install it there or give its path by option",
          {}};
}

}  // namespace mesosio::local::reaper
