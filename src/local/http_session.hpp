// One connection of the HTTP server: reads requests one after another, writes answers and event streams.
#pragma once

#include "local/http_message.hpp"
#include "local/http_server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mesosio::local {

// A request's body as a string that grows with the bytes that came, not with the length that was announced.
struct GrowingBody {
  using value_type = std::string;
  class reader {  // NOLINT(readability-identifier-naming): the name that Beast asks for
   public:
    template <bool is_request, class Fields>
    reader(boost::beast::http::header<is_request, Fields>&, value_type& body) : body_(body) {}
    void init(const boost::optional<std::uint64_t>&, boost::beast::error_code& failed) { failed = {}; }
    template <class Buffers>
    std::size_t put(const Buffers& buffers, boost::beast::error_code& failed) {
      failed = {};
      std::size_t count = 0;
      for (auto at = boost::asio::buffer_sequence_begin(buffers);
           at != boost::asio::buffer_sequence_end(buffers); ++at) {
        const boost::asio::const_buffer buffer(*at);
        body_.append(static_cast<const char*>(buffer.data()), buffer.size());
        count += buffer.size();
      }
      return count;
    }
    void finish(boost::beast::error_code& failed) { failed = {}; }

   private:
    value_type& body_;
  };
};

class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(HttpServer& server, boost::asio::ip::tcp::socket socket, std::uint64_t number);

  void start();
  void close();

  // Between requests and without a stream, though the client may not have read all answers.
  [[nodiscard]] bool is_idle() const noexcept;
  [[nodiscard]] std::chrono::steady_clock::time_point idle_since() const noexcept { return idle_since_; }

  void send_chunk(std::string_view bytes);
  void end_stream();

 private:
  using Parser = boost::beast::http::request_parser<GrowingBody>;

  void next_request();
  void read();
  void parse();
  void watch_request();
  void account_body();
  [[nodiscard]] bool unpack(HttpRequest& request);
  void handle();
  void refuse(unsigned status, std::string text);
  void respond(HttpResponse response, StreamNumber number, bool takes_gzip);
  void begin_stream(StreamNumber number);
  void tell_closed(StreamNumber stream);
  void enqueue(std::string bytes);
  void write();
  void written();
  void finish_when_written();
  void drain();
  void discard();

  HttpServer& server_;
  boost::asio::ip::tcp::socket socket_;
  std::uint64_t number_;
  boost::asio::steady_timer request_timer_;
  boost::beast::flat_buffer input_;
  std::optional<Parser> parser_;
  std::size_t accounted_ = 0;  // bytes of the body being read, within the server's sum
  std::deque<std::string> output_;
  std::vector<std::string> writing_;
  std::size_t output_bytes_ = 0;  // of both
  std::optional<StreamNumber> stream_;
  std::chrono::steady_clock::time_point idle_since_;
  bool reading_ = false;
  bool in_request_ = false;  // its first byte has come, and its answer has not been made
  bool paused_ = false;      // too many unread answers
  bool keep_alive_ = true;
  bool head_only_ = false;    // the request was HEAD: its answer has no body
  bool last_answer_ = false;  // close when all is written
  bool cut_short_ = false;    // the last answer came before the end of its request
  bool continue_sent_ = false;
  bool closed_ = false;
};

}  // namespace mesosio::local
