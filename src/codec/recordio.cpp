// The RecordIO decoder and encoder.
#include "codec/recordio.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace mesosio::codec {
namespace {

constexpr std::size_t shown_bytes = 32;

std::string quoted(std::string_view text) {
  return '"' + printable(text, shown_bytes) + '"';
}

std::uint64_t append_digit(std::uint64_t value, char digit) {
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  const auto units = static_cast<std::uint64_t>(digit - '0');
  return value > (most - units) / 10 ? most : value * 10 + units;
}

}  // namespace

bool RecordDecoder::next(std::string_view& input, std::string_view& record, Error& error) {
  record = {};
  error = error_;
  if (error_) return false;
  if (delivered_) {
    buffer_.reset();
    delivered_ = false;
  }
  if (!in_payload_ && !read_length(input)) {
    error = error_;
    return false;
  }

  const auto expected = static_cast<std::size_t>(value_);
  const std::size_t missing = expected - buffer_.size();
  const std::string_view part = input.substr(0, missing);
  if (part.size() < missing) {
    buffer_.append(part, expected);
  } else if (buffer_.empty()) {
    record = part;
  } else {
    buffer_.append(part, expected);
    record = buffer_.view();
    delivered_ = true;
  }
  input.remove_prefix(part.size());
  offset_ += part.size();
  if (part.size() < missing) return false;
  in_payload_ = false;
  digit_count_ = 0;
  value_ = 0;
  return true;
}

// Takes the digits and the newline. False when input ran out or on a fault, which is then in error_.
bool RecordDecoder::read_length(std::string_view& input) {
  while (!input.empty()) {
    const char byte = input.front();
    const auto where = [&] { return " at stream offset " + std::to_string(offset_); };
    if (digit_count_ == 0) record_start_ = offset_;
    if (byte == '\n') {
      if (digit_count_ == 0) {
        fail(errc::recordio_empty_length,
             "RecordIO: empty record length" + where() + ": expected decimal digits before the newline");
        return false;
      }
      if (value_ > limits_.max_record_bytes) {
        fail(errc::recordio_too_large,
             "RecordIO: the record at stream offset " + std::to_string(record_start_) + " announces " +
                 std::string(digits()) + " bytes, the limit is " + std::to_string(limits_.max_record_bytes));
        return false;
      }
      in_payload_ = true;
    } else if (byte < '0' || byte > '9') {
      fail(errc::recordio_bad_length,
           "RecordIO: " + quoted(input.substr(0, 1)) + where() +
               " is not part of a record length, which reads " +
               quoted(std::string(digits()) + std::string(input.substr(0, shown_bytes))) +
               ": expected decimal digits, then a newline");
      return false;
    } else if (digit_count_ == max_digits) {
      fail(errc::recordio_long_length, "RecordIO: the record length at stream offset " +
                                           std::to_string(record_start_) + " reads " +
                                           quoted(std::string(digits()) + byte) + where() +
                                           ": expected at most 20 digits, then a newline");
      return false;
    } else {
      digits_[digit_count_++] = byte;
      value_ = append_digit(value_, byte);
    }
    input.remove_prefix(1);
    ++offset_;
    if (in_payload_) return true;
  }
  return false;
}

void RecordDecoder::fail(errc code, std::string message) {
  error_ = Error{code, std::move(message), {}};
}

Error RecordDecoder::finish() const {
  if (error_) return error_;
  if (!in_payload_ && digit_count_ == 0) return {};
  const std::string where = "RecordIO: the stream ended at offset " + std::to_string(offset_) +
                            " inside the record at offset " + std::to_string(record_start_) + ": ";
  if (in_payload_) {
    return {errc::recordio_truncated,
            where + std::to_string(buffer_.size()) + " of " + std::to_string(value_) + " bytes seen",
            {}};
  }
  return {errc::recordio_truncated, where + "length " + quoted(digits()) + " seen, its newline expected", {}};
}

void append_record(std::string& out, std::string_view payload) {
  out += std::to_string(payload.size());
  out += '\n';
  out += payload;
}

std::string encode_record(std::string_view payload) {
  std::string out;
  out.reserve(payload.size() + 24);
  append_record(out, payload);
  return out;
}

}  // namespace mesosio::codec
