// One attempt to connect: resolver, socket and deadline, which end together.
#include "net/connect.hpp"

#include "net/net_error.hpp"
#include "net/socket_stream.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <string>
#include <utility>
#include <vector>

namespace mesosio::net {
namespace {

using boost::asio::ip::tcp;

class TcpAttempt : public std::enable_shared_from_this<TcpAttempt> {
 public:
  TcpAttempt(const boost::asio::any_io_executor& executor, const codec::Endpoint& endpoint,
             std::chrono::milliseconds timeout, ConnectHandler handler)
      : peer_(peer_name(endpoint)),
        host_(endpoint.host),
        port_(endpoint.port),
        timeout_(timeout),
        handler_(std::move(handler)),
        resolver_(executor),
        socket_(executor),
        timer_(executor) {}

  void start() {
    if (timeout_.count() > 0) {
      timer_.expires_after(timeout_);
      timer_.async_wait([self = shared_from_this()](error_code error) {
        if (!error)
          self->finish(errc::timeout, "no connection within " + std::to_string(self->timeout_.count()) +
                                          " ms (" + self->phase() + ")");
      });
    }
    // A literal address needs no resolver, which is a thread and can block for long.
    error_code not_literal;
    std::string literal = host_;
    if (literal.size() > 2 && literal.front() == '[' && literal.back() == ']') {
      literal = literal.substr(1, literal.size() - 2);
    }
    const auto address = boost::asio::ip::make_address(literal, not_literal);
    if (!not_literal) return connect({tcp::endpoint(address, port_)});
    resolver_.async_resolve(
        host_, std::to_string(port_), tcp::resolver::numeric_service,
        [self = shared_from_this()](error_code error, const tcp::resolver::results_type& found) {
          self->on_resolved(error, found);
        });
  }

  void cancel() noexcept {
    handler_ = {};
    release();
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  std::string phase() const {
    return endpoints_.empty() ? "resolving the host name" : "connecting to " + tried();
  }

  std::string tried() const {
    std::string text;
    for (std::size_t at = 0; at < endpoints_.size() && at < 4; ++at) {
      if (at > 0) text += ", ";
      text += endpoints_[at].address().to_string();
    }
    return text;
  }

  void on_resolved(error_code error, const tcp::resolver::results_type& found) {
    if (!handler_) return;
    std::vector<tcp::endpoint> endpoints;
    for (const auto& entry : found) endpoints.push_back(entry.endpoint());
    if (error || endpoints.empty()) {
      return finish(errc::resolve_failed, "the host name could not be resolved: " +
                                              (error ? error.message() : std::string("it has no address")));
    }
    connect(std::move(endpoints));
  }

  void connect(std::vector<tcp::endpoint> endpoints) {
    endpoints_ = std::move(endpoints);
    boost::asio::async_connect(
        socket_, endpoints_,
        [self = shared_from_this()](error_code error, const tcp::endpoint&) { self->on_connected(error); });
  }

  void on_connected(error_code error) {
    if (!handler_) return;
    error_code ignored;
    // On loopback a socket can connect to itself where its own port was drawn as the closed port tried.
    if (!error && socket_.local_endpoint(ignored) == socket_.remote_endpoint(ignored)) {
      error = boost::asio::error::connection_refused;
    }
    if (error)
      return finish(errc::connect_failed, "could not connect to " + tried() + ": " + error.message());
    socket_.set_option(tcp::no_delay(true), ignored);
    socket_.set_option(boost::asio::socket_base::keep_alive(true), ignored);
    release();
    auto stream = std::make_unique<SocketStream<tcp::socket>>(std::move(socket_));
    std::exchange(handler_, {})({}, std::move(stream));
  }

  void finish(errc code, const std::string& text) {
    if (!handler_) return;
    auto handler = std::exchange(handler_, {});
    cancel();
    handler(Error{make_error_code(code), peer_ + ": " + text, {}}, nullptr);
  }

  void release() noexcept {
    try {
      resolver_.cancel();
      timer_.cancel();
    } catch (...) {
      // Neither fails in practice; a handler that still runs finds handler_ empty.
    }
  }

  const std::string peer_;
  const std::string host_;
  const std::uint16_t port_;
  const std::chrono::milliseconds timeout_;
  ConnectHandler handler_;
  tcp::resolver resolver_;
  tcp::socket socket_;
  boost::asio::steady_timer timer_;
  std::vector<tcp::endpoint> endpoints_;
};

class TcpConnectOperation final : public ConnectOperation {
 public:
  explicit TcpConnectOperation(std::shared_ptr<TcpAttempt> attempt) : attempt_(std::move(attempt)) {}
  TcpConnectOperation(const TcpConnectOperation&) = delete;
  TcpConnectOperation& operator=(const TcpConnectOperation&) = delete;
  ~TcpConnectOperation() override { attempt_->cancel(); }
  void cancel() noexcept override {
    const auto keep = attempt_;  // The handler that goes can own this operation.
    keep->cancel();
  }

 private:
  std::shared_ptr<TcpAttempt> attempt_;
};

}  // namespace

std::unique_ptr<ConnectOperation> async_connect(boost::asio::any_io_executor executor,
                                                const codec::Endpoint& endpoint,
                                                std::chrono::milliseconds timeout, ConnectHandler handler) {
  auto attempt = std::make_shared<TcpAttempt>(executor, endpoint, timeout, std::move(handler));
  attempt->start();
  return std::make_unique<TcpConnectOperation>(std::move(attempt));
}

}  // namespace mesosio::net
