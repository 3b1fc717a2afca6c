/// RecordIO, the framing of the event stream: ASCII decimal length, one newline, that many bytes, again and
/// again.
#pragma once

#include "codec/grow_buffer.hpp"

#include <mesosio/error.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mesosio::codec {

struct RecordLimits {
  /// Longest payload in bytes that is taken; a longer one is refused as soon as its length is read.
  std::size_t max_record_bytes = std::size_t{32} << 20;
};

/// Incremental decoder: is fed a stream in pieces of any size and gives its records one at a time.
///
/// Holds at most one record, and that only while the record is spread over several pieces of input; its
/// memory grows with what has arrived, not with what a length announces. Not thread-safe. Movable; a
/// moved-from decoder may only be assigned to or destroyed.
class RecordDecoder {
 public:
  explicit RecordDecoder(RecordLimits limits = {}) noexcept : limits_(limits) {}

  /// Takes bytes from the front of `input` (advancing it) up to the end of one record.
  ///
  /// Returns true and sets `record` (which may be empty) when a record is complete. The view points into
  /// `input`'s memory when the whole payload was in it, else into the decoder's buffer; it is valid until the
  /// next call, or until the caller reuses `input`'s memory.
  ///
  /// Returns false, with `error` empty, when all of `input` is taken and no record is complete.
  ///
  /// Returns false, with `error` set, on a fault: recordio_empty_length, recordio_bad_length,
  /// recordio_long_length (more than 20 digits) or recordio_too_large. `input` then starts at the byte at
  /// fault, and the decoder stays failed: each further call takes nothing and gives the same error.
  bool next(std::string_view& input, std::string_view& record, Error& error);

  /// To be asked at the end of the stream: no error between two records, recordio_truncated inside one (with
  /// offset, bytes seen and expected), or the fault that came before.
  Error finish() const;

  /// Bytes taken since construction; on a fault the offset of the byte at fault.
  std::uint64_t offset() const noexcept { return offset_; }

  /// Bytes of an incomplete (or just delivered) record in the decoder's own buffer; at most
  /// `max_record_bytes`.
  std::size_t buffered() const noexcept { return buffer_.size(); }

  /// Memory of that buffer; at most the larger of `max_record_bytes` and what an earlier record left, up to 1
  /// MiB.
  std::size_t capacity() const noexcept { return buffer_.capacity(); }

 private:
  static constexpr std::size_t max_digits = 20;

  bool read_length(std::string_view& input);
  void fail(errc code, std::string message);
  std::string_view digits() const noexcept { return {digits_.data(), digit_count_}; }

  RecordLimits limits_;
  GrowBuffer buffer_;
  bool delivered_ = false;   // the caller may still look at buffer_
  bool in_payload_ = false;  // the length is read, value_ says how much follows
  std::array<char, max_digits> digits_{};
  std::size_t digit_count_ = 0;
  std::uint64_t value_ = 0;         // saturates; 20 digits can be more than 64 bits hold
  std::uint64_t record_start_ = 0;  // offset of the record's first digit
  std::uint64_t offset_ = 0;
  Error error_;
};

/// Adds `payload`, framed as one record, to the end of `out`.
void append_record(std::string& out, std::string_view payload);

/// `payload` framed as one record.
[[nodiscard]] std::string encode_record(std::string_view payload);

}  // namespace mesosio::codec
