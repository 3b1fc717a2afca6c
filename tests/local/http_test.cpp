// Bytes of HTTP answers, header rules and gzip, without a network.
#include "local/gzip.hpp"
#include "local/http_message.hpp"

#include <gtest/gtest.h>

namespace mesosio::local {
namespace {

TEST(HttpMessage, DatesAreThoseOfRfc7231) {
  EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(http_date(1795346187), "Sun, 22 Nov 2026 11:16:27 GMT");
}

TEST(HttpMessage, OnTheWire) {
  EXPECT_EQ(to_wire(text_response(202, {}), 0),
            "HTTP/1.1 202 Accepted\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(to_wire(text_response(404, "404 Not Found."), 0),
            "HTTP/1.1 404 Not Found\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
            "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 14\r\n\r\n404 Not Found.");
  HttpResponse stream;
  stream.is_stream = true;
  stream.headers.emplace_back("Mesos-Stream-Id", "x");
  EXPECT_EQ(to_wire(stream, 0),
            "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nTransfer-Encoding: chunked\r\n"
            "Mesos-Stream-Id: x\r\n\r\n");
}

TEST(Accepts, Table) {
  const struct {
    const char* accept;
    bool protobuf;
    bool json;
  } table[] = {
      {"application/x-protobuf", true, false},
      {"Application/X-Protobuf", true, false},
      {"application/json", false, true},
      {"*/*", true, true},
      {"application/*", true, true},
      {"text/html", false, false},
      {"text/*", false, false},
      {"", false, false},
      {",,;", false, false},
      {"text/html, application/x-protobuf;q=0.1", true, false},
      {"application/json;q=0, application/x-protobuf", true, false},
      {"application/json;q=0.000,application/x-protobuf", true, false},
      {"application/json; q=0.001 , application/x-protobuf", true, true},
  };
  for (const auto& row : table) {
    EXPECT_EQ(accepts(row.accept, "application/x-protobuf"), row.protobuf) << row.accept;
    EXPECT_EQ(accepts(row.accept, "application/json"), row.json) << row.accept;
  }
  EXPECT_TRUE(accepts({}, "application/json"));
}

TEST(Gzip, ThereAndBack) {
  std::string noise;
  for (unsigned i = 0; i < 100'000; ++i) {
    noise += static_cast<char>((i * 2654435761U) >> 13U);
  }
  for (const std::string& text : {std::string(), std::string("a"), std::string(5000, 'x'), noise}) {
    const std::string packed = gzip(text);
    EXPECT_EQ(gunzip(packed, text.size()), text);
    if (!text.empty()) {
      EXPECT_EQ(gunzip(packed, text.size() - 1), std::nullopt);
    }
  }
  EXPECT_LT(gzip(std::string(5000, 'x')).size(), 100U);
}

TEST(Gzip, DamageIsNoticedAtEveryByte) {
  const std::string text = "a text that is packed, and a text that is packed again";
  const std::string packed = gzip(text);
  for (std::size_t length = 0; length < packed.size(); ++length) {
    EXPECT_EQ(gunzip(packed.substr(0, length), 1000), std::nullopt) << length;
  }
  EXPECT_EQ(gunzip(packed + "x", 1000), std::nullopt);
  for (std::size_t at = 10; at < packed.size(); ++at) {
    std::string damaged = packed;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    EXPECT_NE(gunzip(damaged, 1000), text) << at;
  }
}

TEST(Gzip, HeadersWithOptionalParts) {
  const std::string packed = gzip("x");
  const std::string flags = std::string("\x1f\x8b\x08\x1e\0\0\0\0\0\xff", 10);
  EXPECT_EQ(gunzip(flags + std::string("\x02\0ab", 4) + std::string("name\0", 5) +
                       std::string("comment\0", 8) + "cc" + packed.substr(10),
                   10),
            "x");
  EXPECT_EQ(gunzip(flags + std::string("\xff\xff", 2), 10), std::nullopt);
  EXPECT_EQ(gunzip(std::string("\x1f\x8b\x08\x08\0\0\0\0\0\xff", 10) + "endless", 10), std::nullopt);
}

}  // namespace
}  // namespace mesosio::local
