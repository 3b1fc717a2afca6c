#include "local/raw_client.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <poll.h>

#include <array>
#include <stdexcept>

namespace mesosio::local::test {

namespace asio = boost::asio;
using asio::ip::tcp;

std::string Answer::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) {
      return value;
    }
  }
  return {};
}

RawClient::RawClient(std::uint16_t port) : socket_(io_) {
  socket_.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port));
  socket_.set_option(tcp::no_delay(true));
}

void RawClient::send(std::string_view bytes) {
  asio::write(socket_, asio::buffer(bytes.data(), bytes.size()));
}

void RawClient::post(const std::string& body, const std::string& headers, const std::string& path) {
  send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers +
       "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
}

bool RawClient::fill() {
  pollfd waiting{socket_.native_handle(), POLLIN, 0};
  if (::poll(&waiting, 1, 30'000) <= 0) {
    throw std::runtime_error("nothing came within 30 s");
  }
  buffer_.erase(0, std::exchange(begin_, 0));
  std::array<char, 65536> block{};
  boost::system::error_code failed;
  const std::size_t count = socket_.read_some(asio::buffer(block), failed);
  buffer_.append(block.data(), count);
  return !failed;
}

std::string RawClient::take(std::size_t count) {
  while (buffer_.size() - begin_ < count) {
    if (!fill()) {
      throw std::runtime_error("the connection ended inside an answer");
    }
  }
  std::string out = buffer_.substr(begin_, count);
  begin_ += count;
  return out;
}

std::string RawClient::take_line() {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n", begin_)) == std::string::npos) {
    if (!fill()) {
      throw std::runtime_error("the connection ended inside a line");
    }
  }
  std::string line = take(end - begin_);
  take(2);
  return line;
}

Answer RawClient::read_head() {
  Answer answer;
  const std::string first = take_line();
  if (first.substr(0, 9) != "HTTP/1.1 ") {
    throw std::runtime_error("not an answer: " + first);
  }
  answer.status = static_cast<unsigned>(std::stoul(first.substr(9, 3)));
  answer.reason = first.substr(13);
  for (std::string line = take_line(); !line.empty(); line = take_line()) {
    const auto colon = line.find(": ");
    answer.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  return answer;
}

Answer RawClient::read_answer() {
  Answer answer = read_head();
  answer.body = take(std::stoul(answer.header("Content-Length")));
  return answer;
}

std::optional<std::string> RawClient::read_chunk() {
  const std::size_t size = std::stoul(take_line(), nullptr, 16);
  std::string chunk = take(size);
  take(2);
  return size == 0 ? std::nullopt : std::optional(std::move(chunk));
}

std::string RawClient::read_to_end() {
  while (fill()) {
  }
  buffer_.erase(0, std::exchange(begin_, 0));
  return std::exchange(buffer_, {});
}

void RawClient::half_close() {
  boost::system::error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

void RawClient::close() {
  socket_.close();
}

}  // namespace mesosio::local::test
