// Accepts connections, bounds their number, and finds the connection of a stream.
#include "local/http_server.hpp"

#include "local/http_session.hpp"

#include <fcntl.h>

#include <algorithm>

namespace mesosio::local {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// Programs that the embedding process starts must not keep our connections open.
template <class Socket>
void close_on_exec(Socket& socket) {
  ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
}

}  // namespace

HttpServer::HttpServer(asio::io_context& io, HttpLimits limits, Handler handler)
    : io_(io), limits_(limits), handler_(std::move(handler)), acceptor_(io), accept_again_(io) {}

HttpServer::~HttpServer() {
  close();
}

Error HttpServer::listen(const std::string& address, std::uint16_t port) {
  error_code failed;
  const auto ip = asio::ip::make_address_v4(address, failed);
  if (failed) {
    return {errc::invalid_argument, "address: " + printable(address, 64) + " is not an IPv4 address", {}};
  }
  const tcp::endpoint endpoint(ip, port);
  acceptor_.open(endpoint.protocol(), failed);
  close_on_exec(acceptor_);
  if (!failed) {
    acceptor_.set_option(tcp::acceptor::reuse_address(true), failed);
  }
  if (!failed) {
    acceptor_.bind(endpoint, failed);
  }
  if (!failed) {
    acceptor_.listen(tcp::acceptor::max_listen_connections, failed);
  }
  if (failed) {
    const std::string what =
        "cannot listen on " + address + ':' + std::to_string(port) + ": " + failed.message();
    error_code ignored;
    acceptor_.close(ignored);
    return {failed == asio::error::access_denied ? errc::invalid_argument : errc::connect_failed, what, {}};
  }
  accept();
  return {};
}

std::uint16_t HttpServer::port() const {
  error_code failed;
  const auto endpoint = acceptor_.local_endpoint(failed);
  return failed ? std::uint16_t{0} : endpoint.port();
}

void HttpServer::accept() {
  acceptor_.async_accept([this](error_code failed, tcp::socket socket) {
    if (failed == asio::error::operation_aborted || !acceptor_.is_open()) {
      return;
    }
    if (failed) {
      retry_accept();  // out of descriptors: some may be free again soon
      return;
    }
    make_room();
    if (sessions_.size() < limits_.connections) {
      close_on_exec(socket);
      const std::uint64_t number = next_session_++;
      auto session = std::make_shared<HttpSession>(*this, std::move(socket), number);
      sessions_.emplace(number, session);
      session->start();
    }
    accept();
  });
}

void HttpServer::retry_accept() {
  accept_again_.expires_after(std::chrono::milliseconds(100));
  accept_again_.async_wait([this](error_code failed) {
    if (!failed && acceptor_.is_open()) {
      accept();
    }
  });
}

void HttpServer::make_room() {
  if (sessions_.size() < limits_.connections) {
    return;
  }
  std::shared_ptr<HttpSession> oldest;
  for (const auto& [number, session] : sessions_) {
    if (session->is_idle() && (!oldest || session->idle_since() < oldest->idle_since())) {
      oldest = session;
    }
  }
  if (oldest) {
    oldest->close();
  }
}

void HttpServer::send(StreamNumber stream, std::string_view bytes) {
  if (const auto at = streams_.find(stream); at != streams_.end()) {
    if (const auto session = at->second.lock()) {
      session->send_chunk(bytes);
    }
  }
}

void HttpServer::end(StreamNumber stream) {
  const auto at = streams_.find(stream);
  if (at == streams_.end()) {
    return;
  }
  const auto session = at->second.lock();
  streams_.erase(at);
  if (session) {
    session->end_stream();
  }
}

void HttpServer::close() {
  error_code ignored;
  acceptor_.close(ignored);
  accept_again_.cancel();
  handler_.stream_closed = nullptr;
  const auto sessions = std::move(sessions_);
  sessions_.clear();
  for (const auto& [number, session] : sessions) {
    session->close();
  }
}

}  // namespace mesosio::local
