// Event stream and call connection against a real TCP server, on a strand of a pool of threads.
#include "net/call_connection.hpp"
#include "net/event_stream.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>

#include <functional>
#include <future>
#include <string>
#include <thread>
#include <vector>

namespace mesosio::net {
namespace {

using boost::asio::ip::tcp;
constexpr auto limit = std::chrono::seconds(30);

// Runs an io_context on some threads while it lives.
class Pool {
 public:
  explicit Pool(int threads) {
    for (int at = 0; at < threads; ++at) threads_.emplace_back([this] { context.run(); });
  }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() {
    work_.reset();
    for (auto& thread : threads_) thread.join();
  }
  boost::asio::io_context context;

 private:
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{context.get_executor()};
  std::vector<std::thread> threads_;
};

// One blocking connection after the other, served by a function on a thread of its own.
class Server {
 public:
  explicit Server(std::function<void(tcp::socket&)> serve)
      : thread_([this, serve = std::move(serve)] {
          boost::system::error_code error;
          tcp::socket socket(context_);
          acceptor_.accept(socket, error);
          if (!error) serve(socket);
        }) {}
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() { thread_.join(); }
  codec::Endpoint endpoint() const {
    codec::Endpoint at;
    at.host = "127.0.0.1";
    at.port = port_;
    return at;
  }

 private:
  boost::asio::io_context context_;
  tcp::acceptor acceptor_{context_, tcp::endpoint(boost::asio::ip::make_address("127.0.0.1"), 0)};
  const std::uint16_t port_ = acceptor_.local_endpoint().port();
  std::thread thread_;
};

// Reads one request; its body (which ends with `last`) included.
std::string read_request(tcp::socket& socket, std::string& buffer, const std::string& last) {
  boost::system::error_code error;
  const std::size_t size = boost::asio::read_until(socket, boost::asio::dynamic_buffer(buffer), last, error);
  std::string request = buffer.substr(0, size);
  buffer.erase(0, size);
  return error ? "" : request;
}

struct Listener : EventStreamHandler {
  std::shared_ptr<EventStream> stream;
  std::size_t records = 0;
  std::size_t bytes = 0;
  ResponseHead head;
  std::promise<Error> ended;
  void on_connected() override { stream->subscribe("SUBSCRIBE#", {}); }
  void on_head(ResponseHead got) override { head = std::move(got); }
  bool on_record(std::string_view record) override {
    bytes += record.size();
    return ++records % 100 != 0;
  }
  void on_batch_end() override { stream->resume(); }
  void on_end(Error error) override { ended.set_value(std::move(error)); }
};

TEST(Loopback, AFloodOfRecordsComesThroughPausesAndReads) {
  std::string flood;
  std::size_t total = 0;
  for (int at = 0; at < 20000; ++at) {
    const std::string payload(static_cast<std::size_t>(at % 1500), 'x');
    total += payload.size();
    flood += std::to_string(payload.size()) + '\n' + payload;
  }
  Server server([&](tcp::socket& socket) {
    std::string buffer;
    read_request(socket, buffer, "SUBSCRIBE#");
    std::string out = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nMesos-Stream-Id: abc\r\n\r\n";
    for (std::size_t at = 0; at < flood.size(); at += 3000) {
      const std::string piece = flood.substr(at, 3000);
      char size[20];
      std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
      out += size + piece + "\r\n";
    }
    out += "0\r\n\r\n";
    boost::system::error_code ignored;
    boost::asio::write(socket, boost::asio::buffer(out), ignored);
  });
  Pool pool(2);
  const auto strand = boost::asio::make_strand(pool.context);
  Listener listener;
  auto ended = listener.ended.get_future();
  boost::asio::post(strand, [&] {
    listener.stream = EventStream::create(strand, {}, listener);
    listener.stream->connect(server.endpoint());
  });
  ASSERT_EQ(ended.wait_for(limit), std::future_status::ready);
  EXPECT_EQ(ended.get().code, errc::stream_ended);
  EXPECT_EQ(listener.records, 20000U);
  EXPECT_EQ(listener.bytes, total);
  EXPECT_EQ(listener.head.stream_id, "abc");
}

TEST(Loopback, ClosedWithoutAnAnswerIsAConnectionLost) {
  Server server([](tcp::socket& socket) { socket.close(); });
  Pool pool(1);
  const auto strand = boost::asio::make_strand(pool.context);
  Listener listener;
  auto ended = listener.ended.get_future();
  boost::asio::post(strand, [&] {
    listener.stream = EventStream::create(strand, {}, listener);
    listener.stream->connect(server.endpoint());
  });
  ASSERT_EQ(ended.wait_for(limit), std::future_status::ready);
  EXPECT_EQ(ended.get().code, errc::connection_lost);
}

TEST(Loopback, ManyCallsAreAnsweredInOrder) {
  constexpr std::uint64_t calls = 5000;
  Server server([](tcp::socket& socket) {
    std::string buffer;
    for (std::uint64_t at = 0; at < calls; ++at) {
      if (read_request(socket, buffer, "#").empty()) return;
      const std::string body = std::to_string(at);
      const std::string answer =
          "HTTP/1.1 400 Bad Request\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
      boost::asio::write(socket, boost::asio::buffer(answer));
    }
    read_request(socket, buffer, "#");
  });
  Pool pool(2);
  const auto strand = boost::asio::make_strand(pool.context);
  CallConnectionConfig config;
  config.endpoint = server.endpoint();
  config.suffix = "#";
  std::promise<void> done;
  std::uint64_t answered = 0;
  std::shared_ptr<CallConnection> connection;
  boost::asio::post(strand, [&] {
    connection = CallConnection::create(strand, config, [&](std::uint64_t id, CallReply reply) {
      EXPECT_EQ(id, answered);
      EXPECT_EQ(reply.body, std::to_string(id)) << reply.error.to_string();
      if (++answered == calls) {
        connection->drain({});
        done.set_value();
      }
    });
    for (std::uint64_t id = 0; id < calls; ++id) connection->send(id, std::string(id % 6000, 'x'));
  });
  ASSERT_EQ(done.get_future().wait_for(limit), std::future_status::ready);
}

}  // namespace
}  // namespace mesosio::net
