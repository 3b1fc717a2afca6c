// UUIDs: made, judged, written.
#include "codec/uuid.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace mesosio::codec {
namespace {

TEST(UuidGenerator, MakesValidUuidsOfVersionFour) {
  UuidGenerator generator;
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string uuid = generator.next();
    ASSERT_EQ(uuid.size(), 16U);
    EXPECT_TRUE(is_valid_uuid(uuid));
    EXPECT_EQ(static_cast<unsigned char>(uuid[6]) >> 4, 4);
    EXPECT_EQ(static_cast<unsigned char>(uuid[8]) >> 6, 2);
    EXPECT_TRUE(seen.insert(uuid).second);
  }
}

TEST(UuidGenerator, RepeatsItselfForASeedOnly) {
  EXPECT_EQ(UuidGenerator(7).next(), UuidGenerator(7).next());
  EXPECT_NE(UuidGenerator(7).next(), UuidGenerator(8).next());
  EXPECT_NE(UuidGenerator().next(), UuidGenerator().next());
}

TEST(IsValidUuid, WantsSixteenBytesAndAKnownVersion) {
  std::string uuid(16, '\x11');
  for (unsigned version = 0; version < 16; ++version) {
    uuid[6] = static_cast<char>(version << 4);
    EXPECT_EQ(is_valid_uuid(uuid), version >= 1 && version <= 5) << version;
  }
  EXPECT_FALSE(is_valid_uuid(""));
  EXPECT_FALSE(is_valid_uuid("short"));
  EXPECT_FALSE(is_valid_uuid(std::string(15, '\x44')));
  EXPECT_FALSE(is_valid_uuid(std::string(17, '\x44')));
  EXPECT_FALSE(is_valid_uuid(std::string(16, '\0')));
}

TEST(UuidText, WritesTheUsualForm) {
  EXPECT_EQ(uuid_text(std::string("\x12\x3e\x45\x67\xe8\x9b\x42\xd3\xa4\x56\x42\x66\x14\x17\x40\x00", 16)),
            "123e4567-e89b-42d3-a456-426614174000");
  EXPECT_EQ(uuid_text("short"), "");
}

}  // namespace
}  // namespace mesosio::codec
