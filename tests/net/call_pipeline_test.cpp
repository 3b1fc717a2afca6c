#include "net/call_pipeline.hpp"

#include <gmock/gmock.h>

#include <string>

namespace mesosio::net {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Time = CallPipeline::TimePoint;
using std::chrono::seconds;

const Time start{seconds(1000)};

std::string bytes(std::span<const boost::asio::const_buffer> buffers) {
  std::string all;
  for (const auto& buffer : buffers) all.append(static_cast<const char*>(buffer.data()), buffer.size());
  return all;
}

TEST(CallPipeline, LaysCallsOutInOrderInOneBuffer) {
  CallPipeline pipeline("P: ", "+", 10);
  pipeline.push(1, "one", start);
  pipeline.push(2, "", start);
  const auto buffers = pipeline.start_write(start);
  EXPECT_EQ(buffers.size(), 1U);
  EXPECT_EQ(bytes(buffers), "P: 4\r\n\r\none+P: 1\r\n\r\n+");
  EXPECT_EQ(pipeline.waiting(), 0U);
  EXPECT_EQ(pipeline.in_flight(), 2U);
}

TEST(CallPipeline, DoesNotCopyLargeBodies) {
  CallPipeline pipeline("P: ", "+", 10);
  const std::string large(10000, 'x');
  pipeline.push(1, "a", start);
  pipeline.push(2, large, start);
  pipeline.push(3, "b", start);
  const auto buffers = pipeline.start_write(start);
  EXPECT_EQ(buffers.size(), 3U);
  EXPECT_EQ(bytes(buffers), "P: 2\r\n\r\na+P: 10001\r\n\r\n" + large + "+P: 2\r\n\r\nb+");
}

TEST(CallPipeline, LaysLargeBodiesOutWithoutASuffix) {
  CallPipeline pipeline("P: ", "", 10);
  const std::string large(10000, 'x');
  pipeline.push(1, large, start);
  pipeline.push(2, large, start);
  EXPECT_EQ(bytes(pipeline.start_write(start)), "P: 10000\r\n\r\n" + large + "P: 10000\r\n\r\n" + large);
}

TEST(CallPipeline, KeepsWindowAndSizeOfAWrite) {
  CallPipeline pipeline("P: ", "", 100);
  for (std::uint64_t id = 0; id < 200; ++id) pipeline.push(id, "x", start);
  EXPECT_FALSE(pipeline.start_write(start).empty());
  EXPECT_EQ(pipeline.in_flight(), CallPipeline::max_calls_per_write);
  pipeline.write_finished();
  EXPECT_FALSE(pipeline.start_write(start).empty());
  EXPECT_EQ(pipeline.in_flight(), 100U);
  pipeline.write_finished();
  EXPECT_TRUE(pipeline.start_write(start).empty());
  EXPECT_EQ(pipeline.take_answered().id, 0U);
  EXPECT_FALSE(pipeline.start_write(start).empty());
  EXPECT_EQ(pipeline.in_flight(), 100U);

  CallPipeline large("P: ", "", 100);
  for (std::uint64_t id = 0; id < 10; ++id) large.push(id, std::string(100000, 'x'), start);
  EXPECT_LT(bytes(large.start_write(start)).size(), CallPipeline::max_bytes_per_write + 101000);
  EXPECT_EQ(large.in_flight(), 3U);
}

TEST(CallPipeline, AWindowOfZeroCountsAsOne) {
  CallPipeline pipeline("P: ", "", 0);
  pipeline.push(1, "x", start);
  EXPECT_FALSE(pipeline.start_write(start).empty());
}

TEST(CallPipeline, CancelsByState) {
  CallPipeline pipeline("P: ", "", 1);
  pipeline.push(1, "a", start);
  pipeline.push(2, "b", start);
  (void)pipeline.start_write(start);
  EXPECT_EQ(pipeline.cancel(2), CallPipeline::Cancelled::waiting);
  EXPECT_EQ(pipeline.waiting(), 0U);
  EXPECT_EQ(pipeline.cancel(1), CallPipeline::Cancelled::in_flight);
  EXPECT_EQ(pipeline.cancel(1), CallPipeline::Cancelled::unknown_id);
  EXPECT_EQ(pipeline.cancel(3), CallPipeline::Cancelled::unknown_id);
  EXPECT_TRUE(pipeline.take_answered().cancelled);
}

// Three calls of ten bytes each; the loss comes after each possible number of bytes.
TEST(CallPipeline, KnowsAfterALossWhichCallsWereNeverSent) {
  for (std::size_t written = 0; written <= 30; ++written) {
    CallPipeline pipeline("P: ", "", 10);
    for (std::uint64_t id = 1; id <= 3; ++id) pipeline.push(id, "xy", start + seconds(id));
    ASSERT_EQ(bytes(pipeline.start_write(start)).size(), 30U);
    pipeline.push(4, "zz", start + seconds(4));
    const std::size_t touched = (written + 9) / 10;
    EXPECT_EQ(pipeline.connection_ended(written).size(), touched) << written;
    EXPECT_EQ(pipeline.waiting(), 4 - touched);
    EXPECT_EQ(pipeline.in_flight(), 0U);
    std::string expected;
    for (std::size_t id = touched + 1; id <= 3; ++id) expected += "P: 2\r\n\r\nxy";
    EXPECT_EQ(pipeline.oldest_waiting(), start + seconds(touched + 1));
    EXPECT_EQ(bytes(pipeline.start_write(start)), expected + "P: 2\r\n\r\nzz");
  }
}

TEST(CallPipeline, ALossSparesWhatWasAnsweredAndDropsWhatWasCancelled) {
  CallPipeline pipeline("P: ", "", 10);
  pipeline.push(1, "xy", start);
  (void)pipeline.start_write(start);
  pipeline.write_finished();
  for (std::uint64_t id = 2; id <= 5; ++id) pipeline.push(id, "xy", start);
  (void)pipeline.start_write(start);
  EXPECT_EQ(pipeline.take_answered().id, 1U);
  EXPECT_EQ(pipeline.take_answered().id, 2U);
  pipeline.cancel(3);
  pipeline.cancel(5);
  EXPECT_THAT(pipeline.connection_ended(25), ElementsAre(4U));
  EXPECT_EQ(pipeline.waiting(), 0U);
}

TEST(CallPipeline, DropsThoseThatWaitTooLong) {
  CallPipeline pipeline("P: ", "", 1);
  for (std::uint64_t id = 1; id <= 3; ++id) pipeline.push(id, "x", start + seconds(id));
  EXPECT_THAT(pipeline.drop_waiting(start), IsEmpty());
  EXPECT_THAT(pipeline.drop_waiting(start + seconds(3)), ElementsAre(1U, 2U));
  EXPECT_THAT(pipeline.drop_waiting(Time::max()), ElementsAre(3U));
  EXPECT_FALSE(pipeline.oldest_waiting().has_value());
}

}  // namespace
}  // namespace mesosio::net
