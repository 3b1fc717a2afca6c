// RecordIO in pieces must give what it gives at once, and any record must parse or be refused.
// The first input byte chooses how the rest is split.
#include "codec/message.hpp"
#include "codec/recordio.hpp"
#include "codec/wire_scan.hpp"
#include "fuzz_entry.hpp"

#include <mesos/v1/scheduler/scheduler.pb.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace {

using mesosio::Error;
using mesosio::codec::RecordDecoder;
using mesosio::fuzz::require;

constexpr std::size_t max_record_bytes = std::size_t{1} << 16;

struct Outcome {
  std::vector<std::string> records;
  mesosio::error_code fault;
  mesosio::error_code end;
  std::uint64_t offset = 0;

  bool operator==(const Outcome&) const = default;
};

// Splits after seed-dependent sizes; seed 0 feeds everything at once.
Outcome decode(std::string_view stream, unsigned seed) {
  RecordDecoder decoder({.max_record_bytes = max_record_bytes});
  Outcome outcome;
  unsigned state = seed;
  while (!stream.empty() && !outcome.fault) {
    state = state * 1103515245U + 12345U;
    const std::size_t size = seed == 0 ? stream.size() : 1 + (state >> 16) % (seed < 16 ? 1 : seed);
    const std::string piece(stream.substr(0, size));
    stream.remove_prefix(piece.size());
    std::string_view input = piece;
    std::string_view record;
    Error error;
    while (decoder.next(input, record, error)) {
      outcome.records.emplace_back(record);
      require(record.size() <= max_record_bytes, "a record keeps the limit");
    }
    require(static_cast<bool>(error) || input.empty(), "input is taken or refused");
    require(decoder.buffered() <= max_record_bytes, "the buffer keeps the limit");
    outcome.fault = error.code;
  }
  outcome.end = decoder.finish().code;
  outcome.offset = decoder.offset();
  return outcome;
}

void check_record(const std::string& record) {
  using mesos::v1::scheduler::Event;
  Event event;
  const Error error =
      mesosio::codec::parse_message(record, event, {.scan_above = 0, .max_submessages = 1000});
  require(error || event.IsInitialized(), "a parsed event is complete");
  if (error) return;
  const auto type = mesosio::codec::peek_enum_field1(record);
  const bool known = type && Event::Type_IsValid(*type);
  require(!known || event.type() == *type, "the type seen without parsing is the one parsed");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string input(data, data + size);
  const std::string_view stream = std::string_view(input).substr(1);
  const Outcome whole = decode(stream, 0);
  require(decode(stream, 1 + data[0] % 255U) == whole, "pieces give what the whole gives");

  std::string encoded;
  for (const std::string& record : whole.records) {
    check_record(record);
    mesosio::codec::append_record(encoded, record);
  }
  require(decode(encoded, 0).records == whole.records, "records survive encoding");
  return 0;
}
