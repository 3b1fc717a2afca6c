// The HTTP server of a local cluster: connections, their limits, and answers that go on as event streams.
#pragma once

#include "local/http_message.hpp"

#include <mesosio/error.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace mesosio::local {

// What one server takes from its clients, however they behave.
struct HttpLimits {
  std::size_t header_bytes = 64U << 10U;           // more: 431
  std::size_t body_bytes = 32U << 20U;             // of one request, also after unpacking; more: 413
  std::size_t all_bodies_bytes = 256U << 20U;      // of all requests being read; more: 503
  std::size_t stream_buffer_bytes = 64U << 20U;    // that a client has not read of its stream; more: cut off
  std::size_t answer_buffer_bytes = 256U << 10U;   // of unread answers, beyond which no request is read
  std::size_t connections = 1024;                  // at one more the connection that idles longest is closed
  std::chrono::milliseconds request_time{30'000};  // from a request's first byte to its last
};

class HttpSession;

// All members are called on the io_context's one thread, which must outlive it; handlers run there too.
class HttpServer {
 public:
  using Respond = std::function<void(HttpResponse)>;
  struct Handler {
    // Calls `respond` once, now or later. The next request of the connection is read afterwards.
    std::function<void(HttpRequest, Respond)> request;
    // The client's side of a stream has ended, or it was cut off; not for one ended by `end`.
    std::function<void(StreamNumber)> stream_closed;
  };

  HttpServer(boost::asio::io_context& io, HttpLimits limits, Handler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] Error listen(const std::string& address, std::uint16_t port);
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::size_t connections() const noexcept { return sessions_.size(); }

  // One chunk of the stream; nothing where it has ended.
  void send(StreamNumber stream, std::string_view bytes);
  // The last chunk. The connection stays open for further requests.
  void end(StreamNumber stream);
  // Closes the listening socket and all connections.
  void close();

 private:
  friend class HttpSession;

  void accept();
  void make_room();
  void retry_accept();

  boost::asio::io_context& io_;
  HttpLimits limits_;
  Handler handler_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer accept_again_;
  std::map<std::uint64_t, std::shared_ptr<HttpSession>> sessions_;  // by a number of their own
  std::map<StreamNumber, std::weak_ptr<HttpSession>> streams_;
  std::uint64_t next_session_ = 1;
  StreamNumber next_request_ = 1;
  std::size_t body_bytes_ = 0;  // of all requests being read
};

}  // namespace mesosio::local
