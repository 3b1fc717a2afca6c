#include "net/connect.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace mesosio::net {
namespace {

using boost::asio::ip::tcp;
using std::chrono::milliseconds;
using ::testing::HasSubstr;

struct Attempt {
  boost::asio::io_context context;
  std::optional<Error> error;
  std::unique_ptr<Stream> stream;
  std::unique_ptr<ConnectOperation> operation;

  void start(const std::string& host, std::uint16_t port, milliseconds timeout = milliseconds(10'000)) {
    codec::Endpoint endpoint;
    endpoint.host = host;
    endpoint.port = port;
    operation = async_connect(boost::asio::make_strand(context), endpoint, timeout,
                              [this](Error result, std::unique_ptr<Stream> made) {
                                EXPECT_FALSE(error.has_value());
                                error = std::move(result);
                                stream = std::move(made);
                                operation.reset();
                              });
    EXPECT_FALSE(error.has_value()) << "the handler ran inside async_connect";
  }
  void run() { context.run_for(std::chrono::seconds(20)); }
};

tcp::acceptor listener(boost::asio::io_context& context, const char* address = "127.0.0.1") {
  return {context, tcp::endpoint(boost::asio::ip::make_address(address), 0)};
}

// A port on which nobody listens: bound, but not listening, so that nobody else takes it either.
struct ClosedPort {
  boost::asio::io_context context;
  tcp::socket socket{context, tcp::endpoint(boost::asio::ip::make_address("127.0.0.1"), 0)};
  std::uint16_t port() const { return socket.local_endpoint().port(); }
};

// The stream hides its socket, so it is looked for among this process's own: the one whose peer has `port`.
int socket_connected_to(std::uint16_t port) {
  for (int at = 0; at < 1024; ++at) {
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    if (::getpeername(at, static_cast<sockaddr*>(static_cast<void*>(&peer)), &size) == 0 &&
        peer.sin_family == AF_INET && ntohs(peer.sin_port) == port) {
      return at;
    }
  }
  return -1;
}

int option(int socket, int level, int name) {
  int value = 0;
  socklen_t size = sizeof value;
  EXPECT_EQ(::getsockopt(socket, level, name, &value, &size), 0);
  return value;
}

TEST(Connect, ConnectsToAnAddressWithTheOptionsThatCallsNeed) {
  Attempt attempt;
  auto acceptor = listener(attempt.context);
  attempt.start("127.0.0.1", acceptor.local_endpoint().port());
  attempt.run();
  ASSERT_TRUE(attempt.error.has_value());
  EXPECT_FALSE(*attempt.error) << attempt.error->to_string();
  ASSERT_NE(attempt.stream, nullptr);
  EXPECT_TRUE(attempt.context.stopped()) << "timer and resolver are done";
  const int socket = socket_connected_to(acceptor.local_endpoint().port());
  ASSERT_GE(socket, 0);
  EXPECT_NE(option(socket, IPPROTO_TCP, TCP_NODELAY), 0);
  EXPECT_NE(option(socket, SOL_SOCKET, SO_KEEPALIVE), 0);
}

TEST(Connect, ConnectsToAName) {
  Attempt attempt;
  auto acceptor = listener(attempt.context);
  attempt.start("localhost", acceptor.local_endpoint().port());
  attempt.run();
  ASSERT_TRUE(attempt.error.has_value());
  EXPECT_FALSE(*attempt.error) << attempt.error->to_string();
}

TEST(Connect, TellsAClosedPort) {
  ClosedPort closed;
  Attempt attempt;
  attempt.start("127.0.0.1", closed.port());
  attempt.run();
  ASSERT_TRUE(attempt.error.has_value());
  EXPECT_EQ(attempt.error->code, errc::connect_failed);
  EXPECT_THAT(attempt.error->message, HasSubstr("127.0.0.1:" + std::to_string(closed.port())));
  EXPECT_THAT(attempt.error->message, HasSubstr("refused"));
  EXPECT_EQ(attempt.stream, nullptr);
}

TEST(Connect, TellsANameThatDoesNotResolve) {
  Attempt attempt;
  attempt.start("no-such-host.invalid", 5050);
  attempt.run();
  ASSERT_TRUE(attempt.error.has_value());
  EXPECT_EQ(attempt.error->code, errc::resolve_failed);
  EXPECT_THAT(attempt.error->message, HasSubstr("no-such-host.invalid:5050"));
}

// A listener whose queue of connections is full answers no further ones.
struct FullListener {
  boost::asio::io_context context;
  tcp::acceptor acceptor{context};
  std::vector<std::unique_ptr<tcp::socket>> fillers;
  std::uint16_t port() const { return acceptor.local_endpoint().port(); }

  FullListener() {
    const tcp::endpoint any(boost::asio::ip::make_address("127.0.0.1"), 0);
    acceptor.open(any.protocol());
    acceptor.bind(any);
    acceptor.listen(0);
    for (int at = 0; at < 8; ++at) {
      fillers.push_back(std::make_unique<tcp::socket>(context));
      fillers.back()->async_connect(acceptor.local_endpoint(), [](const boost::system::error_code&) {});
    }
    context.run_for(milliseconds(50));
  }
};

TEST(Connect, EndsAtItsDeadline) {
  FullListener full;
  Attempt attempt;
  attempt.start("127.0.0.1", full.port(), milliseconds(50));
  attempt.run();
  ASSERT_TRUE(attempt.error.has_value());
  EXPECT_EQ(attempt.error->code, errc::timeout);
  EXPECT_THAT(attempt.error->message, HasSubstr("50 ms"));
  EXPECT_TRUE(attempt.context.stopped());
}

TEST(Connect, CancelledOrDestroyedItIsSilent) {
  for (const bool destroy : {false, true}) {
    for (const std::string host : {"127.0.0.1", "localhost"}) {
      Attempt attempt;
      auto acceptor = listener(attempt.context);
      attempt.start(host, acceptor.local_endpoint().port());
      if (destroy) {
        attempt.operation.reset();
      } else {
        attempt.operation->cancel();
        attempt.operation->cancel();
      }
      attempt.run();
      EXPECT_FALSE(attempt.error.has_value());
      EXPECT_TRUE(attempt.context.stopped());
    }
  }
}

TEST(Connect, ItsStreamReadsWritesAndCloses) {
  Attempt attempt;
  auto acceptor = listener(attempt.context);
  attempt.start("127.0.0.1", acceptor.local_endpoint().port());
  attempt.run();
  ASSERT_NE(attempt.stream, nullptr);
  tcp::socket peer = acceptor.accept();

  const std::string one = "gathered ";
  const std::string two = "write";
  const std::array<boost::asio::const_buffer, 2> buffers{boost::asio::buffer(one), boost::asio::buffer(two)};
  std::size_t written = 0;
  attempt.stream->async_write(buffers, [&](error_code error, std::size_t bytes) {
    EXPECT_FALSE(error);
    written = bytes;
  });
  EXPECT_EQ(written, 0U) << "the handler ran inside async_write";
  attempt.context.restart();
  attempt.run();
  EXPECT_EQ(written, 14U);
  std::array<char, 14> got{};
  boost::asio::read(peer, boost::asio::buffer(got));
  EXPECT_EQ(std::string(got.data(), got.size()), "gathered write");

  boost::asio::write(peer, boost::asio::buffer("hello", 5));
  std::array<char, 64> room{};
  std::string read;
  attempt.stream->async_read_some(boost::asio::buffer(room), [&](error_code error, std::size_t bytes) {
    EXPECT_FALSE(error);
    read.assign(room.data(), bytes);
  });
  attempt.context.restart();
  attempt.run();
  EXPECT_EQ(read, "hello");
  EXPECT_EQ(attempt.stream->available(), 0U);

  error_code aborted;
  attempt.stream->async_read_some(boost::asio::buffer(room),
                                  [&](error_code error, std::size_t) { aborted = error; });
  attempt.stream->close();
  attempt.stream->close();
  EXPECT_FALSE(aborted);
  attempt.stream.reset();
  attempt.context.restart();
  attempt.run();
  EXPECT_EQ(aborted, boost::asio::error::operation_aborted);
}

}  // namespace
}  // namespace mesosio::net
