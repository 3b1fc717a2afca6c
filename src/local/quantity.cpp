// Arithmetic on the three types of a resource's quantity.
#include "local/quantity.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace mesosio::local {
namespace {

Ranges difference(const Ranges& from, const Ranges& what) {
  Ranges out;
  auto cut = what.begin();
  for (Range rest : from) {
    bool left = true;
    while (cut != what.end() && cut->end < rest.begin) {
      ++cut;
    }
    // A cut can reach into the next range of `from`, so it is only left behind when it ends before.
    for (auto at = cut; at != what.end() && at->begin <= rest.end; ++at) {
      if (at->begin > rest.begin) {
        out.push_back({rest.begin, at->begin - 1});
      }
      if (at->end >= rest.end) {
        left = false;
        break;
      }
      rest.begin = std::max(rest.begin, at->end + 1);
    }
    if (left) {
      out.push_back(rest);
    }
  }
  return out;
}

}  // namespace

void normalize(Ranges& ranges) {
  std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) { return a.begin < b.begin; });
  Ranges merged;
  for (const Range& range : ranges) {
    const bool joins = !merged.empty() && (merged.back().end == std::numeric_limits<std::uint64_t>::max() ||
                                           range.begin <= merged.back().end + 1);
    if (joins) {
      merged.back().end = std::max(merged.back().end, range.end);
    } else {
      merged.push_back(range);
    }
  }
  ranges = std::move(merged);
}

void add(Quantity& a, const Quantity& b) {
  if (a.index() != b.index()) {
    return;
  }
  if (auto* scalar = std::get_if<Scalar>(&a)) {
    *scalar += std::get<Scalar>(b);
  } else if (auto* ranges = std::get_if<Ranges>(&a)) {
    const Ranges& more = std::get<Ranges>(b);
    ranges->insert(ranges->end(), more.begin(), more.end());
    normalize(*ranges);
  } else {
    Set both;
    const Set& one = std::get<Set>(a);
    const Set& other = std::get<Set>(b);
    std::set_union(one.begin(), one.end(), other.begin(), other.end(), std::back_inserter(both));
    a = std::move(both);
  }
}

void subtract(Quantity& a, const Quantity& b) {
  if (a.index() != b.index()) {
    return;
  }
  if (auto* scalar = std::get_if<Scalar>(&a)) {
    *scalar = std::max<Scalar>(0, *scalar - std::get<Scalar>(b));
  } else if (std::holds_alternative<Ranges>(a)) {
    a = difference(std::get<Ranges>(a), std::get<Ranges>(b));
  } else {
    Set rest;
    const Set& one = std::get<Set>(a);
    const Set& other = std::get<Set>(b);
    std::set_difference(one.begin(), one.end(), other.begin(), other.end(), std::back_inserter(rest));
    a = std::move(rest);
  }
}

bool contains(const Quantity& a, const Quantity& b) {
  if (a.index() != b.index()) {
    return false;
  }
  if (const auto* scalar = std::get_if<Scalar>(&a)) {
    return *scalar >= std::get<Scalar>(b);
  }
  if (std::holds_alternative<Ranges>(a)) {
    return difference(std::get<Ranges>(b), std::get<Ranges>(a)).empty();
  }
  const Set& one = std::get<Set>(a);
  const Set& other = std::get<Set>(b);
  return std::includes(one.begin(), one.end(), other.begin(), other.end());
}

bool is_zero(const Quantity& a) {
  if (const auto* scalar = std::get_if<Scalar>(&a)) {
    return *scalar <= 0;
  }
  return std::holds_alternative<Ranges>(a) ? std::get<Ranges>(a).empty() : std::get<Set>(a).empty();
}

std::string to_string(const Quantity& a) {
  std::string out;
  if (const auto* scalar = std::get_if<Scalar>(&a)) {
    out = std::to_string(*scalar / 1000);
    if (const Scalar rest = *scalar % 1000; rest != 0) {
      std::string digits = std::to_string(rest + 1000).substr(1);
      digits.erase(digits.find_last_not_of('0') + 1);
      out += '.' + digits;
    }
    return out;
  }
  if (const auto* ranges = std::get_if<Ranges>(&a)) {
    for (const Range& range : *ranges) {
      out += (out.empty() ? "" : ", ") + std::to_string(range.begin) + '-' + std::to_string(range.end);
    }
    return '[' + out + ']';
  }
  for (const std::string& item : std::get<Set>(a)) {
    out += (out.empty() ? "" : ", ") + item;
  }
  return '{' + out + '}';
}

double to_double(Scalar thousandths) {
  return static_cast<double>(thousandths) / 1000.0;
}

Scalar to_scalar(double value) {
  return static_cast<Scalar>(std::llround(value * 1000.0));
}

}  // namespace mesosio::local
