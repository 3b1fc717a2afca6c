/// How fast records come out of the RecordIO decoder, by their size and by how reads cut the stream.
#include "codec/recordio.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

namespace codec = mesosio::codec;

constexpr std::size_t stream_bytes = std::size_t{4} << 20;

/// As many records of `record_bytes` as fit into `stream_bytes`, at least one.
std::string make_stream(std::size_t record_bytes) {
  const std::string payload(record_bytes, 'x');
  std::string stream;
  do {
    codec::append_record(stream, payload);
  } while (stream.size() < stream_bytes);
  return stream;
}

/// Arguments: bytes of a record, bytes of a read (as a socket would hand them out).
void decode(benchmark::State& state) {
  const std::string stream = make_stream(static_cast<std::size_t>(state.range(0)));
  const auto read_bytes = static_cast<std::size_t>(state.range(1));
  std::int64_t records = 0;
  for ([[maybe_unused]] auto iteration : state) {
    codec::RecordDecoder decoder;
    mesosio::Error error;
    std::string_view record;
    for (std::size_t at = 0; at < stream.size(); at += read_bytes) {
      std::string_view input = std::string_view{stream}.substr(at, read_bytes);
      while (decoder.next(input, record, error)) {
        benchmark::DoNotOptimize(record.data());
        ++records;
      }
    }
    if (error || decoder.finish()) {
      state.SkipWithError("the stream did not decode");
      break;
    }
  }
  state.SetItemsProcessed(records);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(stream.size()));
}
// A heartbeat, an event with one offer, one with twenty, a large one; a full read buffer and Ethernet-sized
// reads.
BENCHMARK(decode)->ArgsProduct({{8, 600, 12 << 10, 1 << 20}, {64 << 10, 1448}})->ArgNames({"record", "read"});

void encode(benchmark::State& state) {
  const std::string payload(static_cast<std::size_t>(state.range(0)), 'x');
  std::string out;
  for ([[maybe_unused]] auto iteration : state) {
    out.clear();
    codec::append_record(out, payload);
    benchmark::DoNotOptimize(out.data());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(encode)->Arg(600)->Arg(12 << 10)->ArgName("record");

}  // namespace
