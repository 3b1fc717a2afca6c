#include "net/request_head.hpp"

#include <gtest/gtest.h>

namespace mesosio::net {
namespace {

codec::Endpoint endpoint() {
  codec::Endpoint at;
  at.host = "::1";
  at.port = 5050;
  at.path = "/master/api/v1/scheduler";
  return at;
}

TEST(RequestHead, HoldsWhatMesosAsksFor) {
  Error error;
  std::string head = request_head_prefix(endpoint(), "id-1", "Basic eDp5", error);
  append_request_length(head, 1234);
  EXPECT_FALSE(error) << error.to_string();
  EXPECT_EQ(head,
            "POST /master/api/v1/scheduler HTTP/1.1\r\nHost: [::1]:5050\r\nUser-Agent: mesosio/0.1.0\r\n"
            "Accept: application/x-protobuf\r\nContent-Type: application/x-protobuf\r\n"
            "Authorization: Basic eDp5\r\nMesos-Stream-Id: id-1\r\nContent-Length: 1234\r\n\r\n");
}

TEST(RequestHead, LeavesOutEmptyHeaders) {
  Error error;
  const std::string head = request_head_prefix(endpoint(), {}, {}, error);
  EXPECT_EQ(head.find("Authorization"), std::string::npos);
  EXPECT_EQ(head.find("Mesos-Stream-Id"), std::string::npos);
}

TEST(RequestHead, RefusesBytesThatWouldBreakTheHead) {
  const auto code = [](const codec::Endpoint& at, std::string_view id, std::string_view authorization) {
    Error error;
    EXPECT_EQ(request_head_prefix(at, id, authorization, error), "");
    return error.code;
  };
  EXPECT_EQ(code(endpoint(), "a\r\nX: y", {}), errc::invalid_argument);
  EXPECT_EQ(code(endpoint(), {}, "Basic x\n"), errc::invalid_argument);
  auto spaced = endpoint();
  spaced.path = "/a b";
  EXPECT_EQ(code(spaced, {}, {}), errc::invalid_argument);
  auto broken = endpoint();
  broken.host = "a\r\nb";
  EXPECT_EQ(code(broken, {}, {}), errc::invalid_argument);
}

}  // namespace
}  // namespace mesosio::net
