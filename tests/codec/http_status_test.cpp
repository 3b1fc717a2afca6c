// The meaning of statuses and headers, with the bodies that a real master sent.
#include "codec/http_status.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace mesosio::codec {

void PrintTo(SubscribeAnswer answer, std::ostream* out) {
  *out << to_string(answer);
}
void PrintTo(CallAnswer answer, std::ostream* out) {
  *out << to_string(answer);
}

namespace {

using testing::HasSubstr;

TEST(ClassifySubscribe, KnowsEveryStatusThatAMasterSends) {
  EXPECT_EQ(classify_subscribe(200), SubscribeAnswer::accepted);
  for (const int status : {307, 308})
    EXPECT_EQ(classify_subscribe(status), SubscribeAnswer::redirect) << status;
  EXPECT_EQ(classify_subscribe(401), SubscribeAnswer::unauthorized);
  for (const int status : {404, 429, 500, 502, 503, 504}) {
    EXPECT_EQ(classify_subscribe(status), SubscribeAnswer::retry) << status;
  }
  for (const int status : {400, 403, 405, 406, 415, 501}) {
    EXPECT_EQ(classify_subscribe(status), SubscribeAnswer::refused) << status;
  }
}

TEST(ClassifySubscribe, TakesAnyOtherStatusForNoMaster) {
  const std::set<int> known{200, 307, 308, 400, 401, 403, 404, 405, 406, 415, 429, 500, 501, 502, 503, 504};
  for (int status = -1; status <= 1000; ++status) {
    if (known.count(status) > 0) continue;
    EXPECT_EQ(classify_subscribe(status), SubscribeAnswer::not_a_master) << status;
  }
}

TEST(ExplainSubscribe, GivesOneLine) {
  EXPECT_EQ(explain_subscribe(503),
            "HTTP status 503 to SUBSCRIBE: the master is recovering or knows no leader");
  EXPECT_THAT(explain_subscribe(302), HasSubstr("no Mesos master answers so"));
  for (int status = 100; status < 600; ++status) {
    EXPECT_EQ(explain_subscribe(status).find('\n'), std::string::npos);
  }
}

TEST(ClassifyCall, KnowsWhatARealMasterAnswered) {
  const struct {
    const char* capture;
    int status;
    const char* body;
    CallAnswer answer;
  } cases[] = {
      {"pipelined_calls", 202, "", CallAnswer::accepted},
      {"update_framework", 200, "", CallAnswer::accepted},
      {"refusal_not_subscribed", 403, "Framework is not subscribed", CallAnswer::not_subscribed},
      {"none, in other words", 403, "FRAMEWORK IS NOT CONNECTED via HTTP", CallAnswer::not_subscribed},
      {"refusal_update_framework_not_authorized", 403,
       "Not authorized to register framework 750b878a-d9be-4683-8afd-4761dff4b481-0000 with roles { "
       "forbidden, role1 }",
       CallAnswer::refused},
      {"none, empty", 403, "", CallAnswer::refused},
      {"refusal_unknown_framework", 400, "Framework cannot be found", CallAnswer::refused},
      {"none, other status", 400, "Framework is not subscribed", CallAnswer::refused},
      {"refusal_no_stream_id", 400, "All non-subscribe calls should include the 'Mesos-Stream-Id' header",
       CallAnswer::refused},
      {"refusal_call_no_credentials", 401, "", CallAnswer::unauthorized},
      {"refusal_redirect", 307, "", CallAnswer::redirected},
      {"none, permanent", 308, "", CallAnswer::redirected},
      {"refusal_master_starting", 404, "404 Not Found.", CallAnswer::unavailable},
      {"refusal_recovery", 503, "Master has not finished recovery", CallAnswer::unavailable},
      {"none, a proxy", 502, "<html>", CallAnswer::unavailable},
      {"refusal_put", 405, "", CallAnswer::refused},
      {"refusal_wrong_content_type", 415, "", CallAnswer::refused},
      {"refusal_gzip_request_broken", 500, "failed to decode body", CallAnswer::refused},
      {"executor_refusal_type_unknown", 501, "501 Not Implemented.", CallAnswer::refused},
      {"none, nonsense", 999, "", CallAnswer::refused},
  };
  for (const auto& [capture, status, body, answer] : cases) {
    EXPECT_EQ(classify_call(status, body), answer) << capture;
  }
}

TEST(ValidStreamId, TakesPrintableAsciiUpTo128Bytes) {
  EXPECT_TRUE(valid_stream_id("c2ecb63d-dfd6-41fa-84d4-2fc58fcf4554"));
  EXPECT_TRUE(valid_stream_id("x"));
  EXPECT_TRUE(valid_stream_id(std::string(128, 'x')));
  EXPECT_FALSE(valid_stream_id(""));
  EXPECT_FALSE(valid_stream_id(std::string(129, 'x')));
  EXPECT_FALSE(valid_stream_id("a b"));
  EXPECT_FALSE(valid_stream_id("a\r\nX: y"));
  EXPECT_FALSE(valid_stream_id(std::string("a\0", 2)));
  EXPECT_FALSE(valid_stream_id("\x7F"));
  EXPECT_FALSE(valid_stream_id("h\xC3\xB6"));
}

TEST(ExpectedContentType, LooksAtTheMediaTypeAlone) {
  EXPECT_TRUE(expected_content_type("application/x-protobuf"));
  EXPECT_TRUE(expected_content_type("Application/X-Protobuf"));
  EXPECT_TRUE(expected_content_type(" application/x-protobuf ; charset=utf-8"));
  EXPECT_TRUE(expected_content_type("application/json", "application/json"));
  EXPECT_FALSE(expected_content_type("application/json"));
  EXPECT_FALSE(expected_content_type("text/html; application/x-protobuf"));
  EXPECT_FALSE(expected_content_type("application/x-protobuf2"));
  EXPECT_FALSE(expected_content_type(""));
}

}  // namespace
}  // namespace mesosio::codec
