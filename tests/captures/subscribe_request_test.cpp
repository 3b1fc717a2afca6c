// Configured as the recorded framework was, the client sends the SUBSCRIBE request that the master accepted.
#include "captures/recorded_request.hpp"
#include "captures/replay.hpp"
#include "captures/stream_cases.hpp"

#include <gtest/gtest.h>

namespace mesosio::captures {
namespace {

namespace http = boost::beast::http;

class SubscribeRequest : public testing::TestWithParam<StreamCase> {};

TEST_P(SubscribeRequest, IsTheRecordedOne) {
  const StreamCase& stream = GetParam();
  const Recording recording = read_recording(*stream.capture);
  const Request recorded = request_of(recording.sent, stream.number);
  Replay replay(same_config(recorded), reads_of(stream, recording), stream.capture->closed_by_server,
                Consumer::eager);
  ASSERT_TRUE(replay.play());
  ASSERT_FALSE(replay.run_result && replay.asked.empty()) << replay.run_error().to_string();
  ASSERT_EQ(replay.wire().writes.size(), 1U);  // one gathered write

  const Request sent = request_of(replay.wire().written(), 0);
  EXPECT_EQ(sent.method(), http::verb::post);
  EXPECT_EQ(sent.version(), 11U);
  EXPECT_EQ(sent.target(), recorded.target());
  EXPECT_EQ(sent[http::field::host], recorded[http::field::host]);
  EXPECT_EQ(sent[http::field::content_type], "application/x-protobuf");
  EXPECT_EQ(sent.count(http::field::accept), 1U);
  EXPECT_EQ(sent[http::field::accept], "application/x-protobuf");
  EXPECT_EQ(sent[http::field::authorization], recorded[http::field::authorization]);
  EXPECT_EQ(sent.count("Mesos-Stream-Id"), 0U);
  EXPECT_EQ(sent.count(http::field::transfer_encoding), 0U);

  const scheduler::Call call = call_of(sent);
  EXPECT_EQ(call.SerializePartialAsString(), call_of(recorded).SerializePartialAsString());
  EXPECT_EQ(call.has_framework_id(), call.subscribe().framework_info().has_id());
  EXPECT_EQ(call.framework_id().value(), call.subscribe().framework_info().id().value());
}

INSTANTIATE_TEST_SUITE_P(Captures, SubscribeRequest, testing::ValuesIn(accepted_cases()),
                         [](const auto& it) { return it.param.name(); });

TEST(Captures, SomeFrameworkSubscribedWithItsIdAndSomeWithACredential) {
  bool id = false;
  bool credential = false;
  for (const auto& stream : accepted_cases()) {
    const Request request = request_of(read_recording(*stream.capture).sent, stream.number);
    id = id || call_of(request).has_framework_id();
    credential = credential || request.count(http::field::authorization) > 0;
  }
  EXPECT_TRUE(id);
  EXPECT_TRUE(credential);
}

}  // namespace
}  // namespace mesosio::captures
