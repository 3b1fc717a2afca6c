// Arithmetic on the three types of a resource's quantity: thousandths, ranges and sets.
#pragma once

#include "local/resources.hpp"

#include <string>

namespace mesosio::local {

// Sorted, with overlapping and adjacent ranges made one.
void normalize(Ranges& ranges);

// `a` becomes both; of two different types `a` stays as it is.
void add(Quantity& a, const Quantity& b);
// `a` becomes what is not in `b`.
void subtract(Quantity& a, const Quantity& b);
[[nodiscard]] bool contains(const Quantity& a, const Quantity& b);
[[nodiscard]] bool is_zero(const Quantity& a);
// "3.5", "[31000-31099, 31200-32000]", "{a, b}"
[[nodiscard]] std::string to_string(const Quantity& a);

// Thousandths to the number in a message and back; the latter is for finite numbers within +-9e12.
[[nodiscard]] double to_double(Scalar thousandths);
[[nodiscard]] Scalar to_scalar(double value);
inline constexpr double max_scalar = 9e12;

}  // namespace mesosio::local
