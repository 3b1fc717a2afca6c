// Tags, varints and lengths of the protobuf wire format.
#include "codec/wire_format.hpp"

namespace mesosio::codec {
namespace {

constexpr std::uint64_t max_tag = 0xFFFFFFFF;

}  // namespace

bool read_varint(std::string_view bytes, std::size_t& at, std::uint64_t& value) noexcept {
  value = 0;
  for (unsigned shift = 0; shift < 70 && at < bytes.size(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes[at++]);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

bool read_tag(std::string_view bytes, std::size_t& at, WireTag& tag) noexcept {
  std::uint64_t value = 0;
  if (!read_varint(bytes, at, value) || value > max_tag) return false;
  const auto type = static_cast<std::uint8_t>(value & 7);
  tag.number = static_cast<std::uint32_t>(value >> 3);
  tag.type = static_cast<WireType>(type);
  return tag.number != 0 && type <= static_cast<std::uint8_t>(WireType::fixed32);
}

bool read_length(std::string_view bytes, std::size_t& at, std::size_t& length) noexcept {
  std::uint64_t value = 0;
  if (!read_varint(bytes, at, value) || value > bytes.size() - at) return false;
  length = static_cast<std::size_t>(value);
  return true;
}

bool skip_bytes(std::string_view bytes, std::size_t& at, std::size_t count) noexcept {
  if (count > bytes.size() - at) return false;
  at += count;
  return true;
}

}  // namespace mesosio::codec
