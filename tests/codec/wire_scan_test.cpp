// The scan that bounds what a large record may become, and the look at an event's type.
#include "codec/wire_scan.hpp"

#include <mesos/v1/scheduler/scheduler.pb.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace mesosio::codec {
namespace {

using google::protobuf::Descriptor;
using mesos::v1::scheduler::Event;
using testing::HasSubstr;

const Descriptor& event_type() {
  return *Event::descriptor();
}

std::string repeat(const std::string& text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

std::string varint(std::uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(0x80 | (value & 0x7F));
  return out + static_cast<char>(value);
}

std::string field(std::uint32_t number, const std::string& content) {
  return varint(number << 3 | 2) + varint(content.size()) + content;
}

// How much the scan counts: the smallest limit that it accepts.
std::size_t count(const std::string& bytes, const Descriptor& type) {
  std::size_t limit = 0;
  while (scan_submessages(bytes, type, limit).code == errc::too_many_submessages) ++limit;
  EXPECT_FALSE(scan_submessages(bytes, type, limit)) << scan_submessages(bytes, type, limit).to_string();
  return limit;
}

TEST(ScanSubmessages, RefusesTheBombOfEmptyOffers) {
  // Event.offers.offers: two bytes each on the wire, some two hundred once parsed.
  const std::string bomb = field(3, repeat(std::string("\x0A\x00", 2), 1'000'000));
  EXPECT_FALSE(scan_submessages(bomb, event_type(), 1'000'001));
  const Error error = scan_submessages(bomb, event_type(), 1'000'000);
  EXPECT_EQ(error.code, errc::too_many_submessages);
  EXPECT_THAT(error.message, HasSubstr("mesos.v1.scheduler.Event of 2000004 bytes holds more than 1000000"));
}

TEST(ScanSubmessages, CountsMessagesAtEveryDepth) {
  Event event;
  event.set_type(Event::OFFERS);
  for (int i = 0; i < 3; ++i) {
    auto& offer = *event.mutable_offers()->add_offers();
    offer.mutable_id()->set_value("o");
    offer.add_resources()->mutable_scalar()->set_value(1);
  }
  // offers, and of each offer: itself, id, resource, scalar.
  EXPECT_EQ(count(event.SerializePartialAsString(), event_type()), 1U + 3 * 4);
}

TEST(ScanSubmessages, CountsElementsOfRepeatedStrings) {
  const std::string call = repeat(std::string("\x0A\x00", 2), 50);  // Revive.roles
  EXPECT_EQ(count(call, *mesos::v1::scheduler::Call::Revive::descriptor()), 50U);
}

TEST(ScanSubmessages, CountsElementsOfRepeatedScalarsPackedOrNot) {
  const Descriptor& type = *mesos::v1::HealthCheck::HTTPCheckInfo::descriptor();
  const std::string packed = varint(200) + varint(404) + varint(503);
  EXPECT_EQ(count(field(4, packed), type), 3U);  // statuses
  EXPECT_EQ(count(repeat("\x20\x05", 7), type), 7U);
}

TEST(ScanSubmessages, CountsEntriesOfMaps) {
  mesos::v1::TaskInfo task;
  (*task.mutable_limits())["cpus"].set_value(1);
  (*task.mutable_limits())["mem"].set_value(2);
  EXPECT_EQ(count(task.SerializePartialAsString(), *mesos::v1::TaskInfo::descriptor()),
            4U);  // entry and scalar
}

TEST(ScanSubmessages, CountsUnknownFieldsOfEveryKind) {
  EXPECT_EQ(count(repeat("\xF8\x06\x01", 5), event_type()), 5U);  // field 111, varint
  EXPECT_EQ(count("\xF9\x06"
                  "12345678",
                  event_type()),
            1U);  // fixed64
  EXPECT_EQ(count("\xFD\x06"
                  "1234",
                  event_type()),
            1U);  // fixed32
  EXPECT_EQ(count(field(111, "text"), event_type()), 1U);
  EXPECT_EQ(count("\xFB\x06\xFB\x06\xFC\x06\xFC\x06", event_type()), 2U);  // groups
  EXPECT_EQ(count("\x0D"
                  "1234",
                  event_type()),
            1U);                                   // type, but as fixed32
  EXPECT_EQ(count("\x18\x01", event_type()), 1U);  // offers, but as varint
}

TEST(ScanSubmessages, CountsUnknownValuesOfEnumerations) {
  EXPECT_EQ(count(repeat("\x08\x02", 9), event_type()), 0U);  // type OFFERS
  EXPECT_EQ(count(repeat("\x08\x63", 9), event_type()), 9U);  // type 99
}

TEST(ScanSubmessages, DoesNotCountWhatTheMessageHasRoomFor) {
  const Descriptor& type = *mesos::v1::TaskStatus::descriptor();
  mesos::v1::TaskStatus status;
  status.set_state(mesos::v1::TASK_RUNNING);
  status.set_message(std::string(1000, 'm'));
  status.set_data("data");
  status.set_timestamp(1.5);
  status.set_healthy(true);
  EXPECT_EQ(count(status.SerializePartialAsString(), type), 0U);
}

TEST(ScanSubmessages, TakesMessagesNestedAsDeepAsProtobufDoes) {
  // An unknown group in a group in a group ...
  const std::string begin = "\xFB\x06";
  const std::string end = "\xFC\x06";
  EXPECT_FALSE(scan_submessages(repeat(begin, 100) + repeat(end, 100), event_type(), 1000));
  const Error error = scan_submessages(repeat(begin, 101) + repeat(end, 101), event_type(), 1000);
  EXPECT_EQ(error.code, errc::malformed_message);
  EXPECT_THAT(error.message, HasSubstr("nested more than 100 deep"));
}

TEST(ScanSubmessages, RefusesWhatIsNotInTheWireFormat) {
  const struct {
    const char* what;
    std::string bytes;
  } cases[] = {
      {"tag cut off", "\x80"},
      {"field number 0", std::string("\x00\x00", 2)},
      {"wire type 6", "\x0E"},
      {"wire type 7", "\x0F"},
      {"tag of more than 32 bits", "\xFF\xFF\xFF\xFF\x7F\x01"},
      {"no value", "\x08"},
      {"varint of eleven bytes", "\x08" + repeat("\xFF", 10) + "\x01"},
      {"length past the end",
       "\x1A\x05"
       "abc"},
      {"huge length", "\x1A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"},
      {"inner field past the end of its message",
       "\x1A\x02\x0A\x01"
       "a"},
      {"fixed64 cut off",
       "\xF9\x06"
       "1234567"},
      {"fixed32 cut off",
       "\xFD\x06"
       "123"},
      {"group without end", "\xFB\x06"},
      {"end without group", "\xFC\x06"},
      {"end of another group", "\xFB\x06\xF4\x06"},
      {"group that ends outside its message", "\x1A\x02\xFB\x06\xFC\x06"},
  };
  for (const auto& [what, bytes] : cases) {
    const Error error = scan_submessages(bytes, event_type(), 1000);
    EXPECT_EQ(error.code, errc::malformed_message) << what;
    EXPECT_THAT(error.message, HasSubstr("mesos.v1.scheduler.Event")) << what;
    Event event;
    EXPECT_FALSE(event.ParsePartialFromString(bytes)) << what << ": protobuf takes it";
  }
}

TEST(ScanSubmessages, TakesAnEmptyMessage) {
  EXPECT_FALSE(scan_submessages({}, event_type(), 0));
}

TEST(PeekEnumField, FindsTheTypeWhereverItIs) {
  EXPECT_EQ(peek_enum_field1("\x08\x04"), 4);
  EXPECT_EQ(peek_enum_field1(field(5, "\x08\x07") + "\x08\x04"), 4);
  EXPECT_EQ(peek_enum_field1("\xF9\x06"
                             "12345678"
                             "\xFD\x06"
                             "1234"
                             "\x08\x08"),
            8);
  EXPECT_EQ(peek_enum_field1("\xFB\x06\x08\x01\xFC\x06\x08\x02"), 2) << "a field of a group is another field";
}

TEST(PeekEnumField, TakesTheLastOne) {
  EXPECT_EQ(peek_enum_field1("\x08\x04\x08\x03"), 3);
}

TEST(PeekEnumField, GivesValuesThatNoEnumerationHas) {
  EXPECT_EQ(peek_enum_field1("\x08\x7F"), 127);
}

TEST(PeekEnumField, FindsOtherNumbers) {
  mesos::v1::scheduler::Call call;
  call.mutable_framework_id()->set_value("f");
  call.set_type(mesos::v1::scheduler::Call::KILL);
  EXPECT_EQ(peek_enum_field(call.SerializePartialAsString(), 2), 6);
  EXPECT_EQ(peek_enum_field1(call.SerializePartialAsString()), std::nullopt);
}

TEST(PeekEnumField, FindsNothingInWhatIsMalformedOrWithout) {
  EXPECT_EQ(peek_enum_field1(""), std::nullopt);
  EXPECT_EQ(peek_enum_field1(field(3, "")), std::nullopt);
  EXPECT_EQ(peek_enum_field1("\x0A\x01\x04"), std::nullopt) << "field 1, but not a varint";
  EXPECT_EQ(peek_enum_field1("\x08\x04\x80"), std::nullopt);
  EXPECT_EQ(peek_enum_field1("\x08"), std::nullopt);
  EXPECT_EQ(peek_enum_field1("\x08\x04\x1A\x05"), std::nullopt);
  EXPECT_EQ(peek_enum_field1("\x08\x04\xFB\x06"), std::nullopt);
  EXPECT_EQ(peek_enum_field1("\x08\x04\xFC\x06"), std::nullopt);
  EXPECT_EQ(peek_enum_field1("\x08\x04\xF9\x06"), std::nullopt);
  EXPECT_EQ(peek_enum_field1("\x08\x04\xFD\x06"), std::nullopt);
  EXPECT_EQ(peek_enum_field1(repeat("\xFB\x06", 1000)), std::nullopt);
}

}  // namespace
}  // namespace mesosio::codec
