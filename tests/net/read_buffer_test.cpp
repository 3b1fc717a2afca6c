#include "net/read_buffer.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace mesosio::net {
namespace {

void put(ReadBuffer& buffer, std::string_view bytes) {
  const auto space = buffer.prepare();
  ASSERT_GE(space.size, bytes.size());
  std::memcpy(space.data, bytes.data(), bytes.size());
  buffer.commit(bytes.size());
}

TEST(ReadBuffer, AllocatesNothingBeforeTheFirstRead) {
  ReadBuffer buffer(16, 64);
  EXPECT_EQ(buffer.capacity(), 0U);
  EXPECT_EQ(buffer.prepare().size, 16U);
}

TEST(ReadBuffer, KeepsWhatIsNotConsumed) {
  ReadBuffer buffer(16, 64);
  put(buffer, "0123456789");
  buffer.consume(8);
  put(buffer, "abc");
  EXPECT_EQ(buffer.data(), "89abc");
}

TEST(ReadBuffer, GrowsWhereAReadFilledIt) {
  ReadBuffer buffer(16, 64);
  put(buffer, "0123456789abcdef");
  buffer.consume(4);
  EXPECT_EQ(buffer.prepare().size, 64U - 12U);
  EXPECT_EQ(buffer.data(), "456789abcdef");
  EXPECT_EQ(buffer.capacity(), 64U);
}

TEST(ReadBuffer, ShrinksAfterSmallReadsAndKeepsItsBytes) {
  ReadBuffer buffer(16, 64);
  put(buffer, "0123456789abcdef");
  buffer.consume(16);
  for (int read = 0; read < 3; ++read) {
    put(buffer, "abc");
    EXPECT_EQ(buffer.capacity(), 64U);
    buffer.consume(read < 2 ? 3 : 2);
  }
  EXPECT_EQ(buffer.prepare().size, 15U);
  EXPECT_EQ(buffer.capacity(), 16U);
  EXPECT_EQ(buffer.data(), "c");
}

TEST(ReadBuffer, NeverRunsOutOfRoomWhileLessThanItsLargestSizeIsHeld) {
  ReadBuffer buffer(16, 64);
  std::string expected;
  for (int read = 0; read < 63; ++read) {
    ASSERT_GT(buffer.prepare().size, 0U) << read;
    const char byte = static_cast<char>('0' + read);
    put(buffer, {&byte, 1});
    expected += byte;
  }
  EXPECT_EQ(buffer.data(), expected);
}

TEST(ReadBuffer, GivesEverythingBack) {
  ReadBuffer buffer(16, 64);
  put(buffer, "0123");
  buffer.release();
  EXPECT_EQ(buffer.capacity(), 0U);
  EXPECT_TRUE(buffer.data().empty());
  put(buffer, "x");
  EXPECT_EQ(buffer.data(), "x");
}

}  // namespace
}  // namespace mesosio::net
