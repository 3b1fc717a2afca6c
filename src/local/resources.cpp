// Collections of resources: reading and writing messages, adding, subtracting and comparing.
#include "local/resources.hpp"

#include "local/quantity.hpp"

#include <algorithm>
#include <cmath>

namespace mesosio::local {
namespace {

using mesos::v1::Value;

Error invalid(const mesos::v1::Resource& resource, const std::string& what) {
  return {errc::invalid_argument, "resource '" + printable(resource.name(), 64) + "': " + what, {}};
}

Error read_quantity(const mesos::v1::Resource& resource, Quantity& out) {
  switch (resource.type()) {
    case Value::SCALAR: {
      const double value = resource.has_scalar() ? resource.scalar().value() : 0.0;
      if (!resource.has_scalar() || !std::isfinite(value) || value < 0 || value > max_scalar) {
        return invalid(resource, "a scalar needs a value of 0 or more, at most 9e12");
      }
      out = to_scalar(value);
      return {};
    }
    case Value::RANGES: {
      Ranges ranges;
      for (const auto& range : resource.ranges().range()) {
        if (range.begin() > range.end()) {
          return invalid(resource, "the range " + std::to_string(range.begin()) + '-' +
                                       std::to_string(range.end()) + " runs backwards");
        }
        ranges.push_back({range.begin(), range.end()});
      }
      normalize(ranges);
      out = std::move(ranges);
      return {};
    }
    case Value::SET: {
      Set set(resource.set().item().begin(), resource.set().item().end());
      std::sort(set.begin(), set.end());
      if (std::adjacent_find(set.begin(), set.end()) != set.end()) {
        return invalid(resource, "an item of the set comes twice");
      }
      out = std::move(set);
      return {};
    }
    default:
      return invalid(resource, "its type is not SCALAR, RANGES or SET");
  }
}

void write_quantity(const Quantity& quantity, mesos::v1::Resource& out) {
  if (const auto* scalar = std::get_if<Scalar>(&quantity)) {
    out.mutable_scalar()->set_value(to_double(*scalar));
  } else if (const auto* ranges = std::get_if<Ranges>(&quantity)) {
    for (const Range& range : *ranges) {
      auto& written = *out.mutable_ranges()->add_range();
      written.set_begin(range.begin);
      written.set_end(range.end);
    }
  } else {
    for (const std::string& item : std::get<Set>(quantity)) {
      out.mutable_set()->add_item(item);
    }
  }
}

}  // namespace

Error Resources::add(const mesos::v1::Resource& resource) {
  if (resource.name().empty()) {
    return invalid(resource, "a name is missing");
  }
  Entry entry;
  if (Error error = read_quantity(resource, entry.quantity)) {
    return error;
  }
  entry.kind = resource;
  entry.kind.clear_scalar();
  entry.kind.clear_ranges();
  entry.kind.clear_set();
  entry.kind.clear_allocation_info();
  if (entry.kind.role() == "*") {
    entry.kind.clear_role();  // the default, written out by frameworks of the older format
  }
  entry.kind.DiscardUnknownFields();
  entry.key = entry.kind.SerializePartialAsString();
  if (entries_.size() >= max_kinds && find(entry.key) == nullptr) {
    return invalid(resource, "more than " + std::to_string(max_kinds) + " kinds of resources");
  }
  if (const Entry* known = find(entry.key); known != nullptr &&
                                            std::holds_alternative<Scalar>(entry.quantity) &&
                                            to_double(std::get<Scalar>(known->quantity)) > max_scalar / 2) {
    return invalid(resource, "the sum of its scalars is too large");
  }
  add_entry(entry);
  return {};
}

const Resources::Entry* Resources::find(const std::string& key) const {
  const auto at =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.key == key; });
  return at == entries_.end() ? nullptr : &*at;
}

void Resources::add_entry(const Entry& entry) {
  if (is_zero(entry.quantity)) {
    return;
  }
  const auto at =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.key == entry.key; });
  if (at == entries_.end()) {
    entries_.push_back(entry);
  } else {
    local::add(at->quantity, entry.quantity);
  }
}

Resources& Resources::operator+=(const Resources& other) {
  for (const Entry& entry : other.entries_) {
    add_entry(entry);
  }
  return *this;
}

Resources& Resources::operator-=(const Resources& other) {
  for (Entry& entry : entries_) {
    if (const Entry* less = other.find(entry.key)) {
      subtract(entry.quantity, less->quantity);
    }
  }
  entries_.erase(
      std::remove_if(entries_.begin(), entries_.end(), [](const Entry& e) { return is_zero(e.quantity); }),
      entries_.end());
  return *this;
}

bool Resources::contains(const Resources& other) const {
  return std::all_of(other.entries_.begin(), other.entries_.end(), [&](const Entry& wanted) {
    const Entry* mine = find(wanted.key);
    return mine != nullptr && local::contains(mine->quantity, wanted.quantity);
  });
}

Scalar Resources::scalar(std::string_view name) const {
  Scalar sum = 0;
  for (const Entry& entry : entries_) {
    if (const auto* value = std::get_if<Scalar>(&entry.quantity);
        value != nullptr && entry.kind.name() == name) {
      sum += *value;
    }
  }
  return sum;
}

std::map<std::string, Scalar> Resources::scalars() const {
  std::map<std::string, Scalar> sums;
  for (const Entry& entry : entries_) {
    if (const auto* value = std::get_if<Scalar>(&entry.quantity)) {
      sums[entry.kind.name()] += *value;
    }
  }
  return sums;
}

void Resources::write(google::protobuf::RepeatedPtrField<mesos::v1::Resource>& out, const std::string& role,
                      bool old_format) const {
  for (const Entry& entry : entries_) {
    mesos::v1::Resource& resource = *out.Add();
    resource = entry.kind;
    write_quantity(entry.quantity, resource);
    if (!role.empty()) {
      resource.mutable_allocation_info()->set_role(role);
    }
    if (old_format && !resource.has_role() && resource.reservations().empty()) {
      resource.set_role("*");
    }
  }
}

std::string Resources::to_string(const std::string& role) const {
  std::string out;
  for (const Entry& entry : entries_) {
    out += (out.empty() ? "" : "; ") + printable(entry.kind.name(), 64);
    if (!role.empty()) {
      out += "(allocated: " + role + ')';
    }
    out += ':' + local::to_string(entry.quantity);
  }
  return out;
}

Error read_resources(const google::protobuf::RepeatedPtrField<mesos::v1::Resource>& messages,
                     const std::string& role, Resources& out) {
  for (const auto& message : messages) {
    if (message.has_allocation_info() && message.allocation_info().role() != role) {
      return invalid(message, "it is allocated to role '" + printable(message.allocation_info().role(), 64) +
                                  "', the offer to role '" + role + "'");
    }
    if (Error error = out.add(message)) {
      return error;
    }
  }
  return {};
}

}  // namespace mesosio::local
