// The RecordIO decoder at every split of a stream, where its records lie, and how much memory it holds.
#include "codec/recordio.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace mesosio::codec {
namespace {

using Records = std::vector<std::string>;

// A stream with empty, short and long records, and payloads that look like framing.
Records sample_records() {
  std::string all_bytes;
  for (int value = 0; value < 256; ++value) all_bytes += static_cast<char>(value);
  return {"hello", "", "5\nhello", "\n", all_bytes, "", "", "0", std::string(1000, 'x'), "end"};
}

std::string encode_all(const Records& records) {
  std::string stream;
  for (const std::string& record : records) append_record(stream, record);
  return stream;
}

// Feeds one piece and adds the records that it completes.
void feed(RecordDecoder& decoder, std::string_view piece, Records& records) {
  std::string_view record;
  Error error;
  while (decoder.next(piece, record, error)) records.emplace_back(record);
  EXPECT_FALSE(error) << error.to_string();
  EXPECT_TRUE(piece.empty());
}

TEST(RecordDecoder, GivesAllRecordsOfOnePiece) {
  RecordDecoder decoder;
  Records records;
  const std::string stream = encode_all(sample_records());
  feed(decoder, stream, records);
  EXPECT_EQ(records, sample_records());
  EXPECT_EQ(decoder.offset(), stream.size());
  EXPECT_FALSE(decoder.finish());
}

TEST(RecordDecoder, IsRightAtEverySplitPoint) {
  const std::string stream = encode_all(sample_records());
  for (std::size_t split = 0; split <= stream.size(); ++split) {
    RecordDecoder decoder;
    Records records;
    // Copies of exact size, so that a sanitizer sees a read past the end of a piece.
    feed(decoder, std::string(stream, 0, split), records);
    EXPECT_EQ(decoder.offset(), split);
    feed(decoder, std::string(stream, split), records);
    ASSERT_EQ(records, sample_records()) << "split at " << split;
    EXPECT_FALSE(decoder.finish());
  }
}

TEST(RecordDecoder, IsRightAtEveryPairOfSplitPoints) {
  const Records expected{"ab", "", std::string(12, 'c')};
  const std::string stream = encode_all(expected);
  for (std::size_t first = 0; first <= stream.size(); ++first) {
    for (std::size_t second = first; second <= stream.size(); ++second) {
      RecordDecoder decoder;
      Records records;
      feed(decoder, std::string(stream, 0, first), records);
      feed(decoder, std::string(stream, first, second - first), records);
      feed(decoder, std::string(stream, second), records);
      ASSERT_EQ(records, expected) << "split at " << first << " and " << second;
    }
  }
}

TEST(RecordDecoder, TakesOneByteAtATime) {
  RecordDecoder decoder;
  Records records;
  for (const char byte : encode_all(sample_records())) feed(decoder, std::string(1, byte), records);
  EXPECT_EQ(records, sample_records());
  EXPECT_FALSE(decoder.finish());
}

TEST(RecordDecoder, IsRightAtRandomSplits) {
  const std::string stream = encode_all(sample_records());
  std::mt19937 random(20240823);
  for (int round = 0; round < 2000; ++round) {
    RecordDecoder decoder;
    Records records;
    for (std::size_t at = 0; at < stream.size();) {
      const std::size_t size = std::uniform_int_distribution<std::size_t>(0, 1 + round % 300)(random);
      feed(decoder, std::string(stream, at, size), records);
      at += size;
    }
    ASSERT_EQ(records, sample_records()) << "round " << round;
  }
}

TEST(RecordDecoder, GivesAWholeRecordInPlace) {
  RecordDecoder decoder;
  const std::string stream = "5\nhello3\nabc";
  std::string_view input = stream;
  std::string_view record;
  Error error;
  ASSERT_TRUE(decoder.next(input, record, error));
  EXPECT_EQ(record.data(), stream.data() + 2);
  ASSERT_TRUE(decoder.next(input, record, error));
  EXPECT_EQ(record.data(), stream.data() + 9);
  EXPECT_EQ(decoder.capacity(), 0U);
}

TEST(RecordDecoder, GivesARecordInPlaceWhenOnlyItsLengthCameBefore) {
  RecordDecoder decoder;
  Records none;
  feed(decoder, "5\n", none);
  const std::string piece = "hello";
  std::string_view input = piece;
  std::string_view record;
  Error error;
  ASSERT_TRUE(decoder.next(input, record, error));
  EXPECT_EQ(record.data(), piece.data());
  EXPECT_EQ(decoder.capacity(), 0U);
}

TEST(RecordDecoder, StopsBehindEachRecord) {
  RecordDecoder decoder;
  std::string_view input = "1\na0\n2\nbc";
  std::string_view record;
  Error error;
  ASSERT_TRUE(decoder.next(input, record, error));
  EXPECT_EQ(record, "a");
  EXPECT_EQ(decoder.offset(), 3U);
  EXPECT_EQ(input, "0\n2\nbc");
  ASSERT_TRUE(decoder.next(input, record, error));
  EXPECT_EQ(record, "");
  EXPECT_EQ(input, "2\nbc");
  ASSERT_TRUE(decoder.next(input, record, error));
  EXPECT_EQ(record, "bc");
  EXPECT_FALSE(decoder.next(input, record, error));
  EXPECT_FALSE(error);
}

TEST(RecordDecoder, TakesLeadingZerosUpToTwentyDigits) {
  RecordDecoder decoder;
  Records records;
  feed(decoder, "00000000000000000003\nabc000\n", records);
  EXPECT_EQ(records, (Records{"abc", ""}));
}

TEST(RecordDecoder, TakesARecordOfExactlyTheLimit) {
  RecordDecoder decoder(RecordLimits{.max_record_bytes = 8});
  Records records;
  feed(decoder, "8\n1234", records);
  feed(decoder, "5678", records);
  EXPECT_EQ(records, Records{"12345678"});
}

TEST(RecordDecoder, HoldsWhatArrivedAndNotWhatWasAnnounced) {
  RecordDecoder decoder;
  Records none;
  feed(decoder, "33554432\n0123456789", none);
  EXPECT_EQ(decoder.buffered(), 10U);
  EXPECT_LE(decoder.capacity(), 4096U);
}

TEST(RecordDecoder, NeverHoldsMoreThanOneRecord) {
  constexpr std::size_t size = 3'000'000;
  RecordDecoder decoder(RecordLimits{.max_record_bytes = size});
  const std::string payload(size, 'p');
  const std::string stream = encode_record(payload) + encode_record("next");
  Records records;
  for (std::size_t at = 0; at < stream.size(); at += 65536) {
    feed(decoder, std::string_view(stream).substr(at, 65536), records);
    EXPECT_LE(decoder.buffered(), size);
    EXPECT_LE(decoder.capacity(), size);
    EXPECT_LE(decoder.capacity(), std::max<std::size_t>(4096, 2 * at + 2 * 65536));
  }
  EXPECT_EQ(records, (Records{payload, "next"}));
}

TEST(RecordDecoder, ReleasesTheMemoryOfALargeRecord) {
  RecordDecoder decoder;
  const std::string payload((1U << 20) + 1, 'p');
  const std::string stream = encode_record(payload);
  Records records;
  std::string_view first = std::string_view(stream).substr(0, 100);
  std::string_view second = std::string_view(stream).substr(100);
  std::string_view record;
  Error error;
  EXPECT_FALSE(decoder.next(first, record, error));
  ASSERT_TRUE(decoder.next(second, record, error));
  EXPECT_EQ(record, payload);
  EXPECT_EQ(decoder.capacity(), payload.size());
  EXPECT_FALSE(decoder.next(second, record, error));
  EXPECT_EQ(decoder.capacity(), 0U);
  EXPECT_EQ(decoder.buffered(), 0U);
}

TEST(RecordDecoder, KeepsTheMemoryOfASmallRecord) {
  RecordDecoder decoder;
  Records records;
  feed(decoder, "6\nabc", records);
  feed(decoder, "def", records);
  const std::size_t capacity = decoder.capacity();
  EXPECT_GT(capacity, 0U);
  feed(decoder, "6\nghi", records);
  feed(decoder, "jkl", records);
  EXPECT_EQ(decoder.capacity(), capacity);
  EXPECT_EQ(records, (Records{"abcdef", "ghijkl"}));
}

TEST(RecordDecoder, MovesInTheMiddleOfARecord) {
  RecordDecoder first;
  Records records;
  feed(first, "6\nabc", records);
  RecordDecoder second(std::move(first));
  feed(second, "def", records);
  RecordDecoder third;
  third = std::move(second);
  feed(third, "1\nz", records);
  EXPECT_EQ(records, (Records{"abcdef", "z"}));
  EXPECT_EQ(third.offset(), 11U);
}

TEST(EncodeRecord, PutsLengthAndNewlineBefore) {
  EXPECT_EQ(encode_record("hello"), "5\nhello");
  EXPECT_EQ(encode_record(""), "0\n");
  std::string out = "x";
  append_record(out, "0123456789");
  EXPECT_EQ(out, "x10\n0123456789");
}

}  // namespace
}  // namespace mesosio::codec
