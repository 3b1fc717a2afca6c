#include "net/call_connection.hpp"

#include "net/memory_wire.hpp"

#include <boost/asio/error.hpp>
#include <gmock/gmock.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace mesosio::net {
namespace {

using testing::accepted;
using testing::chunk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::MemoryNetwork;
using testing::run_ready;
using testing::run_until;
using testing::Wire;
using Cancelled = CallConnection::Cancelled;
using Kind = CallReply::Kind;
using std::chrono::milliseconds;

const error_code eof = boost::asio::error::eof;

std::string answers(std::size_t count) {
  std::string all;
  for (std::size_t at = 0; at < count; ++at) all += accepted;
  return all;
}

// Number of requests in what was written.
std::size_t requests(const std::string& written) {
  std::size_t count = 0;
  for (auto at = written.find("POST "); at != std::string::npos; at = written.find("POST ", at + 1)) ++count;
  return count;
}

struct Caller {
  boost::asio::io_context context;
  MemoryNetwork network;
  CallConnectionConfig config;
  std::shared_ptr<CallConnection> connection;
  std::vector<std::uint64_t> order;
  std::map<std::uint64_t, CallReply> replies;
  std::function<void(std::uint64_t)> on_reply = [](std::uint64_t) {};
  std::vector<int> delays;
  bool initiating = false;

  Caller() {
    config.endpoint.host = "127.0.0.1";
    config.stream_id = "stream-1";
    config.suffix = "+id";
    config.retry_delay = [this](int failures) {
      delays.push_back(failures);
      return milliseconds(0);
    };
  }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;
  ~Caller() {
    if (connection) connection->close({});
    run_ready(context);
  }

  void create(std::function<void(Wire&)> script = {}) {
    network.on_connect = std::move(script);
    config.connector = network.connector();
    connection =
        CallConnection::create(context.get_executor(), config, [this](std::uint64_t id, CallReply reply) {
          EXPECT_FALSE(initiating) << "reply inside an initiating call";
          EXPECT_TRUE(replies.emplace(id, std::move(reply)).second) << "second reply for " << id;
          order.push_back(id);
          on_reply(id);
        });
  }
  void send(std::uint64_t first, std::uint64_t last) {
    initiating = true;
    for (auto id = first; id <= last; ++id) connection->send(id, "body" + std::to_string(id));
    initiating = false;
  }
  void ready() { run_ready(context); }
  // Timers of no length still need the loop to turn.
  bool until(const std::function<bool()>& done) { return run_until(context, done); }
  Wire& wire(std::size_t at = 0) { return *network.wires.at(at); }
  std::vector<std::uint64_t> of_kind(Kind kind) const {
    std::vector<std::uint64_t> ids;
    for (const auto& [id, reply] : replies) {
      if (reply.kind == kind) ids.push_back(id);
    }
    return ids;
  }
};

Error reason() {
  return {make_error_code(errc::stopped), "the test is over", {}};
}

TEST(CallConnection, ConnectsWithTheFirstCallAndWritesItAtOnce) {
  Caller caller;
  caller.create();
  caller.ready();
  EXPECT_EQ(caller.network.attempts, 0);
  caller.send(1, 1);
  EXPECT_EQ(caller.connection->waiting(), 1U);
  caller.ready();
  ASSERT_EQ(caller.wire().writes.size(), 1U);
  EXPECT_THAT(caller.wire().writes[0], ::testing::StartsWith("POST /api/v1/scheduler HTTP/1.1\r\n"));
  EXPECT_THAT(caller.wire().writes[0], HasSubstr("Mesos-Stream-Id: stream-1\r\n"));
  EXPECT_THAT(caller.wire().writes[0], ::testing::EndsWith("Content-Length: 8\r\n\r\nbody1+id"));
  EXPECT_EQ(caller.connection->in_flight(), 1U);
  caller.wire().push(std::string(accepted));
  caller.ready();
  EXPECT_THAT(caller.order, ElementsAre(1U));
  EXPECT_EQ(caller.replies[1].status, 202);
  EXPECT_EQ(caller.replies[1].kind, Kind::answered);
  caller.send(2, 2);
  caller.ready();
  EXPECT_EQ(caller.network.attempts, 1);
}

TEST(CallConnection, AnswersInOrderAtEverySplitOfTheBytes) {
  const std::string bytes = std::string(accepted) +
                            "HTTP/1.1 400 Bad Request\r\nContent-Length: 9\r\n\r\nbad thing" +
                            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" +
                            "HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk("not ") +
                            chunk("allowed") + "0\r\n\r\n" + "HTTP/1.1 204 No Content\r\n\r\n" + answers(1);
  const auto check = [](const std::vector<std::string>& pieces) {
    Caller caller;
    caller.create();
    caller.send(1, 6);
    caller.ready();
    for (const auto& piece : pieces) caller.wire().push(piece);
    caller.ready();
    ASSERT_THAT(caller.order, ElementsAre(1U, 2U, 3U, 4U, 5U, 6U));
    std::vector<int> statuses;
    for (const auto& [id, reply] : caller.replies) statuses.push_back(reply.status);
    EXPECT_THAT(statuses, ElementsAre(202, 400, 200, 403, 204, 202));
    EXPECT_EQ(caller.replies[2].body, "bad thing");
    EXPECT_EQ(caller.replies[4].body, "not allowed");
    EXPECT_EQ(caller.replies[5].body, "");
  };
  for (std::size_t split = 1; split < bytes.size(); ++split)
    check({bytes.substr(0, split), bytes.substr(split)});
  std::vector<std::string> single;
  for (const char c : bytes) single.emplace_back(1, c);
  check(single);
}

TEST(CallConnection, KeepsTheWindow) {
  Caller caller;
  caller.config.max_pipelined = 3;
  caller.create();
  caller.send(1, 10);
  caller.ready();
  EXPECT_EQ(requests(caller.wire().written()), 3U);
  EXPECT_EQ(caller.connection->in_flight(), 3U);
  EXPECT_EQ(caller.connection->waiting(), 7U);
  std::size_t answered = 0;
  while (answered < 10) {
    caller.wire().push(answers(1));
    ++answered;
    caller.ready();
    EXPECT_EQ(requests(caller.wire().written()), std::min<std::size_t>(10, 3 + answered));
  }
  EXPECT_THAT(caller.order, ElementsAre(1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U, 9U, 10U));
}

TEST(CallConnection, SendsWhatHandlersSendInOneWrite) {
  Caller caller;
  caller.create();
  caller.on_reply = [&](std::uint64_t id) {
    if (id <= 5) caller.connection->send(id + 100, "next");
  };
  caller.send(1, 5);
  caller.ready();
  const std::size_t writes = caller.wire().writes.size();
  caller.wire().push(answers(5));
  caller.ready();
  EXPECT_EQ(caller.wire().writes.size(), writes + 1);
  EXPECT_EQ(caller.connection->in_flight(), 5U);
}

TEST(CallConnection, ALossSplitsCallsIntoAnsweredUnknownAndStillWaiting) {
  Caller caller;
  caller.config.max_pipelined = 4;
  caller.create();
  caller.send(1, 6);
  caller.ready();
  caller.wire().push(answers(1) + "HTTP/1.1 202 Acc");
  caller.wire().finish(eof);
  ASSERT_TRUE(
      caller.until([&] { return caller.network.wires.size() == 2 && !caller.wire(1).writes.empty(); }));
  EXPECT_THAT(caller.of_kind(Kind::answered), ElementsAre(1U));
  EXPECT_THAT(caller.of_kind(Kind::unknown), ElementsAre(2U, 3U, 4U, 5U));
  EXPECT_EQ(caller.replies[2].error.code, errc::connection_lost);
  EXPECT_THAT(caller.replies[2].error.message, HasSubstr("127.0.0.1:5050"));
  // The connection brought an answer, so the next one is made without delay.
  EXPECT_THAT(caller.delays, IsEmpty());
  EXPECT_EQ(requests(caller.wire(1).written()), 1U);
  EXPECT_THAT(caller.wire(1).written(), HasSubstr("body6+id"));
}

TEST(CallConnection, CallsOfWhichNothingWasWrittenAreSentAgain) {
  Caller probe;
  probe.create();
  probe.send(1, 1);
  probe.ready();
  const std::size_t one = probe.wire().written().size();
  for (const std::size_t room : {std::size_t{0}, std::size_t{1}, one, one + 1, 2 * one, 3 * one - 1}) {
    for (const error_code& write_error : {error_code(boost::asio::error::broken_pipe), error_code()}) {
      Caller caller;
      caller.network.hold_connects = false;
      bool first = true;
      caller.create([&](Wire& wire) {
        if (!std::exchange(first, false)) return;
        wire.write_room = room;
        wire.write_error = write_error;
      });
      caller.send(1, 3);
      caller.ready();
      if (!write_error) caller.wire().finish(boost::asio::error::connection_reset);
      const std::size_t touched = (room + one - 1) / one;
      ASSERT_TRUE(caller.until([&] {
        return caller.replies.size() == touched &&
               (touched == 3 || (caller.network.wires.size() == 2 && !caller.wire(1).writes.empty()));
      })) << room;
      EXPECT_EQ(caller.of_kind(Kind::unknown).size(), touched);
      if (touched < 3) {
        EXPECT_EQ(requests(caller.wire(1).written()), 3 - touched);
        EXPECT_THAT(caller.delays, ElementsAre(1));
      }
    }
  }
}

TEST(CallConnection, AnAnswerCanComeBeforeTheCallIsWholeWritten) {
  Caller caller;
  caller.create([](Wire& wire) {
    wire.write_room = 20;
    wire.push("HTTP/1.1 413 Payload Too Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbig");
  });
  caller.send(1, 1);
  caller.ready();
  EXPECT_EQ(caller.replies[1].status, 413);
  EXPECT_EQ(caller.replies[1].body, "big");
  EXPECT_TRUE(caller.wire().closed());
  EXPECT_EQ(caller.connection->in_flight(), 0U);
}

TEST(CallConnection, AnAnswerCountsMoreThanABrokenWrite) {
  Caller caller;
  caller.create([](Wire& wire) {
    wire.write_room = 20;
    wire.write_error = boost::asio::error::broken_pipe;
    wire.push("HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\n\r\n");
    wire.push("");
    wire.finish(eof);
  });
  caller.send(1, 1);
  caller.ready();
  EXPECT_EQ(caller.replies[1].status, 413);
}

TEST(CallConnection, ReadsUpToConnectionClose) {
  Caller caller;
  caller.create();
  caller.send(1, 3);
  caller.ready();
  caller.wire().push(answers(1) + "HTTP/1.1 202 Accepted\r\nConnection: close\r\nContent-Length: 0\r\n\r\n" +
                     answers(1));
  caller.ready();
  EXPECT_THAT(caller.of_kind(Kind::answered), ElementsAre(1U, 2U));
  EXPECT_THAT(caller.of_kind(Kind::unknown), ElementsAre(3U));
  EXPECT_TRUE(caller.wire().closed());
  caller.send(4, 4);
  caller.ready();
  EXPECT_EQ(caller.network.attempts, 2);
}

TEST(CallConnection, AnAnswerWithoutALengthEndsWithItsConnection) {
  Caller caller;
  caller.create();
  caller.send(1, 2);
  caller.ready();
  caller.wire().push("HTTP/1.1 503 Service Unavailable\r\n\r\nNo leader elected");
  caller.wire().finish(eof);
  caller.ready();
  EXPECT_EQ(caller.replies[1].status, 503);
  EXPECT_EQ(caller.replies[1].body, "No leader elected");
  EXPECT_EQ(caller.replies[2].kind, Kind::unknown);
}

TEST(CallConnection, KeepsOnlySoMuchOfABody) {
  Caller caller;
  caller.config.max_body_bytes = 10;
  caller.create();
  caller.send(1, 2);
  caller.ready();
  caller.wire().push("HTTP/1.1 400 Bad Request\r\nContent-Length: 100000\r\n\r\n");
  for (int piece = 0; piece < 100; ++piece) caller.wire().push(std::string(1000, 'x'));
  caller.wire().push(answers(1));
  caller.ready();
  EXPECT_EQ(caller.replies[1].body, std::string(10, 'x'));
  EXPECT_EQ(caller.replies[2].status, 202);
}

TEST(CallConnection, AnUnreadableAnswerEndsTheConnection) {
  for (const std::string& garbage :
       {std::string("<html>hello</html>\r\n"),
        std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        "HTTP/1.1 200 OK\r\nX: " + std::string(100000, 'x')}) {
    Caller caller;
    caller.create();
    caller.send(1, 2);
    caller.ready();
    caller.wire().push(garbage);
    caller.ready();
    EXPECT_THAT(caller.of_kind(Kind::unknown), ElementsAre(1U, 2U));
    EXPECT_THAT(caller.replies[1].error.code, ::testing::AnyOf(make_error_code(errc::malformed_response),
                                                               make_error_code(errc::response_too_large)));
    EXPECT_TRUE(caller.wire().closed());
  }
}

TEST(CallConnection, AnAnswerToNothingEndsTheConnection) {
  Caller caller;
  caller.create();
  caller.send(1, 1);
  caller.ready();
  caller.wire().push(answers(2));
  caller.ready();
  EXPECT_EQ(caller.replies[1].status, 202);
  EXPECT_TRUE(caller.wire().closed());
  EXPECT_EQ(caller.network.attempts, 1);
}

TEST(CallConnection, AnIdleConnectionThatThePeerClosesIsOpenedAgainWhenNeeded) {
  Caller caller;
  caller.create();
  caller.send(1, 1);
  caller.ready();
  caller.wire().push(answers(1));
  caller.wire().finish(eof);
  caller.ready();
  EXPECT_TRUE(caller.wire().closed());
  EXPECT_EQ(caller.network.attempts, 1);
  EXPECT_TRUE(caller.context.stopped()) << "an idle connection that is closed leaves nothing to run";
  caller.send(2, 2);
  caller.ready();
  caller.wire(1).push(answers(1));
  caller.ready();
  EXPECT_EQ(caller.replies[2].status, 202);
  EXPECT_THAT(caller.delays, IsEmpty());
}

TEST(CallConnection, RetriesAFailedConnectionWithTheDelaysAskedFor) {
  Caller caller;
  caller.network.refuse_connects = 3;
  caller.create([](Wire& wire) { wire.push(std::string(accepted)); });
  caller.send(1, 1);
  ASSERT_TRUE(caller.until([&] { return caller.replies.size() == 1; }));
  EXPECT_THAT(caller.delays, ElementsAre(1, 2, 3));
  EXPECT_EQ(caller.replies[1].status, 202);
}

TEST(CallConnection, CancelsByState) {
  Caller caller;
  caller.config.max_pipelined = 1;
  caller.create();
  caller.send(1, 3);
  EXPECT_EQ(caller.connection->cancel(3), Cancelled::removed);
  caller.ready();
  EXPECT_EQ(caller.connection->cancel(1), Cancelled::in_flight);
  EXPECT_EQ(caller.connection->cancel(7), Cancelled::unknown_id);
  caller.wire().push(answers(1));
  caller.ready();
  caller.wire().push(answers(1));
  caller.ready();
  EXPECT_THAT(caller.order, ElementsAre(2U));
  EXPECT_EQ(caller.connection->cancel(2), Cancelled::unknown_id);
}

TEST(CallConnection, CancelHoldsBackAReplyThatIsOnItsWay) {
  Caller caller;
  caller.config.max_pipelined = 1;
  caller.create();
  caller.send(1, 3);
  caller.ready();
  caller.connection->drain(reason());
  EXPECT_EQ(caller.connection->cancel(2), Cancelled::removed);
  EXPECT_EQ(caller.connection->cancel(2), Cancelled::unknown_id);
  caller.ready();
  EXPECT_THAT(caller.order, ElementsAre(3U));
}

TEST(CallConnection, DrainRefusesWaitingCallsAndAwaitsTheOthers) {
  Caller caller;
  caller.config.max_pipelined = 2;
  caller.create();
  caller.send(1, 4);
  caller.ready();
  caller.initiating = true;
  caller.connection->drain(reason());
  caller.connection->send(5, "late");
  caller.initiating = false;
  caller.ready();
  EXPECT_THAT(caller.of_kind(Kind::not_sent), ElementsAre(3U, 4U, 5U));
  EXPECT_EQ(caller.replies[5].error, reason());
  EXPECT_FALSE(caller.wire().closed());
  caller.wire().push(answers(1));
  caller.ready();
  EXPECT_FALSE(caller.wire().closed());
  caller.wire().push(answers(1));
  caller.ready();
  EXPECT_TRUE(caller.wire().closed());
  EXPECT_THAT(caller.of_kind(Kind::answered), ElementsAre(1U, 2U));
  EXPECT_TRUE(caller.context.stopped());
}

TEST(CallConnection, DrainWithNothingInFlightClosesAtOnce) {
  Caller idle;
  idle.create();
  idle.connection->drain(reason());
  idle.ready();
  EXPECT_TRUE(idle.context.stopped());
  Caller connecting;
  connecting.network.hold_connects = true;
  connecting.create();
  connecting.send(1, 1);
  connecting.connection->drain(reason());
  connecting.ready();
  EXPECT_EQ(connecting.network.attempts_cancelled, 1);
  EXPECT_THAT(connecting.of_kind(Kind::not_sent), ElementsAre(1U));
  Caller open;
  open.create();
  open.send(1, 1);
  open.ready();
  open.wire().push(answers(1));
  open.ready();
  open.connection->drain(reason());
  open.ready();
  EXPECT_TRUE(open.wire().closed());
}

TEST(CallConnection, ALossWhileDrainingIsNotFollowedByAReconnect) {
  Caller caller;
  caller.create([](Wire& wire) { wire.write_room = 0; });
  caller.send(1, 2);
  caller.ready();
  caller.connection->drain(reason());
  caller.wire().finish(eof);
  caller.ready();
  EXPECT_THAT(caller.of_kind(Kind::not_sent), ElementsAre(1U, 2U));
  EXPECT_EQ(caller.network.attempts, 1);
}

TEST(CallConnection, CloseEndsEverythingOnce) {
  Caller caller;
  caller.config.max_pipelined = 2;
  caller.create();
  caller.send(1, 4);
  caller.ready();
  caller.wire().push("HTTP/1.1 202 Acc");
  caller.ready();
  caller.initiating = true;
  caller.connection->close(reason());
  caller.connection->close({});
  caller.initiating = false;
  EXPECT_TRUE(caller.wire().closed());
  caller.ready();
  EXPECT_THAT(caller.of_kind(Kind::unknown), ElementsAre(1U, 2U));
  EXPECT_THAT(caller.of_kind(Kind::not_sent), ElementsAre(3U, 4U));
  EXPECT_EQ(caller.replies[1].error, reason());
  EXPECT_TRUE(caller.context.stopped());
}

TEST(CallConnection, CanBeClosedAndDroppedInsideItsHandler) {
  for (const bool drain : {false, true}) {
    Caller caller;
    caller.config.max_pipelined = 3;
    caller.create();
    caller.on_reply = [&](std::uint64_t id) {
      if (id != 1) return;
      if (drain) {
        caller.connection->drain(reason());
      } else {
        caller.connection->close(reason());
      }
      caller.connection.reset();
    };
    caller.send(1, 5);
    caller.ready();
    caller.wire().push(answers(1));
    caller.ready();
    caller.wire().push(answers(2));
    caller.ready();
    EXPECT_EQ(caller.replies.size(), 5U);
    EXPECT_THAT(caller.of_kind(Kind::not_sent), ElementsAre(4U, 5U));
    EXPECT_EQ(caller.of_kind(Kind::unknown).size(), drain ? 0U : 2U);
    EXPECT_TRUE(caller.wire().closed());
  }
}

TEST(CallConnection, ALateAnswerEndsTheConnectionAndWaitingCallsGoOn) {
  Caller caller;
  caller.config.max_pipelined = 2;
  caller.config.response_timeout = milliseconds(100);
  caller.create();
  caller.send(1, 2);
  caller.ready();
  caller.on_reply = [&](std::uint64_t id) {
    if (id == 1) caller.connection->send(3, "after the loss");
  };
  ASSERT_TRUE(
      caller.until([&] { return caller.network.wires.size() == 2 && !caller.wire(1).writes.empty(); }));
  EXPECT_THAT(caller.of_kind(Kind::unknown), ElementsAre(1U, 2U));
  EXPECT_EQ(caller.replies[1].error.code, errc::timeout);
  EXPECT_THAT(caller.replies[1].error.message, HasSubstr("100 ms"));
}

TEST(CallConnection, ACallThatWaitsTooLongWasNotSent) {
  Caller caller;
  caller.config.response_timeout = milliseconds(30);
  caller.network.hold_connects = true;
  caller.create();
  caller.send(1, 2);
  ASSERT_TRUE(caller.until([&] { return caller.replies.size() == 2; }));
  EXPECT_THAT(caller.of_kind(Kind::not_sent), ElementsAre(1U, 2U));
  EXPECT_EQ(caller.replies[1].error.code, errc::timeout);
  EXPECT_EQ(caller.network.attempts_cancelled, 1) << "nothing is opened while no call waits";
}

TEST(CallConnection, RefusesAStreamIdThatWouldBreakTheRequest) {
  Caller caller;
  caller.config.stream_id = "a\r\nX: y";
  caller.create();
  caller.send(1, 1);
  caller.ready();
  EXPECT_EQ(caller.replies[1].kind, Kind::not_sent);
  EXPECT_EQ(caller.replies[1].error.code, errc::invalid_argument);
  EXPECT_EQ(caller.network.attempts, 0);
}

TEST(CallConnection, EveryCallEndsOnceWhicheverOperationFails) {
  for (int fail_at = 0;; ++fail_at) {
    Caller caller;
    caller.config.max_pipelined = 2;
    caller.network.fail_at = fail_at;
    // A server that answers each request that has come whole.
    caller.create([](Wire& wire) {
      wire.on_write = [&wire, answered = std::size_t{0}]() mutable {
        const std::string written = wire.written();
        std::size_t whole = 0;
        for (auto at = written.find("+id"); at != std::string::npos; at = written.find("+id", at + 1))
          ++whole;
        wire.push(answers(whole - std::exchange(answered, whole)));
      };
    });
    caller.send(1, 6);
    ASSERT_TRUE(caller.until([&] { return caller.replies.size() == 6; })) << fail_at;
    EXPECT_THAT(caller.of_kind(Kind::not_sent), IsEmpty());
    if (caller.network.operations <= fail_at) {
      EXPECT_EQ(caller.of_kind(Kind::answered).size(), 6U);
      EXPECT_GE(fail_at, 5);
      break;
    }
    EXPECT_LE(caller.of_kind(Kind::unknown).size(), 2U);
  }
}

}  // namespace
}  // namespace mesosio::net
