#include "net/event_stream.hpp"

#include "net/memory_wire.hpp"

#include <boost/asio/error.hpp>
#include <gmock/gmock.h>

#include <functional>
#include <string>
#include <vector>

namespace mesosio::net {
namespace {

using testing::chunk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::last_chunk;
using testing::MemoryNetwork;
using testing::record;
using testing::run_ready;
using testing::subscribed_head;
using testing::Wire;

const error_code eof = boost::asio::error::eof;

// A consumer that subscribes when connected and writes down what it is told.
struct Consumer : EventStreamHandler {
  boost::asio::io_context context;
  MemoryNetwork network;
  EventStreamConfig config;
  std::shared_ptr<EventStream> stream;
  std::string request = "SUBSCRIBE bytes";

  std::vector<std::string> log;
  std::vector<std::string> records;
  std::vector<ResponseHead> heads;
  std::vector<Error> ends;
  std::function<bool()> on_each = [] { return true; };
  std::function<void()> on_any_head = [] {};
  std::function<void()> on_any_batch = [] {};
  bool in_handler = false;
  bool initiating = false;

  Consumer() = default;
  Consumer(const Consumer&) = delete;
  Consumer& operator=(const Consumer&) = delete;
  ~Consumer() override {
    if (stream) stream->close();
  }

  void start(std::function<void(Wire&)> script = {}) {
    network.on_connect = std::move(script);
    config.connector = network.connector();
    stream = EventStream::create(context.get_executor(), config, *this);
    codec::Endpoint endpoint;
    endpoint.host = "127.0.0.1";
    initiating = true;
    stream->connect(endpoint);
    initiating = false;
  }
  void run(std::function<void(Wire&)> script = {}) {
    start(std::move(script));
    run_ready(context);
  }
  Wire& wire() { return *network.wires.at(0); }

  void on_connected() override {
    enter("connected");
    stream->subscribe(request, "Basic eDp5");
  }
  void on_head(ResponseHead head) override {
    enter("head");
    heads.push_back(std::move(head));
    on_any_head();
  }
  bool on_record(std::string_view bytes) override {
    enter("record");
    records.emplace_back(bytes);
    return on_each();
  }
  void on_batch_end() override {
    enter("batch");
    on_any_batch();
  }
  void on_end(Error error) override {
    enter("end");
    ends.push_back(std::move(error));
  }
  void enter(const char* what) {
    EXPECT_FALSE(initiating) << what << " inside an initiating call";
    EXPECT_TRUE(ends.empty()) << what << " after the end";
    log.emplace_back(what);
  }
};

TEST(EventStream, SubscribesWithOneWriteAndHandsRecordsOn) {
  Consumer consumer;
  consumer.run([](Wire& wire) {
    wire.push(std::string(subscribed_head));
    wire.push(chunk(record("one")) + chunk(record("") + record("three")));
  });
  ASSERT_EQ(consumer.wire().writes.size(), 1U);
  EXPECT_THAT(consumer.wire().writes[0],
              ::testing::StartsWith("POST /api/v1/scheduler HTTP/1.1\r\nHost: 127.0.0.1:5050\r\n"));
  EXPECT_THAT(consumer.wire().writes[0], HasSubstr("\r\nAuthorization: Basic eDp5\r\n"));
  EXPECT_THAT(consumer.wire().writes[0], ::testing::EndsWith("Content-Length: 15\r\n\r\nSUBSCRIBE bytes"));
  EXPECT_THAT(consumer.log, ElementsAre("connected", "head", "record", "record", "record", "batch"));
  EXPECT_THAT(consumer.records, ElementsAre("one", "", "three"));
  EXPECT_EQ(consumer.heads[0].status, 200);
  EXPECT_EQ(consumer.heads[0].stream_id, "130ae4e3-6b13-4ef4-baa9-9f2e85c3e9af");
  EXPECT_EQ(consumer.heads[0].content_type, "application/x-protobuf");
  EXPECT_TRUE(consumer.stream->reading());
  EXPECT_FALSE(consumer.stream->readable());
}

TEST(EventStream, GivesTheSameRecordsAtEverySplitOfTheBytes) {
  const std::string records = record("first") + record("") + record("the third one");
  // Chunks across records and records across chunks.
  const std::string bytes = std::string(subscribed_head) + chunk(records.substr(0, 1)) +
                            chunk(records.substr(1, 9)) + chunk(records.substr(10)) + std::string(last_chunk);
  const auto check = [](const std::vector<std::string>& pieces) {
    Consumer consumer;
    consumer.run([&](Wire& wire) {
      for (const auto& piece : pieces) wire.push(piece);
    });
    EXPECT_THAT(consumer.records, ElementsAre("first", "", "the third one"));
    ASSERT_EQ(consumer.ends.size(), 1U);
    EXPECT_EQ(consumer.ends[0].code, errc::stream_ended);
    EXPECT_TRUE(consumer.wire().closed());
  };
  for (std::size_t split = 1; split < bytes.size(); ++split)
    check({bytes.substr(0, split), bytes.substr(split)});
  std::vector<std::string> single;
  for (const char c : bytes) single.emplace_back(1, c);
  check(single);
}

TEST(EventStream, TakesRecordsOutOfAnyChunkSize) {
  std::string records;
  std::vector<std::string> expected;
  for (int i = 0; i < 40; ++i) {
    expected.push_back(std::string(static_cast<std::size_t>(i * i), static_cast<char>('a' + i % 26)));
    records += record(expected.back());
  }
  for (const std::size_t size : {1U, 2U, 3U, 7U, 64U, 1000U, 100000U}) {
    std::string bytes(subscribed_head);
    for (std::size_t at = 0; at < records.size(); at += size)
      bytes += chunk(std::string_view(records).substr(at, size));
    Consumer consumer;
    consumer.run([&](Wire& wire) { wire.push(bytes); });
    EXPECT_EQ(consumer.records, expected) << size;
  }
}

TEST(EventStream, PausesAtEveryRecordAndGoesOn) {
  for (const bool ends : {false, true}) {
    Consumer consumer;
    consumer.on_each = [] { return false; };
    consumer.run([&](Wire& wire) {
      wire.push(std::string(subscribed_head) + chunk(record("a") + record("b")) + chunk(record("c")));
      wire.push(chunk(record("d")) + (ends ? std::string(last_chunk) : ""));
    });
    for (std::size_t seen = 1; seen <= 4; ++seen) {
      ASSERT_EQ(consumer.records.size(), seen);
      EXPECT_FALSE(consumer.stream->reading());
      EXPECT_EQ(consumer.log.back(), "batch");
      if (seen == 3) {
        EXPECT_TRUE(consumer.stream->readable());
      }
      consumer.initiating = true;
      consumer.stream->resume();
      consumer.stream->resume();
      consumer.initiating = false;
      run_ready(consumer.context);
    }
    EXPECT_THAT(consumer.records, ElementsAre("a", "b", "c", "d"));
    if (ends) {
      ASSERT_EQ(consumer.ends.size(), 1U);
      EXPECT_EQ(consumer.ends[0].code, errc::stream_ended);
    } else {
      EXPECT_TRUE(consumer.stream->reading());
    }
  }
}

TEST(EventStream, ResumedInsideTheRecordThatPausesItGoesOn) {
  Consumer consumer;
  consumer.on_each = [&] {
    consumer.stream->resume();
    return false;
  };
  consumer.run(
      [](Wire& wire) { wire.push(std::string(subscribed_head) + chunk(record("a") + record("b"))); });
  EXPECT_THAT(consumer.records, ElementsAre("a", "b"));
}

TEST(EventStream, ReadsOnlyAfterResume) {
  Consumer consumer;
  bool full = true;
  consumer.on_each = [&] { return !full; };
  consumer.run([](Wire& wire) { wire.push(std::string(subscribed_head) + chunk(record("a"))); });
  consumer.wire().push(chunk(record("b")));
  run_ready(consumer.context);
  EXPECT_THAT(consumer.records, ElementsAre("a"));
  EXPECT_TRUE(consumer.stream->readable());
  full = false;
  consumer.stream->resume();
  run_ready(consumer.context);
  EXPECT_THAT(consumer.records, ElementsAre("a", "b"));
}

TEST(EventStream, TellsRefusalsWithTheirBodies) {
  Consumer consumer;
  consumer.run([](Wire& wire) {
    wire.push("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"mesos-master-scheduler\"\r\n");
    wire.push("Content-Length: 5\r\n\r\nwh");
    wire.push("y?!ignored");
  });
  ASSERT_EQ(consumer.heads.size(), 1U);
  EXPECT_EQ(consumer.heads[0].status, 401);
  EXPECT_EQ(consumer.heads[0].www_authenticate, "Basic realm=\"mesos-master-scheduler\"");
  EXPECT_EQ(consumer.heads[0].body, "why?!");
  EXPECT_TRUE(consumer.ends.empty());
  EXPECT_TRUE(consumer.wire().closed());
  EXPECT_THAT(consumer.log, ElementsAre("connected", "head"));
}

TEST(EventStream, TellsARedirect) {
  Consumer consumer;
  consumer.run([](Wire& wire) {
    wire.push(
        "HTTP/1.1 307 Temporary Redirect\r\nlocation: //10.0.0.1:5050/master/api/v1/scheduler\r\n"
        "Content-Length: 0\r\n\r\n");
  });
  ASSERT_EQ(consumer.heads.size(), 1U);
  EXPECT_EQ(consumer.heads[0].status, 307);
  EXPECT_EQ(consumer.heads[0].location, "//10.0.0.1:5050/master/api/v1/scheduler");
}

TEST(EventStream, ReportsARefusalWhateverHappensToItsBody) {
  const std::string head = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 100\r\n\r\n";
  Consumer cut;
  cut.run([&](Wire& wire) {
    wire.push(head + "No lead");
    wire.finish(eof);
  });
  ASSERT_EQ(cut.heads.size(), 1U);
  EXPECT_EQ(cut.heads[0].body, "No lead");
  Consumer reset;
  reset.run([&](Wire& wire) {
    wire.push(head);
    wire.finish(boost::asio::error::connection_reset);
  });
  ASSERT_EQ(reset.heads.size(), 1U);
  EXPECT_EQ(reset.heads[0].status, 503);
  Consumer broken;
  broken.run(
      [&](Wire& wire) { wire.push("HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n!!\r\n"); });
  ASSERT_EQ(broken.heads.size(), 1U);
  EXPECT_EQ(broken.heads[0].status, 404);
  EXPECT_TRUE(broken.ends.empty());
}

TEST(EventStream, StopsReadingAnErrorBodyAtItsLimit) {
  Consumer consumer;
  consumer.config.max_error_body_bytes = 10;
  consumer.run([](Wire& wire) {
    wire.push("HTTP/1.1 500 Internal Server Error\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk("12345678"));
    wire.push(chunk("90abcdef"));
  });
  ASSERT_EQ(consumer.heads.size(), 1U);
  EXPECT_EQ(consumer.heads[0].body, "1234567890");
  EXPECT_TRUE(consumer.wire().closed());
}

TEST(EventStream, TellsWhatThePeerIsWhenItIsNotAMaster) {
  Consumer consumer;
  consumer.run([](Wire& wire) { wire.push("<html><body>Welcome to nginx!</body></html>"); });
  ASSERT_EQ(consumer.ends.size(), 1U);
  EXPECT_EQ(consumer.ends[0].code, errc::malformed_response);
  EXPECT_THAT(consumer.ends[0].message, ::testing::StartsWith("127.0.0.1:5050: "));
  EXPECT_THAT(consumer.ends[0].peer_text, HasSubstr("Welcome to nginx!"));
}

TEST(EventStream, RefusesAnEndlessHead) {
  Consumer consumer;
  consumer.config.max_header_bytes = 8192;
  consumer.start([](Wire& wire) { wire.push("HTTP/1.1 200 OK\r\n"); });
  run_ready(consumer.context);
  int lines = 0;
  while (consumer.ends.empty() && lines < 10000) {
    consumer.wire().push("X-line: 0123456789\r\n");
    run_ready(consumer.context);
    ++lines;
  }
  ASSERT_EQ(consumer.ends.size(), 1U);
  EXPECT_EQ(consumer.ends[0].code, errc::response_too_large);
  EXPECT_LT(lines, 500);
}

TEST(EventStream, TakesAHeadUpToItsLimitInOnePiece) {
  Consumer consumer;
  std::string head(subscribed_head);
  head.insert(head.find("\r\n") + 2, "X: " + std::string(60000, 'x') + "\r\n");
  consumer.run([&](Wire& wire) { wire.push(head + chunk(record("a"))); });
  EXPECT_THAT(consumer.records, ElementsAre("a"));
}

TEST(EventStream, EndOfTheBytesAtEveryPlaceHasItsError) {
  const std::string records = record("first") + record("second");
  const std::string bytes = std::string(subscribed_head) + chunk(records.substr(0, 10)) +
                            chunk(records.substr(10)) + std::string(last_chunk);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    Consumer consumer;
    consumer.run([&](Wire& wire) {
      if (cut > 0) wire.push(bytes.substr(0, cut));
      wire.finish(eof);
    });
    ASSERT_EQ(consumer.ends.size(), 1U) << cut;
    EXPECT_EQ(consumer.ends[0].code, errc::connection_lost) << cut;
    EXPECT_THAT(consumer.ends[0].message, HasSubstr(cut == 0                       ? "before it answered"
                                                    : cut < subscribed_head.size() ? "head"
                                                                                   : "cut"));
    EXPECT_EQ(consumer.heads.size(), cut < subscribed_head.size() ? 0U : 1U);
  }
}

TEST(EventStream, ALastChunkInsideARecordIsATruncatedRecord) {
  const std::string records = record("first");
  for (std::size_t cut = 1; cut < records.size(); ++cut) {
    Consumer consumer;
    consumer.run([&](Wire& wire) {
      wire.push(std::string(subscribed_head) + chunk(records.substr(0, cut)) + std::string(last_chunk));
    });
    ASSERT_EQ(consumer.ends.size(), 1U);
    EXPECT_EQ(consumer.ends[0].code, errc::recordio_truncated);
  }
}

TEST(EventStream, EndsOnAFaultInTheFramingAfterTheRecordsBeforeIt) {
  Consumer consumer;
  consumer.config.record_limits.max_record_bytes = 100;
  consumer.run(
      [](Wire& wire) { wire.push(std::string(subscribed_head) + chunk(record("good") + "101\nx")); });
  EXPECT_THAT(consumer.log, ElementsAre("connected", "head", "record", "batch", "end"));
  EXPECT_EQ(consumer.ends[0].code, errc::recordio_too_large);
  EXPECT_TRUE(consumer.wire().closed());
}

TEST(EventStream, ReadsABodyWithALengthOrNone) {
  for (const std::string length : {"Content-Length: 6\r\n", ""}) {
    Consumer consumer;
    consumer.run([&](Wire& wire) {
      wire.push("HTTP/1.1 200 OK\r\n" + length + "\r\n" + record("abcd"));
      wire.finish(eof);
    });
    EXPECT_THAT(consumer.records, ElementsAre("abcd"));
    ASSERT_EQ(consumer.ends.size(), 1U);
    EXPECT_EQ(consumer.ends[0].code, errc::stream_ended);
  }
}

TEST(EventStream, IgnoresBytesBehindTheEndOfTheBody) {
  Consumer consumer;
  consumer.run([](Wire& wire) {
    wire.push(std::string(subscribed_head) + chunk(record("a")) + std::string(last_chunk) +
              "HTTP/1.1 202 Accepted");
  });
  EXPECT_THAT(consumer.log, ElementsAre("connected", "head", "record", "batch", "end"));
  EXPECT_EQ(consumer.ends[0].code, errc::stream_ended);
}

TEST(EventStream, ClosedInsideAnyHandlerIsSilentAfterwards) {
  const auto script = [](Wire& wire) {
    wire.push(std::string(subscribed_head) + chunk(record("a") + record("b")) + std::string(last_chunk));
  };
  Consumer in_head;
  in_head.on_any_head = [&] { in_head.stream->close(); };
  in_head.run(script);
  EXPECT_THAT(in_head.log, ElementsAre("connected", "head"));
  Consumer in_record;
  in_record.on_each = [&] {
    in_record.stream->close();
    in_record.stream.reset();
    return true;
  };
  in_record.run(script);
  EXPECT_THAT(in_record.log, ElementsAre("connected", "head", "record"));
  Consumer in_batch;
  in_batch.on_any_batch = [&] { in_batch.stream->close(); };
  in_batch.run(script);
  EXPECT_THAT(in_batch.log, ElementsAre("connected", "head", "record", "record", "batch"));
  EXPECT_TRUE(in_batch.wire().closed());
}

TEST(EventStream, ClosedWhileConnectingCancelsTheAttempt) {
  Consumer consumer;
  consumer.network.hold_connects = true;
  consumer.start();
  consumer.stream->close();
  consumer.stream->close();
  run_ready(consumer.context);
  EXPECT_EQ(consumer.network.attempts_cancelled, 1);
  EXPECT_TRUE(consumer.log.empty());
}

TEST(EventStream, TellsAFailedConnectionAttempt) {
  Consumer consumer;
  consumer.network.refuse_connects = 1;
  consumer.run();
  EXPECT_THAT(consumer.log, ElementsAre("end"));
  EXPECT_EQ(consumer.ends[0].code, errc::connect_failed);
}

TEST(EventStream, AnAnswerCountsMoreThanABrokenWrite) {
  Consumer refused;
  refused.run([](Wire& wire) {
    wire.write_room = 10;
    wire.write_error = boost::asio::error::broken_pipe;
    wire.push("HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\n\r\n");
  });
  EXPECT_THAT(refused.log, ElementsAre("connected", "head"));
  Consumer silent;
  silent.run([](Wire& wire) {
    wire.write_room = 10;
    wire.write_error = boost::asio::error::broken_pipe;
  });
  EXPECT_THAT(silent.log, ElementsAre("connected", "end"));
  EXPECT_EQ(silent.ends[0].code, errc::connection_lost);
}

TEST(EventStream, EndsOnceWhicheverOperationFails) {
  for (int fail_at = 0;; ++fail_at) {
    Consumer consumer;
    consumer.network.fail_at = fail_at;
    consumer.run([](Wire& wire) {
      wire.push(std::string(subscribed_head));
      wire.push(chunk(record("a")));
      wire.push(chunk(record("b")) + std::string(last_chunk));
    });
    ASSERT_EQ(consumer.ends.size(), 1U) << fail_at;
    if (consumer.network.operations <= fail_at) {
      EXPECT_EQ(consumer.ends[0].code, errc::stream_ended);
      EXPECT_GE(fail_at, 5);
      break;
    }
    EXPECT_THAT(consumer.ends[0].code, ::testing::AnyOf(make_error_code(errc::connect_failed),
                                                        make_error_code(errc::connection_lost),
                                                        make_error_code(errc::stream_ended)));
    if (!consumer.network.wires.empty()) {
      EXPECT_TRUE(consumer.wire().closed());
    }
  }
}

TEST(EventStream, RefusesACredentialThatWouldBreakTheRequest) {
  struct Injecting : Consumer {
    void on_connected() override {
      enter("connected");
      initiating = true;
      stream->subscribe(request, "Basic x\r\nX: y");
      initiating = false;
    }
  } consumer;
  consumer.run();
  EXPECT_THAT(consumer.log, ElementsAre("connected", "end"));
  EXPECT_EQ(consumer.ends[0].code, errc::invalid_argument);
  EXPECT_TRUE(consumer.wire().writes.empty());
}

TEST(EventStream, NeedsLittleMemoryWhileLittleComesAndReadsALotWhenALotComes) {
  Consumer consumer;
  consumer.run([](Wire& wire) { wire.push(std::string(subscribed_head)); });
  EXPECT_LE(consumer.wire().last_read_size(), 4096U);
  consumer.wire().push(chunk(record(std::string(200000, 'x'))));
  run_ready(consumer.context);
  EXPECT_EQ(consumer.records.size(), 1U);
  EXPECT_GT(consumer.wire().last_read_size(), 60000U);
  for (int beat = 0; beat < 4; ++beat) {
    consumer.wire().push(chunk(record("beat")));
    run_ready(consumer.context);
  }
  EXPECT_LE(consumer.wire().last_read_size(), 4096U);
}

}  // namespace
}  // namespace mesosio::net
