// The scan before a parse, and the look at an event's type.
#include "codec/wire_scan.hpp"

#include "codec/wire_format.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

namespace mesosio::codec {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

WireType wire_type_of(const FieldDescriptor& field) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_DOUBLE:
    case FieldDescriptor::TYPE_FIXED64:
    case FieldDescriptor::TYPE_SFIXED64:
      return WireType::fixed64;
    case FieldDescriptor::TYPE_FLOAT:
    case FieldDescriptor::TYPE_FIXED32:
    case FieldDescriptor::TYPE_SFIXED32:
      return WireType::fixed32;
    case FieldDescriptor::TYPE_STRING:
    case FieldDescriptor::TYPE_BYTES:
    case FieldDescriptor::TYPE_MESSAGE:
      return WireType::length_delimited;
    case FieldDescriptor::TYPE_GROUP:
      return WireType::start_group;
    default:
      return WireType::varint;
  }
}

// How many scalars a packed field holds.
std::size_t packed_elements(std::string_view content, WireType type) {
  if (type == WireType::fixed64) return content.size() / 8;
  if (type == WireType::fixed32) return content.size() / 4;
  return static_cast<std::size_t>(std::count_if(
      content.begin(), content.end(), [](char c) { return (static_cast<unsigned char>(c) & 0x80) == 0; }));
}

class Scan {
 public:
  Scan(std::string_view bytes, const Descriptor& type, std::size_t max)
      : bytes_(bytes), type_(type), max_(max) {
    levels_[0] = {&type, bytes.size(), 0};
  }

  Error run() {
    while (true) {
      const Level& level = levels_[depth_];
      if (at_ == level.end) {
        if (level.group != 0) return malformed("a group that does not end");
        if (depth_ == 0) return {};
        --depth_;
        continue;
      }
      if (!step(level)) return malformed(fault_);
      if (count_ > max_) return too_many();
    }
  }

 private:
  struct Level {
    const Descriptor* type;  // null inside a group of unknown type
    std::size_t end;
    std::uint32_t group;  // field number of the group that this level is, or 0
  };

  // One field, or the way into or out of a level. False, with fault_ set, where the bytes are not in the
  // format.
  bool step(const Level& level) {
    const std::string_view bytes = bytes_.substr(0, level.end);
    WireTag tag;
    fault_ = "not a field";
    if (!read_tag(bytes, at_, tag)) return false;
    const FieldDescriptor* const field =
        level.type != nullptr ? level.type->FindFieldByNumber(static_cast<int>(tag.number)) : nullptr;
    const bool matches = field != nullptr && wire_type_of(*field) == tag.type;
    fault_ = "a field that is cut off";
    switch (tag.type) {
      case WireType::varint: {
        std::uint64_t value = 0;
        if (!read_varint(bytes, at_, value)) return false;
        const bool known_value =
            matches && (field->enum_type() == nullptr ||
                        field->enum_type()->FindValueByNumber(static_cast<int>(value)) != nullptr);
        count_scalar(field, known_value);
        return true;
      }
      case WireType::fixed64:
        count_scalar(field, matches);
        return skip_bytes(bytes, at_, 8);
      case WireType::fixed32:
        count_scalar(field, matches);
        return skip_bytes(bytes, at_, 4);
      case WireType::length_delimited:
        return step_length_delimited(bytes, field, matches);
      case WireType::start_group:
        ++count_;
        return enter({matches ? field->message_type() : nullptr, level.end, tag.number});
      case WireType::end_group:
        fault_ = "the end of a group that did not begin";
        if (level.group != tag.number) return false;
        --depth_;
        return true;
    }
    return false;
  }

  bool step_length_delimited(std::string_view bytes, const FieldDescriptor* field, bool matches) {
    std::size_t length = 0;
    if (!read_length(bytes, at_, length)) return false;
    if (matches && field->message_type() != nullptr) {
      ++count_;
      return enter({field->message_type(), at_ + length, 0});
    }
    if (!matches && field != nullptr && field->is_packable()) {
      count_ += packed_elements(bytes.substr(at_, length), wire_type_of(*field));
    } else {
      count_scalar(field, matches);
    }
    at_ += length;
    return true;
  }

  void count_scalar(const FieldDescriptor* field, bool known) {
    if (!known || field->is_repeated()) ++count_;
  }

  bool enter(Level level) {
    fault_ = "messages nested more than 100 deep";
    if (depth_ == max_wire_depth) return false;
    levels_[++depth_] = level;
    return true;
  }

  Error malformed(const char* what) const {
    return {errc::malformed_message,
            type_.full_name() + " of " + std::to_string(bytes_.size()) + " bytes is malformed: " + what +
                " before byte " + std::to_string(at_) + ", expected the protobuf wire format",
            {}};
  }

  Error too_many() const {
    return {errc::too_many_submessages,
            type_.full_name() + " of " + std::to_string(bytes_.size()) + " bytes holds more than " +
                std::to_string(max_) + " submessages and elements, the limit (passed before byte " +
                std::to_string(at_) + ")",
            {}};
  }

  std::string_view bytes_;
  const Descriptor& type_;
  std::size_t max_;
  std::array<Level, max_wire_depth + 1> levels_;
  std::size_t depth_ = 0;
  std::size_t at_ = 0;
  std::size_t count_ = 0;
  const char* fault_ = "";
};

}  // namespace

Error scan_submessages(std::string_view bytes, const Descriptor& type, std::size_t max) {
  return Scan(bytes, type, max).run();
}

std::optional<int> peek_enum_field(std::string_view bytes, int number) {
  std::optional<int> found;
  std::array<std::uint32_t, max_wire_depth> groups{};
  std::size_t depth = 0;
  std::size_t at = 0;
  while (at < bytes.size()) {
    WireTag tag;
    if (!read_tag(bytes, at, tag)) return std::nullopt;
    std::uint64_t value = 0;
    std::size_t length = 0;
    switch (tag.type) {
      case WireType::varint:
        if (!read_varint(bytes, at, value)) return std::nullopt;
        if (depth == 0 && tag.number == static_cast<std::uint32_t>(number)) found = static_cast<int>(value);
        break;
      case WireType::fixed64:
        if (!skip_bytes(bytes, at, 8)) return std::nullopt;
        break;
      case WireType::fixed32:
        if (!skip_bytes(bytes, at, 4)) return std::nullopt;
        break;
      case WireType::length_delimited:
        if (!read_length(bytes, at, length)) return std::nullopt;
        at += length;
        break;
      case WireType::start_group:
        if (depth == groups.size()) return std::nullopt;
        groups[depth++] = tag.number;
        break;
      case WireType::end_group:
        if (depth == 0 || groups[--depth] != tag.number) return std::nullopt;
        break;
    }
  }
  return depth == 0 ? found : std::nullopt;
}

}  // namespace mesosio::codec
