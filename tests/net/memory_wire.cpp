// The network in memory.
#include "net/memory_wire.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <utility>

namespace mesosio::net::testing {
namespace {

error_code reset_by_peer() {
  return boost::asio::error::connection_reset;
}

class Attempt final : public ConnectOperation {
 public:
  Attempt(std::shared_ptr<bool> alive, int& cancelled) : alive_(std::move(alive)), cancelled_(cancelled) {}
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;
  ~Attempt() override { *alive_ = false; }
  void cancel() noexcept override {
    if (*alive_) ++cancelled_;
    *alive_ = false;
  }

 private:
  std::shared_ptr<bool> alive_;
  int& cancelled_;
};

}  // namespace

// The near end. Closes the wire when it goes, like a socket.
class WireStream final : public Stream {
 public:
  explicit WireStream(std::shared_ptr<Wire> wire) : wire_(std::move(wire)) {}
  WireStream(const WireStream&) = delete;
  WireStream& operator=(const WireStream&) = delete;
  ~WireStream() override { wire_->close(); }
  void async_read_some(boost::asio::mutable_buffer buffer, IoHandler handler) override {
    wire_->start_read(buffer, std::move(handler));
  }
  void async_write(std::span<const boost::asio::const_buffer> buffers, IoHandler handler) override {
    wire_->start_write(buffers, std::move(handler));
  }
  std::size_t available() noexcept override {
    return wire_->pieces_.empty() ? 0 : wire_->pieces_.front().size();
  }
  void close() noexcept override { wire_->close(); }

 private:
  std::shared_ptr<Wire> wire_;
};

void Wire::push(std::string piece) {
  pieces_.push_back(std::move(piece));
  serve_read();
}

void Wire::finish(error_code error) {
  end_ = error;
  serve_read();
}

std::string Wire::written() const {
  std::string all;
  for (const auto& write : writes) all += write;
  return all;
}

void Wire::post(IoHandler handler, error_code error, std::size_t bytes) {
  boost::asio::post(executor_,
                    [handler = std::move(handler), error, bytes]() mutable { handler(error, bytes); });
}

void Wire::start_read(boost::asio::mutable_buffer buffer, IoHandler handler) {
  if (fails_()) return post(std::move(handler), reset_by_peer(), 0);
  read_buffer_ = buffer;
  read_handler_ = std::move(handler);
  serve_read();
}

void Wire::serve_read() {
  if (!read_handler_) return;
  if (closed_) return post(std::exchange(read_handler_, {}), boost::asio::error::operation_aborted, 0);
  if (pieces_.empty()) {
    if (end_) post(std::exchange(read_handler_, {}), end_, 0);
    return;
  }
  std::string& piece = pieces_.front();
  const std::size_t taken = std::min(piece.size(), read_buffer_.size());
  std::memcpy(read_buffer_.data(), piece.data(), taken);
  piece.erase(0, taken);
  if (piece.empty()) pieces_.pop_front();
  post(std::exchange(read_handler_, {}), {}, taken);
}

void Wire::start_write(std::span<const boost::asio::const_buffer> buffers, IoHandler handler) {
  std::string bytes;
  for (const auto& buffer : buffers) bytes.append(static_cast<const char*>(buffer.data()), buffer.size());
  if (closed_) return post(std::move(handler), boost::asio::error::operation_aborted, 0);
  if (fails_()) {
    writes.push_back(bytes.substr(0, bytes.size() / 2));
    post(std::move(handler), reset_by_peer(), bytes.size() / 2);
    return finish(reset_by_peer());
  }
  const std::size_t taken = std::min(bytes.size(), write_room);
  const bool whole = taken == bytes.size();
  write_room -= taken;
  writes.push_back(bytes.substr(0, taken));
  if (whole) {
    post(std::move(handler), {}, taken);
    if (on_write) boost::asio::post(executor_, [self = shared_from_this()] { self->on_write(); });
  } else if (write_error) {
    post(std::move(handler), write_error, taken);
    if (!end_) finish(reset_by_peer());
  } else {
    hanging_bytes_ = taken;
    write_handler_ = std::move(handler);
  }
}

void Wire::close() {
  if (std::exchange(closed_, true)) return;
  serve_read();
  if (write_handler_) {
    post(std::exchange(write_handler_, {}), boost::asio::error::operation_aborted, hanging_bytes_);
  }
}

Connector MemoryNetwork::connector() {
  return [this](const boost::asio::any_io_executor& executor, const codec::Endpoint&,
                std::chrono::milliseconds, ConnectHandler handler) -> std::unique_ptr<ConnectOperation> {
    ++attempts;
    auto alive = std::make_shared<bool>(true);
    if (hold_connects) return std::make_unique<Attempt>(alive, attempts_cancelled);
    const bool refuse = refuse_connects > 0 || count_and_fail();
    if (refuse_connects > 0) --refuse_connects;
    boost::asio::post(executor, [this, alive, refuse, executor, handler = std::move(handler)]() mutable {
      if (!*alive) return;
      if (refuse) return handler({make_error_code(errc::connect_failed), "refused by the test", {}}, nullptr);
      auto wire = std::make_shared<Wire>(executor);
      wire->fails_ = [this] { return count_and_fail(); };
      wires.push_back(wire);
      if (on_connect) on_connect(*wire);
      handler({}, std::make_unique<WireStream>(wire));
    });
    return std::make_unique<Attempt>(alive, attempts_cancelled);
  };
}

void run_ready(boost::asio::io_context& context) {
  context.restart();
  context.poll();
}

bool run_until(boost::asio::io_context& context, const std::function<bool()>& done) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!done()) {
    context.restart();
    if (context.run_one_until(limit) == 0 && !done()) return false;
  }
  return true;
}

std::string chunk(std::string_view bytes) {
  char size[20];
  const int digits = std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  return std::string(size, static_cast<std::size_t>(digits)) + std::string(bytes) + "\r\n";
}

std::string record(std::string_view payload) {
  return std::to_string(payload.size()) + '\n' + std::string(payload);
}

}  // namespace mesosio::net::testing
