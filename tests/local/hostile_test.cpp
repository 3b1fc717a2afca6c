// Clients that do what no client should: the cluster must bear it and go on serving others.
#include "local/framework.hpp"
#include "local/gzip.hpp"

#include <mesosio/local/cluster.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <thread>

namespace mesosio::local::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class HostileTest : public ::testing::Test {
 protected:
  void begin(ClusterConfig config = {}) {
    cluster_.emplace(std::move(config));
    const Error error = cluster_->start();
    ASSERT_FALSE(error) << error.to_string();
  }
  void TearDown() override {
    // Whatever happened, the next client is served.
    RawClient client(cluster_->port());
    client.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(client.read_answer().status, 200U);
  }
  static std::string post_head(const std::string& headers) {
    return "POST /api/v1/scheduler HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n" +
           headers + "\r\n";
  }
  std::optional<Cluster> cluster_;
};

TEST_F(HostileTest, Garbage) {
  begin();
  std::string noise;
  for (unsigned i = 0; i < 10'000; ++i) {
    noise += static_cast<char>((i * 2654435761U) >> 11U);
  }
  for (const std::string& bytes :
       {noise, std::string("\x16\x03\x01\x02\x00\x01", 6) + noise, std::string("\0\0\0\0\r\n\r\n", 8),
        std::string("GET\r\n\r\n"), std::string("POST / HTTP/9.9\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\n: x\r\n\r\n"), post_head("Content-Length: 5\r\nContent-Length: 6\r\n"),
        post_head("Content-Length: -1\r\n"), post_head("Content-Length: 99999999999999999999999\r\n"),
        post_head("Transfer-Encoding: chunked\r\n") + "zz\r\n"}) {
    RawClient client(cluster_->port());
    client.send(bytes);
    const std::string answer = client.read_to_end();
    EXPECT_TRUE(answer.empty() || answer.rfind("HTTP/1.1 4", 0) == 0) << answer;
  }
}

TEST_F(HostileTest, BodiesThatAreNoCalls) {
  begin();
  RawClient client(cluster_->port());
  std::string body;
  for (unsigned i = 0; i < 2000; ++i) {
    body += static_cast<char>((i * 2654435761U) >> 9U);
    client.post(body, protobuf_headers);
    EXPECT_EQ(client.read_answer().status, 400U);
  }
}

TEST_F(HostileTest, EndlessHeaders) {
  begin();
  RawClient client(cluster_->port());
  client.send("GET /health HTTP/1.1\r\n");
  const std::string line = "X: " + std::string(1000, 'x') + "\r\n";
  try {
    for (int i = 0; i < 1000; ++i) {
      client.send(line);
    }
  } catch (const boost::system::system_error&) {
    // closed while we were still sending
  }
  const std::string answer = client.read_to_end();
  EXPECT_TRUE(answer.empty() || answer.rfind("HTTP/1.1 431", 0) == 0) << answer;
}

TEST_F(HostileTest, BodiesThatAreTooLarge) {
  ClusterConfig config;
  config.max_request_bytes = 100'000;
  begin(config);
  {
    RawClient client(cluster_->port());
    client.send(post_head("Content-Length: 100001\r\n"));
    EXPECT_THAT(client.read_to_end(), StartsWith("HTTP/1.1 413"));
  }
  {
    RawClient client(cluster_->port());
    client.send(post_head("Transfer-Encoding: chunked\r\n") + "186A1\r\n" + std::string(100'001, 'x'));
    EXPECT_THAT(client.read_to_end(), testing::AnyOf("", StartsWith("HTTP/1.1 413")));
  }
  RawClient client(cluster_->port());
  client.post(std::string(100'000, 'x'), protobuf_headers);
  EXPECT_EQ(client.read_answer().status, 400U);
  // Small as it comes, and large when it is unpacked.
  client.post(gzip(std::string(100'001, 'x')), protobuf_headers + "Content-Encoding: gzip\r\n");
  EXPECT_EQ(client.read_answer().body, "failed to decode body");
}

TEST_F(HostileTest, OneByteAtATime) {
  begin();
  RawClient client(cluster_->port());
  const std::string body = subscribe_call(framework_info()).SerializeAsString();
  const std::string request = "POST /api/v1/scheduler HTTP/1.1\r\nHost: x\r\n" + protobuf_headers +
                              "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  for (const char byte : request) {
    client.send({&byte, 1});
  }
  EXPECT_EQ(client.read_head().status, 200U);
}

TEST_F(HostileTest, ARequestThatNeverEnds) {
  ClusterConfig config;
  config.request_timeout = std::chrono::milliseconds(50);
  begin(config);
  RawClient head(cluster_->port());
  head.send("POST /api");
  RawClient body(cluster_->port());
  body.send(post_head("Content-Length: 10\r\n") + "abc");
  EXPECT_THAT(head.read_to_end(), StartsWith("HTTP/1.1 408"));
  EXPECT_THAT(body.read_to_end(), StartsWith("HTTP/1.1 408"));
}

TEST_F(HostileTest, HalfClosedAndCutOff) {
  begin();
  RawClient half(cluster_->port());
  half.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
  half.half_close();
  EXPECT_THAT(half.read_to_end(), StartsWith("HTTP/1.1 200"));
  for (const std::string& bytes :
       {std::string(), std::string("POST"), post_head("Content-Length: 10\r\n") + "abc"}) {
    RawClient client(cluster_->port());
    client.send(bytes);
    client.close();
  }
}

TEST_F(HostileTest, ManyRequestsAtOnceWithoutReading) {
  begin();
  RawClient client(cluster_->port());
  const std::string one = "GET /version HTTP/1.1\r\nHost: x\r\n\r\n";
  std::string many;
  constexpr int count = 5000;
  for (int i = 0; i < count; ++i) {
    many += one;
  }
  std::thread sender([&] { client.send(many); });
  for (int i = 0; i < count; ++i) {
    ASSERT_EQ(client.read_answer().status, 200U) << i;
  }
  sender.join();
}

TEST_F(HostileTest, AStreamThatIsNotReadIsCutOff) {
  ClusterConfig config;
  config.agents = 0;
  config.max_stream_buffer_bytes = 200'000;
  begin(config);
  Framework framework(cluster_->port());
  Call reconcile;
  reconcile.set_type(Call::RECONCILE);
  for (int i = 0; i < 10'000; ++i) {
    reconcile.mutable_reconcile()->add_tasks()->mutable_task_id()->set_value("task-" + std::to_string(i));
  }
  // More than the sockets' own buffers hold in between.
  Answer answer;
  for (int i = 0; i < 1000 && answer.body.empty(); ++i) {
    answer = framework.call(reconcile);
  }
  EXPECT_THAT(answer.body, testing::AnyOf("Framework cannot be found", "Framework is not subscribed"));
  EXPECT_THROW(static_cast<void>(framework.ends()), std::runtime_error);
}

TEST_F(HostileTest, ABurstWithinTheLimitArrivesWhole) {
  ClusterConfig config;
  config.agents = 0;
  begin(config);
  Framework framework(cluster_->port());
  Call reconcile;
  reconcile.set_type(Call::RECONCILE);
  constexpr int count = 50'000;
  for (int i = 0; i < count; ++i) {
    reconcile.mutable_reconcile()->add_tasks()->mutable_task_id()->set_value("task-" + std::to_string(i));
  }
  EXPECT_EQ(framework.call(reconcile).status, 202U);
  for (int i = 0; i < count; ++i) {
    ASSERT_EQ(framework.update().task_id().value(), "task-" + std::to_string(i));
  }
}

TEST_F(HostileTest, AListTooLongToParseIsRefused) {
  ClusterConfig config;
  config.agents = 0;
  begin(config);
  Framework framework(cluster_->port());
  Call reconcile;
  reconcile.set_type(Call::RECONCILE);
  for (int i = 0; i < 500'000; ++i) {
    reconcile.mutable_reconcile()->add_tasks()->mutable_task_id()->set_value("t");
  }
  EXPECT_EQ(framework.call(reconcile).status, 400U);
}

TEST_F(HostileTest, MoreConnectionsThanAllowedPushTheIdleOut) {
  ClusterConfig config;
  config.max_connections = 4;
  begin(config);
  Framework framework(cluster_->port());  // two, of which one is a stream
  std::vector<std::unique_ptr<RawClient>> idle;
  for (int i = 0; i < 20; ++i) {
    idle.push_back(std::make_unique<RawClient>(cluster_->port()));
    idle.back()->send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(idle.back()->read_answer().status, 200U);
  }
  EXPECT_EQ(idle.front()->read_to_end(), "");
  EXPECT_EQ(framework.next(Event::OFFERS).type(), Event::OFFERS);
}

TEST_F(HostileTest, PackedBothWays) {
  begin();
  Framework framework(cluster_->port());
  RawClient client(cluster_->port());
  Call revive;
  revive.set_type(Call::REVIVE);
  revive.mutable_framework_id()->set_value(framework.id());
  client.post(
      gzip(revive.SerializeAsString()),
      protobuf_headers + "Content-Encoding: gzip\r\nMesos-Stream-Id: " + framework.stream_id() + "\r\n");
  EXPECT_EQ(client.read_answer().status, 202U);
  client.post(revive.SerializeAsString(), protobuf_headers + "Accept-Encoding: gzip\r\nMesos-Stream-Id: " +
                                              std::string(1200, 'x') + "\r\n");
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.status, 400U);
  EXPECT_EQ(answer.header("Content-Encoding"), "gzip");
  EXPECT_THAT(gunzip(answer.body, 10'000).value_or(""), HasSubstr("x' included in this request"));
}

TEST_F(HostileTest, ACallOnTheStreamsConnectionSpoilsItAsItDoesWithMesos) {
  begin();
  Framework framework(cluster_->port());
  static_cast<void>(framework.offer());
  Call revive;
  revive.set_type(Call::REVIVE);
  revive.mutable_framework_id()->set_value(framework.id());
  framework.stream().post(revive.SerializeAsString(),
                          protobuf_headers + "Mesos-Stream-Id: " + framework.stream_id() + "\r\n");
  EXPECT_EQ(framework.stream().read_answer().status, 202U);
  // A second subscription inside the first is the end of both.
  framework.stream().post(subscribe_call(framework_info()).SerializeAsString(), protobuf_headers);
  EXPECT_EQ(framework.stream().read_to_end(), "");
  RawClient other(cluster_->port());
  other.send("GET /state HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(other.read_answer().body, HasSubstr("\"frameworks\":[]"));
}

TEST_F(HostileTest, ExpectContinue) {
  begin();
  RawClient client(cluster_->port());
  client.send(post_head("Content-Length: 4\r\nExpect: 100-continue\r\n"));
  EXPECT_EQ(client.read_head().status, 100U);
  client.send("body");
  EXPECT_EQ(client.read_answer().status, 400U);
}

TEST_F(HostileTest, IdsThatAreNoFileNamesStayOutOfPaths) {
  begin();
  mesos::v1::FrameworkInfo info = framework_info();
  info.mutable_id()->set_value("../../escape");
  RawClient client(cluster_->port());
  client.post(subscribe_call(info).SerializeAsString(), protobuf_headers);
  EXPECT_EQ(client.read_head().status, 200U);
  EXPECT_THAT(parse_record(client.read_chunk().value()).error().message(), HasSubstr("invalid characters"));
  EXPECT_EQ(client.read_chunk(), std::nullopt);
}

}  // namespace
}  // namespace mesosio::local::test
