// gzip for the bodies of requests and answers.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mesosio::local {

// Nothing when `data` is no whole, undamaged gzip member, or unpacks to more than `limit` bytes.
[[nodiscard]] std::optional<std::string> gunzip(std::string_view data, std::size_t limit);

[[nodiscard]] std::string gzip(std::string_view data);

}  // namespace mesosio::local
