// What the tests compare of an event: its bytes' digest, and the same facts that the index has.
#pragma once

#include <mesosio/messages.hpp>

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace mesosio::captures {

// In hexadecimal, as the index has them.
[[nodiscard]] std::string sha256_of(std::string_view bytes);
[[nodiscard]] std::string hex_of(std::string_view bytes);

// Absent fields are left out, as they are in the index.
[[nodiscard]] boost::json::object facts_of(const scheduler::Event& event);

}  // namespace mesosio::captures
