// Values of command line options: from what was typed to what is meant, or to words about what is wrong.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace mesosio::tool {

// The command line is wrong; the text says where, and what is expected. One line.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// All of these take the name of the option, for the text of the UsageError that they throw.

// A whole number in decimal from `least` to `most`.
[[nodiscard]] std::uint64_t parse_count(std::string_view option, std::string_view text, std::uint64_t least,
                                        std::uint64_t most);

// A number of ports: 0 to 65535, where 0 is "any that is free".
[[nodiscard]] std::uint16_t parse_port(std::string_view option, std::string_view text);

// An amount of a scalar resource, 0 or above, with at most three digits behind the point, as Mesos keeps it.
[[nodiscard]] double parse_amount(std::string_view option, std::string_view text);

// An amount of memory in MiB: a plain number is MiB; the units KB, MB, GB and TB are powers of 1024, as in
// Mesos.
[[nodiscard]] double parse_mebibytes(std::string_view option, std::string_view text);

// A time span with a unit as in Mesos: ms, s (secs), mins, hrs, days, weeks, in the singular too; at most a
// year, kept in milliseconds.
[[nodiscard]] std::chrono::milliseconds parse_duration(std::string_view option, std::string_view text);

// The same, and above 0.
[[nodiscard]] std::chrono::milliseconds parse_positive_duration(std::string_view option,
                                                                std::string_view text);

// A text as it may stand in a message: not empty and valid UTF-8. `expected` is told if it is empty.
[[nodiscard]] std::string parse_text(std::string_view option, std::string_view text,
                                     std::string_view expected);

// NAME=VALUE, where VALUE may be empty and may hold more equal signs.
[[nodiscard]] std::pair<std::string, std::string> parse_variable(std::string_view option,
                                                                 std::string_view text);

// The contents of a file that holds a secret, without the line's end behind it.
[[nodiscard]] std::string read_secret(std::string_view option, const std::string& path);

// A time span for people: 250 ms, 1.5 s, 2 min 5 s.
[[nodiscard]] std::string format_duration(std::chrono::milliseconds span);

// An amount without digits that say nothing: 4, 0.1, 0.125.
[[nodiscard]] std::string format_amount(double amount);

}  // namespace mesosio::tool
