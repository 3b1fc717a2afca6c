/// Looks into an encoded protobuf message before, or instead of, parsing it.
#pragma once

#include <mesosio/error.hpp>

#include <google/protobuf/descriptor.h>

#include <cstddef>
#include <optional>
#include <string_view>

namespace mesosio::codec {

/// Counts what would cost memory of its own if `bytes` were parsed as a message of `type`, and refuses more
/// than `max` of it. Bytes alone do not bound memory: an empty message in a repeated field takes two bytes on
/// the wire and hundreds once parsed.
///
/// Counted is each
/// - message or group field, at every depth (an entry of a map is one),
/// - element of a repeated field, packed or not, strings and bytes included,
/// - field that protobuf keeps as unknown: an unknown number, a wire type that is not the field's, or an
///   unknown value of an enumeration.
/// Not counted are scalars, strings and bytes that are not repeated: the message has room for them, or they
/// take about as many bytes as on the wire.
///
/// Returns too_many_submessages, or malformed_message when the bytes are not in the wire format or messages
/// nest more than 100 deep (protobuf parses no deeper). It allocates nothing that grows with the input and
/// does not recurse.
Error scan_submessages(std::string_view bytes, const google::protobuf::Descriptor& type, std::size_t max);

/// The value of the varint field `number` at the top level of an encoded message, the last one where it is
/// there more than once. Nothing when there is none, or when the top level is not in the wire format (inner
/// messages are not looked at). The value may be one that no enumeration has.
std::optional<int> peek_enum_field(std::string_view bytes, int number);

/// The `type` of an encoded scheduler or executor Event, which is field 1 (of a scheduler Call it is field
/// 2).
inline std::optional<int> peek_enum_field1(std::string_view bytes) {
  return peek_enum_field(bytes, 1);
}

}  // namespace mesosio::codec
