// Requests as a real master got them, sent to the local one: status, reason, headers and bodies must be the
// same.
#include "captures/capture.hpp"
#include "local/framework.hpp"

#include <mesosio/local/cluster.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace mesosio::local::test {
namespace {

const captures::Capture& capture_of(const std::string& name) {
  const auto& all = captures::all_captures();
  const auto at = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
  if (at == all.end()) {
    throw std::runtime_error("no capture " + name);
  }
  return *at;
}

// What the real master wrote, up to the end of its first head and the body of Content-Length after it.
std::string recorded_answer(const captures::Recording& recording) {
  std::string all;
  for (const auto& group : recording.answers) {
    for (const std::string& read : group) {
      all += read;
    }
  }
  return all;
}

std::string recorded_first_event(const std::string& answer) {
  const auto body = answer.find("\r\n\r\n") + 4;
  const auto size_end = answer.find("\r\n", body);
  const auto size = std::stoul(answer.substr(body, size_end - body), nullptr, 16);
  return answer.substr(size_end + 2, size);
}

// Lines of the head without what differs each time.
std::vector<std::string> head_lines(const std::string& answer) {
  std::vector<std::string> lines;
  std::istringstream in(answer.substr(0, answer.find("\r\n\r\n")));
  for (std::string line; std::getline(in, line);) {
    line.erase(line.find_last_not_of('\r') + 1);
    for (const std::string name : {"Date", "Mesos-Stream-Id"}) {
      if (line.substr(0, name.size() + 1) == name + ':') {
        line = name;
      }
    }
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> head_lines(const Answer& answer) {
  std::string text = "HTTP/1.1 " + std::to_string(answer.status) + ' ' + answer.reason + "\r\n";
  for (const auto& [name, value] : answer.headers) {
    text += name + ": " + value + "\r\n";
  }
  return head_lines(text + "\r\n");
}

std::string body_of(const std::string& answer) {
  return answer.substr(answer.find("\r\n\r\n") + 4);
}

// The ids of the recording in the place of ours; both are of the same length.
std::string with_ids(std::string text, const Framework& framework) {
  static const std::string uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
  text = std::regex_replace(text, std::regex(uuid + "-[0-9]{4}"), framework.id());
  return std::regex_replace(text, std::regex("Mesos-Stream-Id: (?!0000)" + uuid),
                            "Mesos-Stream-Id: " + framework.stream_id());
}

class RefusalsTest : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const Error error = cluster_.start();
    ASSERT_FALSE(error) << error.to_string();
  }
  Cluster cluster_;
};

// Nothing of these depends on what was before.
using Stateless = RefusalsTest;

TEST_P(Stateless, AnswersAsARealMaster) {
  const auto recording = captures::read_recording(capture_of(GetParam()));
  const std::string expected = recorded_answer(recording);
  RawClient client(cluster_.port());
  client.send(recording.sent);
  const Answer answer = client.read_answer();
  EXPECT_EQ(head_lines(answer), head_lines(expected));
  EXPECT_EQ(answer.body, body_of(expected));

  // The connection can be used again.
  client.send(recording.sent);
  EXPECT_EQ(client.read_answer().status, answer.status);
}

INSTANTIATE_TEST_SUITE_P(
    Captures, Stateless,
    ::testing::Values(
        "refusal_no_content_type.single", "refusal_wrong_content_type.single",
        "refusal_content_type_case.single", "refusal_empty_body.single", "refusal_malformed_protobuf.single",
        "refusal_no_type.single", "refusal_no_framework_id.single", "refusal_framework_id_mismatch.single",
        "refusal_subscribe_framework_id_only_in_info.single", "refusal_subscribe_with_stream_id.single",
        "refusal_subscribe_without_field.single", "refusal_not_acceptable.single", "refusal_get.single",
        "refusal_put.single", "refusal_unknown_path.single", "refusal_unknown_framework.single",
        "refusal_acknowledge_uuid.single", "refusal_acknowledge_uuid_version.single",
        "refusal_acknowledge_uuid_zero.single", "refusal_acknowledge_operation_no_agent.single",
        "refusal_reconcile_operations_not_acceptable.single", "refusal_gzip_request_broken.single"));

// Refused with an ERROR event on a stream that then ends.
using RefusedSubscriptions = RefusalsTest;

TEST_P(RefusedSubscriptions, AreAnErrorEventAndTheEndOfTheStream) {
  const auto recording = captures::read_recording(capture_of(GetParam()));
  const std::string expected = recorded_answer(recording);
  RawClient client(cluster_.port());
  for (int i = 0; i < 2; ++i) {
    client.send(recording.sent);
    EXPECT_EQ(head_lines(client.read_head()), head_lines(expected));
    EXPECT_EQ(client.read_chunk(), recorded_first_event(expected));
    EXPECT_EQ(client.read_chunk(), std::nullopt);
  }
}

INSTANTIATE_TEST_SUITE_P(Captures, RefusedSubscriptions,
                         ::testing::Values("refusal_invalid_role.single", "refusal_failover_timeout.single",
                                           "refusal_roles_without_multi_role.single",
                                           "refusal_suppressed_role_unknown.single"));

// Of a framework that is subscribed.
using OfAFramework = RefusalsTest;

TEST_P(OfAFramework, AnswersAsARealMaster) {
  Framework framework(cluster_.port());
  const auto recording = captures::read_recording(capture_of(GetParam()));
  const std::string expected = with_ids(recorded_answer(recording), framework);
  RawClient client(cluster_.port());
  client.send(with_ids(recording.sent, framework));
  std::string rest = expected;
  while (!rest.empty()) {
    const Answer answer = client.read_answer();
    EXPECT_EQ(head_lines(answer), head_lines(rest));
    EXPECT_EQ(answer.body, body_of(rest).substr(0, answer.body.size()));
    rest.erase(0, rest.find("\r\n\r\n") + 4 + answer.body.size());
  }
  if (capture_of(GetParam()).closed_by_server) {
    EXPECT_EQ(client.read_to_end(), "");
  }
}

INSTANTIATE_TEST_SUITE_P(Captures, OfAFramework,
                         ::testing::Values("refusal_no_stream_id.single", "refusal_wrong_stream_id.single",
                                           "refusal_accept_ignored.single",
                                           "refusal_suppress_foreign_role.single", "connection_close.single",
                                           "http10.single", "pipelined_calls.single"));

using OtherRefusals = RefusalsTest;

TEST_F(OtherRefusals, NoStreamIsOpen) {
  mesos::v1::FrameworkInfo info = framework_info();
  info.set_failover_timeout(3600);
  Framework framework(cluster_.port(), info);
  framework.disconnect();
  const auto recording = captures::read_recording(capture_of("refusal_not_subscribed.single"));
  const std::string expected = recorded_answer(recording);
  Answer answer;
  do {  // until the master has noticed
    RawClient client(cluster_.port());
    client.send(with_ids(recording.sent, framework));
    answer = client.read_answer();
  } while (answer.status == 202);
  EXPECT_EQ(head_lines(answer), head_lines(expected));
  EXPECT_EQ(answer.body, body_of(expected));
}

TEST_F(OtherRefusals, ARemovedFrameworkCannotComeBack) {
  Framework framework(cluster_.port());
  EXPECT_EQ(framework.simple(Call::TEARDOWN).status, 202U);
  EXPECT_TRUE(framework.ends());
  EXPECT_EQ(framework.simple(Call::REVIVE).body, "Framework cannot be found");
  const auto recording = captures::read_recording(capture_of("refusal_subscribe_after_teardown.single"));
  RawClient client(cluster_.port());
  client.send(with_ids(recording.sent, framework));
  EXPECT_EQ(head_lines(client.read_head()), head_lines(recorded_answer(recording)));
  EXPECT_EQ(client.read_chunk(), recorded_first_event(recorded_answer(recording)));
  EXPECT_EQ(client.read_chunk(), std::nullopt);
}

TEST_F(OtherRefusals, WhatIsNotHttpIsClosedWithoutAnAnswer) {
  RawClient client(cluster_.port());
  client.send(captures::read_recording(capture_of("refusal_malformed_http.single")).sent);
  EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(OtherRefusals, JsonComesLater) {
  RawClient client(cluster_.port());
  client.post("{}", "Content-Type: application/json\r\n");
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.status, 415U);
  EXPECT_THAT(answer.body, ::testing::HasSubstr("application/x-protobuf"));
  for (const std::string accept :
       {"", "Accept: */*\r\n", "Accept: application/x-protobuf, application/json\r\n",
        "Accept: application/json;q=0.1, application/x-protobuf\r\n"}) {
    client.post(subscribe_call(framework_info()).SerializeAsString(),
                "Content-Type: application/x-protobuf\r\n" + accept);
    EXPECT_EQ(client.read_answer().status, 406U) << accept;
  }
  client.post(
      subscribe_call(framework_info()).SerializeAsString(),
      "Content-Type: application/x-protobuf\r\nAccept: application/json;q=0, application/x-protobuf\r\n");
  EXPECT_EQ(client.read_head().status, 200U);
}

TEST_F(OtherRefusals, UnknownIs501) {
  Framework framework(cluster_.port());
  EXPECT_EQ(framework.simple(Call::UNKNOWN).status, 501U);
}

TEST_F(OtherRefusals, SubscribesWithASlashUnderMasterAndWithAnIdOfItsOwn) {
  int number = 0;
  for (const std::string path :
       {"/api/v1/scheduler/", "/master/api/v1/scheduler", "/master/api/v1/scheduler/?x=y"}) {
    RawClient client(cluster_.port());
    mesos::v1::FrameworkInfo info = framework_info();
    info.mutable_id()->set_value("my-own-id-" + std::to_string(number++));
    client.post(subscribe_call(info).SerializeAsString(), protobuf_headers, path);
    EXPECT_EQ(client.read_head().status, 200U) << path;
    const Event event = parse_record(client.read_chunk().value());
    EXPECT_EQ(event.subscribed().framework_id().value(), info.id().value()) << path;
  }
}

TEST_F(OtherRefusals, SmallPages) {
  RawClient client(cluster_.port());
  const auto get = [&](const std::string& path) {
    client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
    return client.read_answer();
  };
  EXPECT_EQ(get("/health").status, 200U);
  EXPECT_EQ(get("/master/health").status, 200U);
  EXPECT_EQ(get("/version").body, R"({"version":"1.12.0"})");
  EXPECT_THAT(get("/state").body, ::testing::HasSubstr("\"frameworks\":[]"));
  const Answer redirect = get("/redirect");
  EXPECT_EQ(redirect.status, 307U);
  EXPECT_EQ(redirect.header("Location"), "//127.0.0.1:" + std::to_string(cluster_.port()));
  EXPECT_EQ(get("/").status, 404U);
  // No body follows the head, or the next answer could not be found.
  client.send("HEAD /state HTTP/1.1\r\nHost: x\r\n\r\n");
  const Answer head = client.read_head();
  EXPECT_EQ(head.status, 405U);
  EXPECT_NE(head.header("Content-Length"), "0");
  EXPECT_EQ(get("/health").status, 200U);
}

}  // namespace
}  // namespace mesosio::local::test
