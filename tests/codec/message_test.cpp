// Parsing what a peer sent: limits, missing fields, and silence.
#include "codec/message.hpp"

#include <mesos/v1/scheduler/scheduler.pb.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace mesosio::codec {
namespace {

using mesos::v1::scheduler::Event;
using testing::HasSubstr;

std::string bomb(std::size_t offers) {
  Event event;
  event.set_type(Event::OFFERS);
  for (std::size_t i = 0; i < offers; ++i) event.mutable_offers()->add_offers();
  return event.SerializePartialAsString();
}

TEST(ParseMessage, ParsesAnEvent) {
  Event sent;
  sent.set_type(Event::ERROR);
  sent.mutable_error()->set_message("Framework failed over");
  Event event;
  EXPECT_FALSE(parse_message(sent.SerializeAsString(), event));
  EXPECT_EQ(event.error().message(), "Framework failed over");
}

TEST(ParseMessage, ClearsWhatTheMessageHeldBefore) {
  Event event;
  event.mutable_error()->set_message("old");
  EXPECT_FALSE(parse_message("\x08\x08", event));
  EXPECT_EQ(event.type(), Event::HEARTBEAT);
  EXPECT_FALSE(event.has_error());
}

TEST(ParseMessage, NamesMissingRequiredFields) {
  Event event;
  event.set_type(Event::UPDATE);
  event.mutable_update()->mutable_status()->mutable_task_id();
  const std::string bytes = event.SerializePartialAsString();
  const Error error = parse_message(bytes, event);
  EXPECT_EQ(error.code, errc::malformed_message);
  EXPECT_THAT(error.message, HasSubstr("mesos.v1.scheduler.Event of"));
  EXPECT_THAT(error.message,
              HasSubstr("lacks required fields: update.status.state, update.status.task_id.value"));
}

TEST(ParseMessage, TreatsAnUnknownValueOfARequiredEnumerationAsMissing) {
  Event event;
  // update.status with task_id "t" and state 99.
  const Error error =
      parse_message(std::string("\x08\x04\x2A\x09\x0A\x07\x0A\x03\x0A\x01t\x10\x63", 13), event);
  EXPECT_EQ(error.code, errc::malformed_message);
  EXPECT_THAT(error.message, HasSubstr("lacks required fields: update.status.state"));
}

TEST(ParseMessage, SaysHowMalformedBytesStart) {
  Event event;
  const Error error = parse_message("<html>" + std::string(1000, '\n'), event);
  EXPECT_EQ(error.code, errc::malformed_message);
  EXPECT_THAT(error.message,
              HasSubstr("Event of 1006 bytes is malformed, expected protobuf; it starts with \"<html>"));
  EXPECT_LT(error.message.size(), 250U);
}

TEST(ParseMessage, ScansLargeRecordsOnly) {
  const std::string bytes = bomb(100);
  Event event;
  EXPECT_THAT(parse_message(bytes, event, {.scan_above = bytes.size(), .max_submessages = 10}).message,
              HasSubstr("lacks required fields"));
  EXPECT_EQ(parse_message(bytes, event, {.scan_above = bytes.size() - 1, .max_submessages = 10}).code,
            errc::too_many_submessages);
}

TEST(ParseMessage, RefusesTheBombByDefault) {
  Event event;
  const Error error = parse_message(bomb(1'000'001), event);
  EXPECT_EQ(error.code, errc::too_many_submessages);
  EXPECT_FALSE(event.has_offers()) << "it was parsed all the same";
}

TEST(ParseMessage, PrintsNothing) {
  testing::internal::CaptureStderr();
  testing::internal::CaptureStdout();
  Event event;
  EXPECT_TRUE(parse_message("\x08", event));
  EXPECT_TRUE(parse_message(bomb(1), event));
  EXPECT_FALSE(parse_message("\x08\x07\x42\x03\x0A\x01\xFF", event));  // error.message that is not UTF-8
  EXPECT_EQ(event.error().message(), "\xFF");
  EXPECT_FALSE(event.SerializePartialAsString().empty());
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
}

TEST(MissingFields, StopsAtTheLimit) {
  Event event;
  for (int i = 0; i < 1000; ++i) event.mutable_offers()->add_offers();
  EXPECT_EQ(missing_fields(event, 5),
            "offers.offers[0].id, offers.offers[0].framework_id, offers.offers[0].agent_id, "
            "offers.offers[0].hostname, offers.offers[1].id and more");
}

TEST(MissingFields, SkipsWhatIsComplete) {
  Event event;
  auto& offers = *event.mutable_offers();
  for (int i = 0; i < 2; ++i) {
    auto& offer = *offers.add_offers();
    offer.mutable_id()->set_value("o");
    offer.mutable_framework_id()->set_value("f");
    offer.mutable_agent_id()->set_value("a");
    offer.set_hostname("h");
  }
  EXPECT_EQ(missing_fields(event), "");
  offers.mutable_offers(1)->mutable_id()->clear_value();
  EXPECT_EQ(missing_fields(event), "offers.offers[1].id.value");
}

}  // namespace
}  // namespace mesosio::codec
