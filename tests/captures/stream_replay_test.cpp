// Every recorded answer to SUBSCRIBE, however its bytes are cut, gives the recorded events and the right end.
#include "captures/facts.hpp"
#include "captures/recorded_request.hpp"
#include "captures/replay.hpp"
#include "captures/split.hpp"
#include "captures/stream_cases.hpp"

#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace mesosio::captures {
namespace {

using testing::HasSubstr;

const auto any_stream = testing::ValuesIn(stream_cases());

std::string case_name(const testing::TestParamInfo<std::tuple<StreamCase, SplitKind>>& info) {
  return std::get<0>(info.param).name() + "_" + to_string(std::get<1>(info.param));
}

void expect_events(const Replay& replay, const std::vector<ExpectedEvent>& expected, ReceiveMode mode) {
  for (std::size_t at = 0; at < std::min(replay.events.size(), expected.size()); ++at) {
    SCOPED_TRACE("event " + std::to_string(at));
    const auto& event = replay.events[at];
    EXPECT_EQ(event.type, expected[at].type);
    EXPECT_EQ(event.bytes.size(), expected[at].length);
    EXPECT_EQ(sha256_of(event.bytes), expected[at].sha256);
    if (mode == ReceiveMode::messages) {
      EXPECT_TRUE(event.facts == expected[at].facts)
          << "got      " << event.facts << "\nexpected " << expected[at].facts;
    }
    if (testing::Test::HasFailure()) break;  // one is enough to look at
  }
  EXPECT_EQ(replay.events.size(), expected.size());
  EXPECT_EQ(replay.undecoded, 0U);

  const auto stats = replay.stats();
  std::size_t bytes = 0;
  for (const auto& event : expected) bytes += event.length;
  EXPECT_EQ(stats.events, expected.size());
  EXPECT_EQ(stats.event_bytes, bytes);
  EXPECT_EQ(stats.undecoded_events, 0U);
}

void expect_end(Replay& replay, const StreamEnd& end) {
  using Kind = StreamEnd::Kind;
  EXPECT_EQ(replay.run_result.has_value(), end.kind == Kind::ended) << replay.run_error().to_string();
  EXPECT_EQ(replay.disconnects.size(), end.kind == Kind::disconnected ? 1U : 0U);
  EXPECT_EQ(replay.wire().closed(), end.kind != Kind::open);
  const bool again = end.kind != Kind::open && end.kind != Kind::ended;
  ASSERT_TRUE(replay.wait_for_attempts(again ? 2 : 1)) << replay.asked.size() << " attempts";
  switch (end.kind) {
    case Kind::open:
      EXPECT_EQ(replay.stats().state, ConnectionState::subscribed);
      return;
    case Kind::disconnected:
      ASSERT_EQ(replay.disconnects.size(), 1U);
      EXPECT_EQ(replay.disconnects.front().code, end.code) << replay.disconnects.front().to_string();
      EXPECT_EQ(replay.events_before_disconnect, replay.events.size());
      EXPECT_EQ(replay.asked[1], replay.asked[0]);
      return;
    case Kind::ended:
      ASSERT_TRUE(replay.run_result);
      EXPECT_EQ(*replay.run_result, end.code);
      EXPECT_EQ(replay.run_error().code, end.code);
      EXPECT_EQ(replay.run_error().peer_text, printable(end.peer_text));
      EXPECT_EQ(replay.stats().state, ConnectionState::disconnected);
      return;
    case Kind::retried:
      EXPECT_EQ(replay.asked[1], replay.asked[0]);
      EXPECT_THAT(replay.log(), HasSubstr(printable(end.peer_text)));
      return;
    case Kind::redirected:
      EXPECT_EQ(replay.asked[1].to_string(), "http:" + end.location);
      return;
  }
}

void check(const StreamCase& stream, SplitKind kind, std::uint32_t seed, ReceiveMode mode,
           Consumer consumer) {
  SCOPED_TRACE(std::string(mode == ReceiveMode::raw ? "raw" : "messages") + ", seed " + std::to_string(seed));
  const Recording recording = read_recording(*stream.capture);
  const auto events = expected_events(*stream.capture, stream.number);
  auto config = plain_config(request_of(recording.sent, stream.number));
  config.receive_mode = mode;
  Replay replay(std::move(config), split(reads_of(stream, recording), kind, seed),
                stream.capture->closed_by_server, consumer);
  ASSERT_TRUE(replay.play()) << "there is no end to it";
  expect_events(replay, events, mode);
  expect_end(replay, end_of(stream, events));
}

class StreamReplay : public testing::TestWithParam<std::tuple<StreamCase, SplitKind>> {};

TEST_P(StreamReplay, GivesTheRecordedEventsAndEnd) {
  const auto& [stream, kind] = GetParam();
  for (const std::uint32_t seed : seeds(kind)) {
    check(stream, kind, seed, ReceiveMode::raw, Consumer::eager);
    check(stream, kind, seed, ReceiveMode::messages, Consumer::eager);
    if (HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Captures, StreamReplay, testing::Combine(any_stream, testing::ValuesIn(every_split)),
                         case_name);

// A queue for one event: reading stops and goes on again within each read.
class SlowConsumerReplay : public testing::TestWithParam<StreamCase> {};

TEST_P(SlowConsumerReplay, GivesTheRecordedEventsAndEnd) {
  check(GetParam(), SplitKind::recorded, 0, ReceiveMode::raw, Consumer::slow);
  check(GetParam(), SplitKind::random, 5, ReceiveMode::messages, Consumer::slow);
}

INSTANTIATE_TEST_SUITE_P(Captures, SlowConsumerReplay, any_stream,
                         [](const auto& it) { return it.param.name(); });

TEST(Captures, EveryRecordingIsInTheIndex) {
  std::set<std::string> names;
  std::size_t streams = 0;
  for (const auto& capture : all_captures()) {
    names.insert(capture.name);
    if (capture.subscribes()) ++streams;
  }
  const auto recorded = recorded_names();
  EXPECT_EQ(names, std::set<std::string>(recorded.begin(), recorded.end()));
  EXPECT_GE(stream_cases().size(), streams);
  EXPECT_GT(streams, 60U);
  EXPECT_GT(names.size() - streams, 60U);
}

TEST(Captures, SplitsKeepEveryByte) {
  const std::vector<std::string> pieces{"one", "", std::string(50'000, 'x'), "two"};
  const auto joined = [](const std::vector<std::string>& all) {
    std::string text;
    for (const auto& piece : all) text += piece;
    return text;
  };
  EXPECT_EQ(split(pieces, SplitKind::one_byte, 0).size(), joined(pieces).size());
  EXPECT_EQ(joined(split(pieces, SplitKind::one_byte, 0)), joined(pieces));
  EXPECT_EQ(joined(split(pieces, SplitKind::random, 1)), joined(pieces));
  EXPECT_NE(split(pieces, SplitKind::random, 1), split(pieces, SplitKind::random, 2));
}

}  // namespace
}  // namespace mesosio::captures
