// Every recorded connection of calls: the answers reach the calls that they belong to, however their bytes
// are cut.
#include "captures/capture.hpp"
#include "captures/split.hpp"
#include "codec/http_status.hpp"
#include "net/call_connection.hpp"
#include "net/memory_wire.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <ostream>
#include <stdexcept>
#include <tuple>

namespace mesosio::captures {

static std::ostream& operator<<(std::ostream& out, const Capture* capture) {
  return out << capture->name;
}

namespace {

using net::CallReply;

std::vector<const Capture*> call_captures() {
  std::vector<const Capture*> captures;
  for (const auto& capture : all_captures()) {
    if (!capture.subscribes()) captures.push_back(&capture);
  }
  return captures;
}

const Capture& capture_named(std::string_view name) {
  for (const auto& capture : all_captures()) {
    if (capture.name == name) return capture;
  }
  throw std::runtime_error("no recording " + std::string(name));
}

class CallReplay : public testing::TestWithParam<std::tuple<const Capture*, SplitKind>> {
 protected:
  // Makes as many calls as were recorded and gives the answers of `groups[n]` when the n-th write has been
  // made; with one group alone, when all calls have been written.
  void replay(const Capture& capture, const std::vector<std::vector<std::string>>& groups,
              std::size_t max_pipelined) {
    boost::asio::io_context context;
    net::testing::MemoryNetwork network;
    std::map<std::uint64_t, CallReply> replies;
    std::vector<std::uint64_t> order;

    net::CallConnectionConfig config;
    config.endpoint = {"http", "127.0.0.1", 5050, "/api/v1/scheduler"};
    config.stream_id = "a-stream";
    config.max_pipelined = max_pipelined;
    config.connector = network.connector();
    std::shared_ptr<net::CallConnection> connection;
    std::size_t bytes = 0;
    for (const auto& group : groups) {
      for (const auto& read : group) bytes += read.size();
    }
    network.on_connect = [&](net::testing::Wire& wire) {
      wire.on_write = [&, written = std::size_t{0}]() mutable {
        const bool whole = groups.size() <= 1;
        if (whole && connection->in_flight() < capture.calls.size()) return;
        const std::size_t number = written++;
        if (number < groups.size()) {
          for (const auto& read : groups[number]) wire.push(read);
        }
        if (capture.closed_by_server && number + 1 >= groups.size()) wire.finish(boost::asio::error::eof);
      };
    };
    connection =
        net::CallConnection::create(context.get_executor(), config, [&](std::uint64_t id, CallReply reply) {
          order.push_back(id);
          EXPECT_TRUE(replies.emplace(id, std::move(reply)).second);
        });
    for (std::size_t id = 0; id < capture.calls.size(); ++id) connection->send(id, "call");

    const auto poll = [&] {
      context.restart();
      for (std::size_t ran = 0; ran < 100'000 + 40 * bytes; ++ran) {
        if (context.poll_one() == 0) return true;
      }
      return false;
    };
    EXPECT_TRUE(poll()) << "there is no end to it";
    check(capture, replies);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
    EXPECT_EQ(network.attempts, 1);
    ASSERT_EQ(network.wires.size(), 1U);
    EXPECT_EQ(network.wires[0]->closed(), capture.closed_by_server);
    EXPECT_EQ(connection->waiting(), 0U);
    EXPECT_EQ(connection->in_flight(), 0U);
    connection->close({make_error_code(errc::stopped), "the test is over", {}});
    EXPECT_TRUE(poll());
    EXPECT_EQ(replies.size(), capture.calls.size());
  }

  static void check(const Capture& capture, const std::map<std::uint64_t, CallReply>& replies) {
    ASSERT_EQ(replies.size(), capture.calls.size());
    for (const auto& [id, reply] : replies) {
      SCOPED_TRACE("call " + std::to_string(id) + " " + capture.calls[id]);
      if (id >= capture.responses.size()) {
        // The server closed the connection instead of answering.
        EXPECT_EQ(reply.kind, CallReply::Kind::unknown);
        EXPECT_EQ(reply.error.code, errc::connection_lost);
        continue;
      }
      const Response& response = capture.responses[id];
      EXPECT_EQ(reply.kind, CallReply::Kind::answered) << reply.error.to_string();
      EXPECT_EQ(reply.status, response.status);
      EXPECT_EQ(reply.body.size(), response.body_bytes);
      if (!response.body.empty()) {
        EXPECT_EQ(reply.body, response.body);
      }
    }
  }
};

TEST_P(CallReplay, GivesEachCallItsAnswer) {
  const auto& [capture, kind] = GetParam();
  const Recording recording = read_recording(*capture);
  std::vector<std::string> all;
  for (const auto& group : recording.answers) all.insert(all.end(), group.begin(), group.end());
  for (const std::uint32_t seed : seeds(kind)) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    {
      SCOPED_TRACE("pipelined");
      replay(*capture, {split(all, kind, seed)}, 256);
    }
    // As recorded, but for what was pipelined then.
    if (recording.answers.size() == capture->calls.size()) {
      SCOPED_TRACE("one after another");
      std::vector<std::vector<std::string>> groups;
      for (const auto& group : recording.answers) groups.push_back(split(group, kind, seed));
      replay(*capture, groups, 1);
    }
    if (HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Captures, CallReplay,
                         testing::Combine(testing::ValuesIn(call_captures()), testing::ValuesIn(every_split)),
                         [](const auto& it) {
                           return test_name(std::get<0>(it.param)->name) + "_" +
                                  to_string(std::get<1>(it.param));
                         });

codec::CallAnswer last_answer(std::string_view name) {
  const Response& response = capture_named(name).responses.back();
  return codec::classify_call(response.status, response.body);
}

// Only the body tells a lost subscription from a refusal.
TEST(CallAnswers, AreToldApart) {
  using codec::CallAnswer;
  EXPECT_EQ(last_answer("failover.calls2"), CallAnswer::not_subscribed);
  EXPECT_EQ(last_answer("refusal_not_subscribed.single"), CallAnswer::not_subscribed);
  EXPECT_EQ(last_answer("refusal_update_framework_not_authorized.single"), CallAnswer::refused);
  EXPECT_EQ(last_answer("refusal_wrong_stream_id.single"), CallAnswer::refused);
  EXPECT_EQ(last_answer("teardown.calls"), CallAnswer::refused);
  EXPECT_EQ(last_answer("refusal_call_no_credentials.single"), CallAnswer::unauthorized);
  EXPECT_EQ(last_answer("refusal_master_starting.single"), CallAnswer::unavailable);
  EXPECT_EQ(last_answer("auth_principal_omitted.calls"), CallAnswer::accepted);  // 200 of UPDATE_FRAMEWORK
  EXPECT_EQ(last_answer("task_lifecycle.calls"), CallAnswer::accepted);
}

}  // namespace
}  // namespace mesosio::captures
