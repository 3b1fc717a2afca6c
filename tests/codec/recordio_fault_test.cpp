// What the RecordIO decoder says to streams that break the framing, whatever the pieces they come in.
#include "codec/recordio.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace mesosio::codec {
namespace {

using testing::HasSubstr;

struct Fault {
  const char* name;
  std::string stream;
  errc code;
  std::uint64_t offset;  // of the byte at fault
  std::string words;     // part of the message
};

class RecordDecoderFault : public testing::TestWithParam<Fault> {};

void expect_fault(const RecordDecoder& decoder, const Error& error, const Fault& fault) {
  EXPECT_EQ(error.code, fault.code) << error.to_string();
  EXPECT_EQ(decoder.offset(), fault.offset);
  EXPECT_THAT(error.message, HasSubstr(fault.words));
  EXPECT_EQ(decoder.finish(), error);
}

TEST_P(RecordDecoderFault, IsToldWithOffsetAndBytes) {
  RecordDecoder decoder(RecordLimits{.max_record_bytes = 1000});
  std::string_view input = GetParam().stream;
  std::string_view record;
  Error error;
  while (decoder.next(input, record, error)) {
  }
  expect_fault(decoder, error, GetParam());
  EXPECT_EQ(input, std::string_view(GetParam().stream).substr(GetParam().offset));
}

TEST_P(RecordDecoderFault, IsTheSameByteByByte) {
  RecordDecoder decoder(RecordLimits{.max_record_bytes = 1000});
  std::string_view record;
  Error error;
  for (const char byte : GetParam().stream) {
    std::string_view input(&byte, 1);
    decoder.next(input, record, error);
    if (error) break;
  }
  expect_fault(decoder, error, GetParam());
}

TEST_P(RecordDecoderFault, Stays) {
  RecordDecoder decoder(RecordLimits{.max_record_bytes = 1000});
  std::string_view input = GetParam().stream;
  std::string_view record;
  Error first;
  while (decoder.next(input, record, first)) {
  }
  Error second;
  std::string_view more = "5\nhello";
  EXPECT_FALSE(decoder.next(more, record, second));
  EXPECT_EQ(second, first);
  EXPECT_EQ(more, "5\nhello");
  EXPECT_EQ(record, "");
}

INSTANTIATE_TEST_SUITE_P(
    Streams, RecordDecoderFault,
    testing::Values(
        Fault{"EmptyLength", "\n", errc::recordio_empty_length, 0, "stream offset 0"},
        Fault{"EmptyLengthLater", "2\nab\n", errc::recordio_empty_length, 4, "stream offset 4"},
        Fault{"Html", "<!DOCTYPE html>", errc::recordio_bad_length, 0, "\"<\" at stream offset 0"},
        Fault{"Minus", "-5\nhello", errc::recordio_bad_length, 0, "\"-\" at stream offset 0"},
        Fault{"Plus", "+5\nhello", errc::recordio_bad_length, 0, "\"+\" at stream offset 0"},
        Fault{"LeadingSpace", " 5\nhello", errc::recordio_bad_length, 0, "\" \" at stream offset 0"},
        Fault{"TrailingSpace", "5 \nhello", errc::recordio_bad_length, 1, "\" \" at stream offset 1"},
        Fault{"CarriageReturn", "5\r\nhello", errc::recordio_bad_length, 1, "\"\\x0D\" at stream offset 1"},
        Fault{"Hexadecimal", "1\na0x5\n", errc::recordio_bad_length, 4, "reads \"0x"},
        Fault{"Letter", "12a\n", errc::recordio_bad_length, 2, "reads \"12a"},
        Fault{"Zero byte", std::string("1\0\n", 3), errc::recordio_bad_length, 1,
              "\"\\x00\" at stream offset 1"},
        Fault{"HighByte", "\xFF", errc::recordio_bad_length, 0, "\"\\xFF\" at stream offset 0"},
        Fault{"TooManyZeros", "000000000000000000001\na", errc::recordio_long_length, 20,
              "000000000000000000001"},
        Fault{"TooManyDigits", "1\na999999999999999999999\n", errc::recordio_long_length, 23,
              "record length at stream offset 3"},
        Fault{"OverTheLimit", "0\n1001\n", errc::recordio_too_large, 6,
              "record at stream offset 2 announces 1001 bytes, the limit is 1000"},
        Fault{"MoreThan64Bits", "18446744073709551616\n", errc::recordio_too_large, 20,
              "announces 18446744073709551616 bytes"},
        Fault{"TwentyNines", "99999999999999999999\n", errc::recordio_too_large, 20,
              "announces 99999999999999999999 bytes"}),
    [](const auto& tested) {
      std::string name = tested.param.name;
      std::erase(name, ' ');
      return name;
    });

TEST(RecordDecoderFinish, TellsHowMuchOfARecordWasSeen) {
  RecordDecoder decoder;
  std::string_view input = "1\na40\n0123456789";
  std::string_view record;
  Error error;
  while (decoder.next(input, record, error)) {
  }
  ASSERT_FALSE(error);
  const Error end = decoder.finish();
  EXPECT_EQ(end.code, errc::recordio_truncated);
  EXPECT_EQ(end.message,
            "RecordIO: the stream ended at offset 16 inside the record at offset 3: 10 of 40 bytes seen");
}

TEST(RecordDecoderFinish, TellsOfALengthWithoutItsNewline) {
  RecordDecoder decoder;
  std::string_view input = "12";
  std::string_view record;
  Error error;
  EXPECT_FALSE(decoder.next(input, record, error));
  const Error end = decoder.finish();
  EXPECT_EQ(end.code, errc::recordio_truncated);
  EXPECT_EQ(
      end.message,
      "RecordIO: the stream ended at offset 2 inside the record at offset 0: length \"12\" seen, its newline "
      "expected");
}

TEST(RecordDecoderFinish, IsTruncatedAtEveryPlaceInsideARecord) {
  const std::string stream = "3\nabc0\n12\n0123456789ab";
  for (std::size_t size = 0; size <= stream.size(); ++size) {
    RecordDecoder decoder;
    std::string_view input = std::string_view(stream).substr(0, size);
    std::string_view record;
    Error error;
    while (decoder.next(input, record, error)) {
    }
    const bool between = size == 0 || size == 5 || size == 7 || size == stream.size();
    EXPECT_EQ(decoder.finish().code, between ? error_code() : error_code(errc::recordio_truncated)) << size;
  }
}

TEST(RecordDecoderFaultText, IsCapped) {
  RecordDecoder decoder;
  const std::string page(100'000, 'x');
  std::string_view input = page;
  std::string_view record;
  Error error;
  EXPECT_FALSE(decoder.next(input, record, error));
  EXPECT_LT(error.message.size(), 250U);
}

}  // namespace
}  // namespace mesosio::codec
