// Makes a net::Stream of any Asio stream socket; the one place where a socket's type is still known.
#pragma once

#include "net/stream.hpp"

#include <boost/asio/socket_base.hpp>
#include <boost/asio/write.hpp>

#include <memory>
#include <utility>

namespace mesosio::net {

template <class Socket>
class SocketStream final : public Stream {
 public:
  explicit SocketStream(Socket socket) : socket_(std::make_shared<Socket>(std::move(socket))) {}
  SocketStream(const SocketStream&) = delete;
  SocketStream& operator=(const SocketStream&) = delete;
  ~SocketStream() override { SocketStream::close(); }

  // The handlers own the socket, since a composed operation goes on using it after this object is gone.
  void async_read_some(boost::asio::mutable_buffer buffer, IoHandler handler) override {
    socket_->async_read_some(buffer,
                             [socket = socket_, handler = std::move(handler)](
                                 error_code error, std::size_t bytes) mutable { handler(error, bytes); });
  }

  void async_write(std::span<const boost::asio::const_buffer> buffers, IoHandler handler) override {
    boost::asio::async_write(*socket_, buffers,
                             [socket = socket_, handler = std::move(handler)](
                                 error_code error, std::size_t bytes) mutable { handler(error, bytes); });
  }

  std::size_t available() noexcept override {
    error_code error;
    const std::size_t bytes = socket_->lowest_layer().available(error);
    return error ? 0 : bytes;
  }

  void close() noexcept override {
    error_code ignored;
    auto& socket = socket_->lowest_layer();
    if (!socket.is_open()) return;
    socket.shutdown(boost::asio::socket_base::shutdown_both, ignored);
    socket.close(ignored);
  }

 private:
  std::shared_ptr<Socket> socket_;
};

}  // namespace mesosio::net
