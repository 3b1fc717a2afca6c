#include "net/response_reader.hpp"

#include "net/memory_wire.hpp"

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

namespace mesosio::net {
namespace {

using Step = ResponseReader::Step;
using testing::chunk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::size_t header_limit = 1024;

struct Collector : ResponseSink {
  std::vector<std::string> fields;
  std::string body;
  std::size_t take_at_most = 0;  // 0: everything

  void on_field(boost::beast::http::field, std::string_view name, std::string_view value) override {
    fields.push_back(std::string(name) + "=" + std::string(value));
  }
  std::size_t on_body(std::string_view bytes, bool& pause) override {
    const std::size_t taken = take_at_most == 0 ? bytes.size() : std::min(take_at_most, bytes.size());
    body.append(bytes.substr(0, taken));
    pause = take_at_most != 0;
    return taken;
  }
};

// What came of one response that was given in pieces.
struct Outcome {
  Step last = Step::need_more;
  int status = 0;
  int heads = 0;
  bool keep_alive = false;
  std::vector<std::string> fields;
  std::string body;
  std::string left;
  Error error;
};

struct Feeder {
  Collector sink;
  ResponseReader reader{header_limit, sink};
  std::string held;
  Outcome out;

  bool feed(std::string_view piece) {
    held += piece;
    for (;;) {
      std::string_view input = held;
      out.last = reader.put(input);
      held = std::string(input);
      if (out.last == Step::head) {
        ++out.heads;
        continue;
      }
      if (out.last == Step::paused) continue;
      return out.last == Step::need_more;
    }
  }

  Outcome finish() {
    if (out.heads > 0) out.status = reader.status();
    out.fields = sink.fields;
    out.body = sink.body;
    out.left = held;
    out.error = reader.error();
    if (out.last == Step::complete) out.keep_alive = reader.keep_alive();
    return out;
  }
};

Outcome read_pieces(const std::vector<std::string>& pieces, bool eof = false) {
  Feeder feeder;
  for (const auto& piece : pieces) {
    if (!feeder.feed(piece)) return feeder.finish();
  }
  if (eof) feeder.out.last = feeder.reader.put_eof();
  return feeder.finish();
}

Outcome read_bytewise(std::string_view bytes) {
  std::vector<std::string> pieces;
  for (const char c : bytes) pieces.emplace_back(1, c);
  return read_pieces(pieces);
}

TEST(ResponseReader, ReadsChunkedResponsesAtEverySplit) {
  const std::string response = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-a: b\r\n\r\n" +
                               chunk("hello") + "A;ext=1;other=\"q\"\r\n0123456789\r\n" +
                               "0\r\nTrailer: x\r\n\r\n";
  const auto check = [](const Outcome& out) {
    EXPECT_EQ(out.last, Step::complete);
    EXPECT_EQ(out.status, 200);
    EXPECT_EQ(out.heads, 1);
    EXPECT_TRUE(out.keep_alive);
    EXPECT_EQ(out.body, "hello0123456789");
    EXPECT_THAT(out.fields, ElementsAre("Transfer-Encoding=chunked", "X-a=b"));
  };
  check(read_pieces({response}));
  check(read_bytewise(response));
  for (std::size_t split = 1; split < response.size(); ++split) {
    check(read_pieces({response.substr(0, split), response.substr(split)}));
  }
}

TEST(ResponseReader, ReadsAnEmptyChunkedBodyAtEverySplit) {
  const std::string response = "HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  EXPECT_EQ(read_bytewise(response).last, Step::complete);
  for (std::size_t a = 1; a < response.size(); ++a) {
    for (std::size_t b = a + 1; b < response.size(); ++b) {
      const auto out = read_pieces({response.substr(0, a), response.substr(a, b - a), response.substr(b)});
      EXPECT_EQ(out.last, Step::complete) << a << ' ' << b;
    }
  }
}

TEST(ResponseReader, LeavesTheNextResponseInTheInput) {
  Feeder feeder;
  EXPECT_FALSE(feeder.feed(std::string(testing::accepted) + "HTTP/1.1 400 Bad Request\r\n"));
  EXPECT_EQ(feeder.out.last, Step::complete);
  EXPECT_EQ(feeder.reader.status(), 202);
  EXPECT_EQ(feeder.held, "HTTP/1.1 400 Bad Request\r\n");
  feeder.reader.reset();
  EXPECT_FALSE(feeder.feed("Content-Length: 3\r\nConnection: close\r\n\r\nbad"));
  EXPECT_EQ(feeder.out.last, Step::complete);
  EXPECT_EQ(feeder.reader.status(), 400);
  EXPECT_EQ(feeder.sink.body, "bad");
  EXPECT_FALSE(feeder.reader.keep_alive());
}

TEST(ResponseReader, ReadsABodyUpToTheEndOfTheConnection) {
  const auto out = read_pieces({"HTTP/1.0 503 Busy\r\n\r\nwait", " a bit"}, true);
  EXPECT_EQ(out.last, Step::complete);
  EXPECT_EQ(out.status, 503);
  EXPECT_EQ(out.body, "wait a bit");
}

TEST(ResponseReader, KnowsStatusesWithoutABody) {
  const auto out = read_pieces({"HTTP/1.1 204 No Content\r\n\r\nHTTP"});
  EXPECT_EQ(out.last, Step::complete);
  EXPECT_EQ(out.left, "HTTP");
}

TEST(ResponseReader, SkipsInformationalResponsesAndTheirFields) {
  const std::string response =
      "HTTP/1.1 100 Continue\r\nX-a: 1\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
      "HTTP/1.1 202 Accepted\r\nX-b: 2\r\nContent-Length: 0\r\n\r\n";
  for (const auto& out : {read_pieces({response}), read_bytewise(response)}) {
    EXPECT_EQ(out.last, Step::complete);
    EXPECT_EQ(out.status, 202);
    EXPECT_THAT(out.fields, ElementsAre("X-b=2", "Content-Length=0"));
  }
}

TEST(ResponseReader, RefusesEndlessInformationalResponses) {
  Feeder feeder;
  int given = 0;
  while (given < 1000 && feeder.feed("HTTP/1.1 100 Continue\r\n\r\n")) ++given;
  EXPECT_EQ(given, ResponseReader::max_informational);
  EXPECT_EQ(feeder.finish().error.code, errc::malformed_response);
}

TEST(ResponseReader, RefusesSwitchingProtocols) {
  EXPECT_EQ(read_pieces({"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"}).error.code,
            errc::malformed_response);
}

TEST(ResponseReader, StopsAtTheHeaderLimitHoweverTheBytesCome) {
  const std::string line = "X-header: 0123456789\r\n";
  Feeder by_line;
  by_line.feed("HTTP/1.1 200 OK\r\n");
  std::size_t lines = 0;
  while (lines < 1000 && by_line.feed(line)) ++lines;
  EXPECT_LE(lines * line.size(), header_limit);
  EXPECT_EQ(by_line.finish().error.code, errc::response_too_large);

  std::string all = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 200; ++i) all += line;
  EXPECT_EQ(read_pieces({all}).error.code, errc::response_too_large);
  EXPECT_EQ(read_pieces({all + "\r\n"}).error.code, errc::response_too_large);
  EXPECT_EQ(read_bytewise(all).error.code, errc::response_too_large);
  EXPECT_EQ(read_bytewise("HTTP/1.1 200 " + std::string(5000, 'x')).error.code, errc::response_too_large);
  EXPECT_EQ(read_bytewise("HTTP/1.1 200 OK\r\nA: " + std::string(5000, 'x')).error.code,
            errc::response_too_large);
  EXPECT_THAT(read_pieces({all}).error.message, HasSubstr("1024 bytes"));
}

TEST(ResponseReader, RefusesWhatIsNotHttp) {
  const auto out = read_pieces({"<!DOCTYPE html>\n<html><body>\x1b[31m"});
  EXPECT_EQ(out.error.code, errc::malformed_response);
  EXPECT_THAT(out.error.message, HasSubstr("HTTP/1.1"));
  EXPECT_THAT(out.error.peer_text, HasSubstr("<!DOCTYPE html>\\x0A<html>"));
  EXPECT_EQ(out.error.peer_text.find('\x1b'), std::string::npos);
  EXPECT_EQ(read_bytewise("SSH-2.0-OpenSSH_9.2\r\n").error.code, errc::malformed_response);
  EXPECT_EQ(read_pieces({std::string(300, '\0')}).error.code, errc::malformed_response);
  EXPECT_EQ(read_pieces({"HTTP/2.0 200 OK\r\n\r\n"}).error.code, errc::malformed_response);
  EXPECT_EQ(read_pieces({"HTTP/1.1 2x0 OK\r\n\r\n"}).error.code, errc::malformed_response);
}

TEST(ResponseReader, RefusesBrokenChunks) {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string& body :
       {std::string("xyz\r\n"), std::string("-1\r\n"), std::string("11111111111111111\r\n"),
        std::string("\r\n\r\n"), std::string("5\r\nhelloXXXX\r\n"), std::string("5 5\r\nhello"),
        std::string("0\r\nbad trailer\r\n\r\n"), std::string("0;=\r\n\r\n"),
        std::string("5\nhello\r\n0\r\n\r\n\r\n")}) {
    EXPECT_EQ(read_pieces({head + body}).error.code, errc::malformed_response) << body;
    EXPECT_EQ(read_bytewise(head + body).error.code, errc::malformed_response) << body;
  }
}

TEST(ResponseReader, BoundsChunkLinesAndTrailers) {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string extension = "5;" + std::string(ResponseReader::max_chunk_line_bytes, 'a');
  EXPECT_EQ(read_pieces({head, extension}).error.code, errc::malformed_response);
  std::string trailers = "0\r\n";
  while (trailers.size() <= ResponseReader::max_chunk_line_bytes) trailers += "A: b\r\n";
  EXPECT_EQ(read_pieces({head, trailers}).error.code, errc::malformed_response);
}

TEST(ResponseReader, RefusesContradictoryLengths) {
  for (const std::string fields :
       {"Content-Length: 5\r\nContent-Length: 6", "Content-Length: -1",
        "Content-Length: 99999999999999999999", "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5"}) {
    EXPECT_EQ(read_pieces({"HTTP/1.1 200 OK\r\n" + fields + "\r\n\r\n"}).error.code, errc::malformed_response)
        << fields;
  }
}

TEST(ResponseReader, TellsWhereTheConnectionEnded) {
  const std::string response =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk("hello") + "0\r\n\r\n";
  const std::size_t head = response.find("\r\n\r\n") + 4;
  for (std::size_t cut = 0; cut < response.size(); ++cut) {
    const auto out = read_pieces({response.substr(0, cut)}, true);
    EXPECT_EQ(out.last, Step::failed) << cut;
    EXPECT_EQ(out.error.code, errc::connection_lost);
    EXPECT_THAT(out.error.message, HasSubstr(cut == 0     ? "before it answered"
                                             : cut < head ? "within the head"
                                                          : "within the body"));
  }
}

TEST(ResponseReader, PausesBehindAnyByteOfABody) {
  const std::string chunked =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk("hello") + chunk("world") + "0\r\n\r\n";
  const std::string plain = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhelloworld";
  for (const auto& response : {chunked, plain}) {
    for (std::size_t step = 1; step < 7; ++step) {
      Feeder feeder;
      feeder.sink.take_at_most = step;
      EXPECT_FALSE(feeder.feed(response));
      EXPECT_EQ(feeder.out.last, Step::complete);
      EXPECT_EQ(feeder.sink.body, "helloworld");
    }
  }
}

TEST(ResponseReader, HandsBodyBytesOnWhereTheyLie) {
  struct InPlace : Collector {
    const char* at = nullptr;
    std::size_t on_body(std::string_view bytes, bool&) override {
      at = bytes.data();
      return bytes.size();
    }
  } sink;
  ResponseReader reader(header_limit, sink);
  const std::string response = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello";
  std::string_view input = response;
  EXPECT_EQ(reader.put(input), Step::head);
  EXPECT_EQ(reader.put(input), Step::need_more);
  EXPECT_EQ(sink.at, response.data() + response.size() - 5);
}

}  // namespace
}  // namespace mesosio::net
