// A network in memory: a test says what each read gives, sees each write, and can break any operation.
#pragma once

#include "net/connect.hpp"
#include "net/stream.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mesosio::net::testing {

inline constexpr int never = std::numeric_limits<int>::max();

// The far end of one connection.
class Wire : public std::enable_shared_from_this<Wire> {
 public:
  explicit Wire(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

  // One read gives one piece (or as much of it as fits).
  void push(std::string piece);
  // After the pieces: reads end with this.
  void finish(error_code error);

  // Writes take this many bytes and then hang, or break with write_error (and with them the reads behind the
  // pieces).
  std::size_t write_room = std::numeric_limits<std::size_t>::max();
  error_code write_error;
  std::function<void()> on_write;  // runs (in between) after a write completed

  std::vector<std::string> writes;  // one per gathered write
  [[nodiscard]] std::string written() const;
  [[nodiscard]] bool closed() const { return closed_; }
  [[nodiscard]] bool reading() const { return static_cast<bool>(read_handler_); }
  [[nodiscard]] std::size_t last_read_size() const { return read_buffer_.size(); }

 private:
  friend class WireStream;
  friend class MemoryNetwork;
  void start_read(boost::asio::mutable_buffer buffer, IoHandler handler);
  void start_write(std::span<const boost::asio::const_buffer> buffers, IoHandler handler);
  void serve_read();
  void close();
  void post(IoHandler handler, error_code error, std::size_t bytes);

  boost::asio::any_io_executor executor_;
  std::deque<std::string> pieces_;
  error_code end_;
  boost::asio::mutable_buffer read_buffer_;
  IoHandler read_handler_;
  IoHandler write_handler_;
  std::size_t hanging_bytes_ = 0;
  bool closed_ = false;
  std::function<bool()> fails_ = [] { return false; };
};

// Makes connections; counts their operations and lets the n-th fail.
class MemoryNetwork {
 public:
  Connector connector();

  std::function<void(Wire&)> on_connect;  // scripts a new connection
  bool hold_connects = false;             // attempts neither succeed nor fail
  int refuse_connects = 0;                // that many attempts fail
  int fail_at = never;                    // this operation, counted from 0 over all connections, fails
  int operations = 0;
  int attempts = 0;
  int attempts_cancelled = 0;
  std::vector<std::shared_ptr<Wire>> wires;

 private:
  bool count_and_fail() { return operations++ == fail_at; }
};

// Runs what is ready, without waiting for timers.
void run_ready(boost::asio::io_context& context);
// Runs until `done`, real timers included; false after ten seconds.
bool run_until(boost::asio::io_context& context, const std::function<bool()>& done);

std::string chunk(std::string_view bytes);
std::string record(std::string_view payload);

inline constexpr std::string_view last_chunk = "0\r\n\r\n";
inline constexpr std::string_view accepted =
    "HTTP/1.1 202 Accepted\r\nDate: Tue, 03 Feb 2026 10:00:00 GMT\r\nContent-Length: 0\r\n\r\n";
inline constexpr std::string_view subscribed_head =
    "HTTP/1.1 200 OK\r\nDate: Tue, 03 Feb 2026 10:00:00 GMT\r\nTransfer-Encoding: chunked\r\n"
    "Mesos-Stream-Id: 130ae4e3-6b13-4ef4-baa9-9f2e85c3e9af\r\nContent-Type: application/x-protobuf\r\n\r\n";

}  // namespace mesosio::net::testing
