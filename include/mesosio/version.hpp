/// The version of the mesosio headers that a program is compiled against.
#pragma once

#include <string_view>

/// Numbers for the preprocessor: `#if MESOSIO_VERSION >= 100`. The form is major * 10000 + minor * 100 +
/// patch. The configure step fails when they differ from the version of the CMake project.
#define MESOSIO_VERSION_MAJOR 0
#define MESOSIO_VERSION_MINOR 1
#define MESOSIO_VERSION_PATCH 0
#define MESOSIO_VERSION (MESOSIO_VERSION_MAJOR * 10000 + MESOSIO_VERSION_MINOR * 100 + MESOSIO_VERSION_PATCH)
#define MESOSIO_VERSION_STRING "0.1.0"

namespace mesosio {

/// The same version as text, as in the `User-Agent` and in `mesosio --version`.
/// Until 1.0 a minor version may change the API; the change log says how.
inline constexpr std::string_view version_string = MESOSIO_VERSION_STRING;

}  // namespace mesosio
