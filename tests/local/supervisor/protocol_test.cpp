// The framing between supervisor and helper: everything comes back, and nothing that is cut or made up gets
// through.
#include "local/reaper/protocol.hpp"

#include <gtest/gtest.h>

namespace mesosio::local::reaper {
namespace {

Launch sample() {
  return {7, "/bin/sh", {"sh", "-c", std::string("a\0b", 3)}, {"A=1", "", "B=x\ny"}, "/tmp", "", "/tmp/err"};
}

std::string framed(std::uint32_t length, const std::string& rest) {
  std::string out(sizeof(length), '\0');
  std::memcpy(out.data(), &length, sizeof(length));
  return out + rest;
}

TEST(SupervisorProtocol, EveryMessageComesBackFromEverySplit) {
  std::string bytes = encode(sample());
  for (const Message& m : {Message(Signal{8, 15}), Message(Ready{}), Message(Started{9, 1234}),
                           Message(Failed{10, 5, 2}), Message(Exited{11, 0x700})}) {
    bytes += encode(m);
  }
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    Frames frames(max_request);
    std::vector<Message> got;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      frames.append(std::string_view(bytes).substr(at, step));
      while (auto message = frames.next()) got.push_back(std::move(*message));
    }
    ASSERT_EQ(got.size(), 6U) << step;
    const auto& launch = std::get<Launch>(got[0]);
    EXPECT_EQ(launch.token, 7U);
    EXPECT_EQ(launch.program, "/bin/sh");
    EXPECT_EQ(launch.arguments, sample().arguments);
    EXPECT_EQ(launch.environment, sample().environment);
    EXPECT_EQ(launch.directory, "/tmp");
    EXPECT_EQ(launch.output_file, "");
    EXPECT_EQ(launch.error_file, "/tmp/err");
    EXPECT_EQ(std::get<Signal>(got[1]).number, 15);
    EXPECT_EQ(std::get<Ready>(got[2]).version, protocol_version);
    EXPECT_EQ(std::get<Started>(got[3]).pid, 1234);
    EXPECT_EQ(std::get<Failed>(got[4]).error, 2);
    EXPECT_EQ(std::get<Failed>(got[4]).stage, 5);
    EXPECT_EQ(std::get<Exited>(got[5]).status, 0x700);
    EXPECT_FALSE(frames.broken());
  }
}

TEST(SupervisorProtocol, AMessageThatIsCutInsideItsFrameIsRefused) {
  const std::string whole = encode(sample()).substr(sizeof(std::uint32_t));
  for (std::size_t size = 1; size < whole.size(); ++size) {
    Frames frames(max_request);
    frames.append(framed(static_cast<std::uint32_t>(size), whole.substr(0, size)));
    EXPECT_FALSE(frames.next()) << size;
    EXPECT_TRUE(frames.broken()) << size;
  }
}

TEST(SupervisorProtocol, BytesBehindTheFieldsAreRefused) {
  std::string frame = encode(Signal{1, 9}).substr(sizeof(std::uint32_t)) + "x";
  Frames frames(max_request);
  frames.append(framed(static_cast<std::uint32_t>(frame.size()), frame));
  EXPECT_FALSE(frames.next());
  EXPECT_TRUE(frames.broken());
}

TEST(SupervisorProtocol, LengthsOutsideTheLimitsAndUnknownKindsAreRefused) {
  for (const std::string& bytes : {framed(0, ""), framed(max_report + 1, ""), framed(0xFFFFFFFF, "x"),
                                   framed(1, "\x06"), framed(1, "\xFF")}) {
    Frames frames(max_report);
    frames.append(bytes);
    EXPECT_FALSE(frames.next());
    EXPECT_TRUE(frames.broken());
    frames.append(encode(Ready{}));
    EXPECT_FALSE(frames.next()) << "broken is for good";
  }
}

TEST(SupervisorProtocol, CountsThatCannotFollowAreRefusedBeforeMemoryIsTaken) {
  std::string payload(1, '\0');
  Writer writer(payload);
  writer(std::uint64_t{1});
  writer(std::string("sh"));
  writer(std::uint64_t{0xFFFFFFFFFFFFFFFF});  // that many arguments
  Frames frames(max_request);
  frames.append(framed(static_cast<std::uint32_t>(payload.size()), payload));
  EXPECT_FALSE(frames.next());
  EXPECT_TRUE(frames.broken());
}

}  // namespace
}  // namespace mesosio::local::reaper
