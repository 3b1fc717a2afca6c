// Resources as values: scalars in thousandths, ranges and sets, with the arithmetic that offers and tasks
// need.
#pragma once

#include <mesosio/error.hpp>

#include <mesos/v1/mesos.pb.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mesosio::local {

struct Range {
  std::uint64_t begin = 0;  // inclusive, as is `end`
  std::uint64_t end = 0;
  friend bool operator==(const Range&, const Range&) = default;
};

using Scalar = std::int64_t;           // thousandths: Mesos compares scalars after rounding to three decimals
using Ranges = std::vector<Range>;     // sorted, disjoint and not adjacent
using Set = std::vector<std::string>;  // sorted and unique
using Quantity = std::variant<Scalar, Ranges, Set>;

// A collection of resources. Two entries are one kind when all but their quantity and the role they are
// allocated to is equal, so that reserved or volume resources never mix with plain ones. The allocation is
// kept by the owner of the collection (an offer, a task), since one collection is always allocated to one
// role.
class Resources {
 public:
  // The most kinds that one collection takes from a peer.
  static constexpr std::size_t max_kinds = 256;

  Resources() = default;

  // Adds one message; refuses what no agent could have (negative, not a number, a range that runs backwards,
  // ...).
  [[nodiscard]] Error add(const mesos::v1::Resource& resource);

  Resources& operator+=(const Resources& other);
  // Takes away what both have; asking for more than there is leaves zero.
  Resources& operator-=(const Resources& other);

  [[nodiscard]] bool contains(const Resources& other) const;
  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }
  // The quantity of all scalars of this name, over all kinds; 0 where there is none.
  [[nodiscard]] Scalar scalar(std::string_view name) const;
  [[nodiscard]] std::map<std::string, Scalar> scalars() const;

  // As messages allocated to `role`; an empty role writes none. `old_format` sets `Resource.role` to "*" on
  // what is unreserved, for frameworks that do not know reservation refinement.
  void write(google::protobuf::RepeatedPtrField<mesos::v1::Resource>& out, const std::string& role,
             bool old_format) const;

  // "cpus(allocated: *):3.5; ports(allocated: *):[31000-32000]"; without the bracket where `role` is empty.
  [[nodiscard]] std::string to_string(const std::string& role = {}) const;

  friend bool operator==(const Resources& a, const Resources& b) { return a.contains(b) && b.contains(a); }

 private:
  struct Entry {
    std::string key;           // `kind` serialized
    mesos::v1::Resource kind;  // all but quantity and allocation
    Quantity quantity;
  };

  [[nodiscard]] const Entry* find(const std::string& key) const;
  void add_entry(const Entry& entry);

  std::vector<Entry> entries_;  // in the order in which they came; none is zero
};

// Reads all of `messages`, which must not be allocated to another role than `role`.
[[nodiscard]] Error read_resources(const google::protobuf::RepeatedPtrField<mesos::v1::Resource>& messages,
                                   const std::string& role, Resources& out);

// Reads "cpus:4;mem:4096;ports:[31000-32000];bugs:{a,b}". The error quotes the part that is wrong.
[[nodiscard]] Error parse_resources(std::string_view text, Resources& out);

// Reads the attributes of an agent, "rack:r-1;level:10.5;ids:[1-3]", where a value may also be text.
[[nodiscard]] Error parse_attributes(std::string_view text,
                                     google::protobuf::RepeatedPtrField<mesos::v1::Attribute>& out);

}  // namespace mesosio::local
