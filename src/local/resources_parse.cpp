// Reads resources and attributes in the text form of an agent's command line.
#include "local/quantity.hpp"
#include "local/resources.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace mesosio::local {
namespace {

using mesos::v1::Value;

std::string_view trim(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto begin = text.find_first_not_of(blanks);
  return begin == std::string_view::npos ? std::string_view{}
                                         : text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::string quoted(std::string_view text) {
  return '\'' + printable(text, 80) + '\'';
}

Error wrong(std::string_view part, const std::string& what) {
  return {errc::invalid_argument, "resources: " + quoted(part) + ' ' + what, {}};
}

template <class Handler>
Error for_each_part(std::string_view text, char separator, Handler handler) {
  while (!text.empty()) {
    const auto end = std::min(text.find(separator), text.size());
    if (const auto part = trim(text.substr(0, end)); !part.empty()) {
      if (Error error = handler(part)) {
        return error;
      }
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code == std::errc{} && end == text.data() + text.size() && !text.empty() ? std::optional(value)
                                                                                  : std::nullopt;
}

Error parse_ranges(std::string_view value, Ranges& out) {
  Error error = for_each_part(value.substr(1, value.size() - 2), ',', [&](std::string_view part) -> Error {
    const auto dash = part.find('-');
    const auto begin = number<std::uint64_t>(trim(part.substr(0, dash)));
    const auto end =
        dash == std::string_view::npos ? begin : number<std::uint64_t>(trim(part.substr(dash + 1)));
    if (!begin || !end) {
      return wrong(part, "in " + quoted(value) + " is not a range; expected BEGIN-END, such as 31000-32000");
    }
    if (*begin > *end) {
      return wrong(part, "in " + quoted(value) + " runs backwards; expected BEGIN-END with BEGIN <= END");
    }
    out.push_back({*begin, *end});
    return {};
  });
  normalize(out);
  return error;
}

// A number, [ranges] or a {set}; nothing where the text is none of them and does not start like one.
Error parse_quantity(std::string_view value, std::optional<Quantity>& out) {
  const char first = value.empty() ? '\0' : value.front();
  if (first == '[' || first == '{') {
    const char last = first == '[' ? ']' : '}';
    if (value.size() < 2 || value.back() != last) {
      return wrong(value, std::string("lacks its closing '") + last + "'");
    }
    if (first == '[') {
      Ranges ranges;
      if (Error error = parse_ranges(value, ranges)) {
        return error;
      }
      out = std::move(ranges);
      return {};
    }
    Set set;
    Error error = for_each_part(value.substr(1, value.size() - 2), ',', [&](std::string_view item) -> Error {
      set.emplace_back(item);
      return {};
    });
    std::sort(set.begin(), set.end());
    set.erase(std::unique(set.begin(), set.end()), set.end());
    out = std::move(set);
    return error;
  }
  if (const auto scalar = number<double>(value); scalar && std::isfinite(*scalar)) {
    if (*scalar < 0 || *scalar > max_scalar) {
      return wrong(value, "is not between 0 and 9e12");
    }
    out = to_scalar(*scalar);
  }
  return {};
}

Error split(std::string_view part, std::string_view& name, std::string_view& value) {
  const auto colon = part.find(':');
  name = trim(part.substr(0, colon));
  if (colon == std::string_view::npos || name.empty()) {
    return wrong(part, "is not NAME:VALUE, such as cpus:4");
  }
  value = trim(part.substr(colon + 1));
  return {};
}

void write(const Quantity& quantity, std::string_view name, mesos::v1::Resource& out) {
  out.set_name(std::string(name));
  if (const auto* scalar = std::get_if<Scalar>(&quantity)) {
    out.set_type(Value::SCALAR);
    out.mutable_scalar()->set_value(to_double(*scalar));
  } else if (const auto* ranges = std::get_if<Ranges>(&quantity)) {
    out.set_type(Value::RANGES);
    for (const Range& range : *ranges) {
      auto& written = *out.mutable_ranges()->add_range();
      written.set_begin(range.begin);
      written.set_end(range.end);
    }
  } else {
    out.set_type(Value::SET);
    for (const std::string& item : std::get<Set>(quantity)) {
      out.mutable_set()->add_item(item);
    }
  }
}

}  // namespace

Error parse_resources(std::string_view text, Resources& out) {
  Resources parsed;
  std::map<std::string, std::size_t, std::less<>> types;
  Error error = for_each_part(text, ';', [&](std::string_view part) -> Error {
    std::string_view name;
    std::string_view value;
    if (Error wrong_part = split(part, name, value)) {
      return wrong_part;
    }
    if (name.find_first_of("()") != std::string_view::npos) {
      return wrong(part, "has a role in brackets; reserved resources cannot be given here");
    }
    if (name.find_first_of("[]{}\"") != std::string_view::npos) {
      return wrong(part, "is not NAME:VALUE, such as cpus:4; JSON is not read here");
    }
    std::optional<Quantity> quantity;
    if (Error wrong_value = parse_quantity(value, quantity)) {
      return wrong_value;
    }
    if (!quantity) {
      return wrong(part, "has no value that could be read: expected a number, [BEGIN-END,...] or {ITEM,...}");
    }
    if (const auto known = types.emplace(name, quantity->index()); known.first->second != quantity->index()) {
      return wrong(part, "has another type than an earlier value of the same name");
    }
    mesos::v1::Resource resource;
    write(*quantity, name, resource);
    return parsed.add(resource);
  });
  if (!error && parsed.empty()) {
    error = {errc::invalid_argument,
             "resources: " + quoted(text) + " names no resource; expected for example 'cpus:4;mem:4096'",
             {}};
  }
  if (!error) {
    out = std::move(parsed);
  }
  return error;
}

Error parse_attributes(std::string_view text, google::protobuf::RepeatedPtrField<mesos::v1::Attribute>& out) {
  return for_each_part(text, ';', [&](std::string_view part) -> Error {
    std::string_view name;
    std::string_view value;
    if (Error error = split(part, name, value)) {
      return error;
    }
    std::optional<Quantity> quantity;
    if (Error error = parse_quantity(value, quantity)) {
      return error;
    }
    mesos::v1::Attribute attribute;
    attribute.set_name(std::string(name));
    if (!quantity || std::holds_alternative<Set>(*quantity)) {
      attribute.set_type(Value::TEXT);
      attribute.mutable_text()->set_value(std::string(value));
    } else {
      mesos::v1::Resource resource;
      write(*quantity, name, resource);
      attribute.set_type(resource.type());
      if (resource.has_scalar()) {
        *attribute.mutable_scalar() = resource.scalar();
      }
      if (resource.has_ranges()) {
        *attribute.mutable_ranges() = resource.ranges();
      }
    }
    *out.Add() = std::move(attribute);
    return {};
  });
}

}  // namespace mesosio::local
