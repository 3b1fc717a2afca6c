// Values of command line options, read strictly: what is not wholly understood is an error.
#include "tools/options.hpp"

#include <mesosio/error.hpp>

#include <boost/nowide/utf/convert.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <system_error>

namespace mesosio::tool {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t shown_bytes = 100;
constexpr double most_amount = 1e9;

[[noreturn]] void fail(std::string_view option, std::string_view text, const std::string& expected) {
  throw UsageError(std::string(option) + ": '" + printable(text, shown_bytes) + "' is not " + expected);
}

// The decimal number (no sign, no exponent) at the start of `text`, which then starts behind it; below 0 if
// there is none.
double take_number(std::string_view& text) {
  double value = -1;
  if (text.empty() || text.front() < '0' || text.front() > '9') return -1;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value, std::chars_format::fixed);
  if (error != std::errc()) return -1;
  text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
  return value;
}

struct Unit {
  std::string_view name;
  double factor;
};

constexpr double second = 1000;
constexpr std::array time_units{
    Unit{"ms", 1},
    Unit{"s", second},
    Unit{"sec", second},
    Unit{"secs", second},
    Unit{"min", 60 * second},
    Unit{"mins", 60 * second},
    Unit{"h", 3600 * second},
    Unit{"hr", 3600 * second},
    Unit{"hrs", 3600 * second},
    Unit{"day", 86400 * second},
    Unit{"days", 86400 * second},
    Unit{"week", 7 * 86400 * second},
    Unit{"weeks", 7 * 86400 * second},
};
constexpr std::array size_units{Unit{"", 1}, Unit{"KB", 1.0 / 1024}, Unit{"MB", 1}, Unit{"GB", 1024},
                                Unit{"TB", 1024 * 1024}};

template <std::size_t N>
double factor_of(const std::array<Unit, N>& units, std::string_view name) {
  const auto* const found =
      std::find_if(units.begin(), units.end(), [&](const Unit& unit) { return unit.name == name; });
  return found == units.end() ? -1 : found->factor;
}

}  // namespace

std::uint64_t parse_count(std::string_view option, std::string_view text, std::uint64_t least,
                          std::uint64_t most) {
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || rest != end || value < least || value > most) {
    fail(option, text, "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return value;
}

std::uint16_t parse_port(std::string_view option, std::string_view text) {
  constexpr std::uint64_t most = 65535;
  try {
    return static_cast<std::uint16_t>(parse_count(option, text, 0, most));
  } catch (const UsageError&) {
    fail(option, text, "a port; expected a number from 0 (any free port) to 65535");
  }
}

double parse_amount(std::string_view option, std::string_view text) {
  std::string_view rest = text;
  const double value = take_number(rest);
  if (value < 0 || !rest.empty() || value > most_amount) {
    fail(option, text, "an amount; expected a number such as 2 or 0.5");
  }
  const double rounded = std::round(value * 1000) / 1000;
  if (value > 0 && rounded == 0) fail(option, text, "an amount that Mesos keeps; the smallest is 0.001");
  return rounded;
}

double parse_mebibytes(std::string_view option, std::string_view text) {
  std::string_view rest = text;
  const double value = take_number(rest);
  const double factor = factor_of(size_units, rest);
  if (value < 0 || factor < 0 || value * factor > most_amount) {
    fail(option, text, "an amount of memory; expected MiB as in 64, or a unit as in 512MB or 1.5GB");
  }
  return std::round(value * factor * 1000) / 1000;
}

milliseconds parse_duration(std::string_view option, std::string_view text) {
  constexpr double year = 365 * 86400 * second;
  std::string_view rest = text;
  const double value = take_number(rest);
  const double factor = factor_of(time_units, rest);
  if (value < 0 || factor < 0) {
    fail(option, text,
         "a duration; expected a number and a unit (ms, secs, mins, hrs, days or weeks), as in 500ms, 60s or "
         "1.5hrs");
  }
  if (value * factor > year) fail(option, text, "a duration of at most 365 days");
  return milliseconds(std::llround(value * factor));
}

milliseconds parse_positive_duration(std::string_view option, std::string_view text) {
  const milliseconds span = parse_duration(option, text);
  if (span <= milliseconds::zero()) fail(option, text, "a duration above 0");
  return span;
}

std::string parse_text(std::string_view option, std::string_view text, std::string_view expected) {
  if (text.empty()) throw UsageError(std::string(option) + " is empty; expected " + std::string(expected));
  // The conversion replaces what is no UTF-8.
  std::string out(text);
  if (boost::nowide::utf::convert_string<char>(text.data(), text.data() + text.size()) != out) {
    fail(option, text, "valid UTF-8");
  }
  return out;
}

std::pair<std::string, std::string> parse_variable(std::string_view option, std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    fail(option, text, "a variable; expected NAME=VALUE");
  }
  const std::string all = parse_text(option, text, "NAME=VALUE");
  return {all.substr(0, equals), all.substr(equals + 1)};
}

std::string read_secret(std::string_view option, const std::string& path) {
  constexpr std::streamsize most_bytes = 65536;
  std::ifstream file(path, std::ios::binary);
  std::string secret(static_cast<std::size_t>(most_bytes) + 1, '\0');
  file.read(secret.data(), most_bytes + 1);
  secret.resize(static_cast<std::size_t>(file.gcount()));
  if (file.bad() || (file.fail() && !file.eof())) {
    fail(option, path, "a file that can be read: " + std::generic_category().message(errno));
  }
  if (!secret.empty() && secret.back() == '\n') secret.pop_back();
  if (!secret.empty() && secret.back() == '\r') secret.pop_back();
  if (secret.empty() || secret.size() > static_cast<std::size_t>(most_bytes)) {
    fail(option, path, "a file with a secret of 1 to 65536 bytes");
  }
  return secret;
}

std::string format_duration(milliseconds span) {
  const auto count = span.count();
  std::array<char, 64> text{};
  if (count < 1000) {
    std::snprintf(text.data(), text.size(), "%lld ms", static_cast<long long>(count));
  } else if (count < 60'000) {
    return format_amount(std::round(static_cast<double>(count) / 100) / 10) + " s";
  } else {
    std::snprintf(text.data(), text.size(), "%lld min %lld s", static_cast<long long>(count / 60'000),
                  static_cast<long long>(count / 1000 % 60));
  }
  return text.data();
}

std::string format_amount(double amount) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.3f", amount);
  std::string out = text.data();
  out.erase(out.find_last_not_of('0') + 1);
  if (out.back() == '.') out.pop_back();
  return out;
}

}  // namespace mesosio::tool
