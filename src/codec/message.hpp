/// Parsing of protobuf messages that a peer sent: bounded, and without protobuf printing anything.
#pragma once

#include <mesosio/error.hpp>

#include <google/protobuf/message.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace mesosio::codec {

struct ParseLimits {
  /// Records of more bytes than this are scanned before they are parsed; smaller ones cannot grow by much.
  std::size_t scan_above = std::size_t{1} << 20;
  /// What such a record may hold at most, counted as `scan_submessages` does.
  std::size_t max_submessages = 1'000'000;
};

/// Parses `bytes` into `out`, whose old content is cleared and whose memory is used again.
///
/// Errors: too_many_submessages; malformed_message when the bytes are not a message of `out`'s type, or
/// required fields are missing, which the text then names. (An enumeration's value that this version does not
/// know counts as missing.) After an error `out` holds no particular content.
Error parse_message(std::string_view bytes, google::protobuf::Message& out, const ParseLimits& limits = {});

/// The paths of required fields that `message` lacks, as in "update.status.task_id, update.status.state": at
/// most `limit` of them, then "and more". Empty when none is missing.
std::string missing_fields(const google::protobuf::Message& message, std::size_t limit = 8);

}  // namespace mesosio::codec
