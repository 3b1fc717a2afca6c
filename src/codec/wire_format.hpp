/// Reading the protobuf wire format piece by piece, without making messages of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mesosio::codec {

enum class WireType : std::uint8_t {
  varint = 0,
  fixed64 = 1,
  length_delimited = 2,
  start_group = 3,
  end_group = 4,
  fixed32 = 5,
};

/// The head of one field.
struct WireTag {
  std::uint32_t number = 0;
  WireType type = WireType::varint;
};

/// As deep as protobuf parses messages and groups inside one another.
inline constexpr std::size_t max_wire_depth = 100;

/// Reads a varint of at most ten bytes at `at` and moves `at` behind it. False when it is longer or cut off.
bool read_varint(std::string_view bytes, std::size_t& at, std::uint64_t& value) noexcept;

/// Reads the head of a field. False when it is cut off, or has a field number or a wire type that does not
/// exist.
bool read_tag(std::string_view bytes, std::size_t& at, WireTag& tag) noexcept;

/// Reads the length of a length-delimited field and checks that so many bytes follow.
bool read_length(std::string_view bytes, std::size_t& at, std::size_t& length) noexcept;

/// Moves `at` by `count` bytes. False when there are not so many.
bool skip_bytes(std::string_view bytes, std::size_t& at, std::size_t count) noexcept;

}  // namespace mesosio::codec
