// Bounded parsing, and the search for missing required fields.
#include "codec/message.hpp"

#include "codec/wire_scan.hpp"

#include <google/protobuf/descriptor.h>

#include <limits>
#include <vector>

namespace mesosio::codec {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Protobuf's own InitializationErrorString lists every missing field, which for a hostile message can be
// millions; this one stops at `limit`. Recursion is as deep as the message, which the parser bounds.
void collect_missing(const Message& message, const std::string& prefix, std::size_t limit,
                     std::vector<std::string>& found) {
  const auto& type = *message.GetDescriptor();
  const auto& reflection = *message.GetReflection();
  for (int i = 0; i < type.field_count() && found.size() < limit; ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (field.is_required() && !reflection.HasField(message, &field)) found.push_back(prefix + field.name());
  }
  std::vector<const FieldDescriptor*> present;
  reflection.ListFields(message, &present);
  for (const FieldDescriptor* field : present) {
    if (field->message_type() == nullptr) continue;
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < count && found.size() < limit; ++i) {
      const Message& inner = field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                                  : reflection.GetMessage(message, field);
      if (inner.IsInitialized()) continue;
      const std::string index = field->is_repeated() ? '[' + std::to_string(i) + ']' : "";
      collect_missing(inner, prefix + field->name() + index + '.', limit, found);
    }
  }
}

}  // namespace

Error parse_message(std::string_view bytes, Message& out, const ParseLimits& limits) {
  const auto what = [&] { return out.GetTypeName() + " of " + std::to_string(bytes.size()) + " bytes"; };
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    return {errc::malformed_message, what() + " is longer than protobuf can parse", {}};
  }
  if (bytes.size() > limits.scan_above) {
    Error error = scan_submessages(bytes, *out.GetDescriptor(), limits.max_submessages);
    if (error) return error;
  }
  if (!out.ParsePartialFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return {errc::malformed_message,
            what() + " is malformed, expected protobuf; it starts with \"" +
                printable(bytes.substr(0, 32), 64) + '"',
            {}};
  }
  if (!out.IsInitialized()) {
    return {errc::malformed_message, what() + " lacks required fields: " + missing_fields(out), {}};
  }
  return {};
}

std::string missing_fields(const Message& message, std::size_t limit) {
  if (message.IsInitialized()) return {};
  std::vector<std::string> found;
  collect_missing(message, {}, limit + 1, found);
  const bool more = found.size() > limit;
  if (more) found.resize(limit);
  std::string out;
  for (const std::string& path : found) out += (out.empty() ? "" : ", ") + path;
  return more ? out + " and more" : out;
}

}  // namespace mesosio::codec
