// A plain blocking HTTP client for tests of the local cluster: it sends what it is told and reads what comes.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mesosio::local::test {

struct Answer {
  unsigned status = 0;
  std::string reason;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  [[nodiscard]] std::string header(std::string_view name) const;  // spelt exactly; empty where absent
};

// Every wait has a limit of 30 s, after which it throws as for a broken connection.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port);

  void send(std::string_view bytes);
  void post(const std::string& body, const std::string& headers = {},
            const std::string& path = "/api/v1/scheduler");

  [[nodiscard]] Answer read_answer();  // with its body of Content-Length
  [[nodiscard]] Answer read_head();
  // One chunk of a chunked body; nothing for the last one.
  [[nodiscard]] std::optional<std::string> read_chunk();
  // Reads to the end of the connection; whether it came in order or by a reset.
  [[nodiscard]] std::string read_to_end();
  void half_close();
  void close();

 private:
  bool fill();
  std::string take_line();
  std::string take(std::size_t count);

  boost::asio::io_context io_;
  boost::asio::ip::tcp::socket socket_;
  std::string buffer_;
  std::size_t begin_ = 0;  // what is before it has been taken
};

}  // namespace mesosio::local::test
