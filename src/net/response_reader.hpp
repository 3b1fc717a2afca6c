// Takes one HTTP response apart as its bytes come, without a socket: Beast's parser with its limits made
// total, informational answers skipped, and body bytes handed on where they lie.
#pragma once

#include <mesosio/error.hpp>

#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mesosio::net {

// What a reader tells of a response while it reads.
class ResponseSink {
 public:
  virtual ~ResponseSink() = default;
  // A field of the head; not those of informational answers or trailers. The views hold during the call.
  virtual void on_field(boost::beast::http::field field, std::string_view name, std::string_view value) = 0;
  // Body bytes, in place. Returns how many were taken; with `pause` set the reader stops behind those.
  virtual std::size_t on_body(std::string_view bytes, bool& pause) = 0;
};

class ResponseReader {
 public:
  // A chunk's size line with extensions, and the trailers, must fit into this.
  static constexpr std::size_t max_chunk_line_bytes = std::size_t{16} << 10;
  static constexpr int max_informational = 16;

  // At most this many bytes are ever left in the caller's buffer when put() wants more.
  static std::size_t max_left_over(std::size_t max_header_bytes) {
    return std::max(max_header_bytes, max_chunk_line_bytes) + 1;
  }

  ResponseReader(std::size_t max_header_bytes, ResponseSink& sink);

  enum class Step {
    need_more,  // took what could be taken; the rest of the input must come again in front of further bytes
    head,       // status() is known; call put() again
    paused,     // the sink asked for it; put() goes on behind what it took
    complete,   // the response has ended; what is left of the input belongs to the next
    failed,     // see error()
  };

  // Takes bytes off the front of `input`.
  Step put(std::string_view& input);
  // The peer ended the connection. complete where that is how the body ends, otherwise failed with
  // errc::connection_lost.
  Step put_eof();
  // Makes ready for the next response.
  void reset();

  [[nodiscard]] int status() const { return parser_->status; }
  // Whether any byte of the response has come.
  [[nodiscard]] bool started() const { return informational_ > 0 || parser_->got_some(); }
  [[nodiscard]] bool head_done() const { return head_reported_; }
  // Whether another response can follow on the connection. Only where complete.
  [[nodiscard]] bool keep_alive() const { return parser_->keep_alive(); }
  // Without the peer's name, for the owner to put in front.
  [[nodiscard]] const Error& error() const { return error_; }

 private:
  using string_view = boost::beast::string_view;

  class Parser final : public boost::beast::http::basic_parser<false> {
   public:
    Parser(std::size_t max_header_bytes, ResponseSink& sink);

    int status = 0;
    bool chunk_seen = false;

   private:
    using beast_error = boost::beast::error_code;
    void on_request_impl(boost::beast::http::verb, string_view, string_view, int, beast_error&) override {}
    void on_response_impl(int code, string_view, int, beast_error&) override { status = code; }
    void on_field_impl(boost::beast::http::field field, string_view name, string_view value,
                       beast_error&) override;
    void on_header_impl(beast_error&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, beast_error&) override {}
    std::size_t on_body_impl(string_view bytes, beast_error& error) override;
    void on_chunk_header_impl(std::uint64_t, string_view, beast_error&) override { chunk_seen = true; }
    std::size_t on_chunk_body_impl(std::uint64_t, string_view bytes, beast_error& error) override;
    void on_finish_impl(beast_error&) override {}

    ResponseSink& sink_;
  };

  Step fail(errc code, std::string_view text, std::string_view input);
  [[nodiscard]] bool is_informational() const { return parser_->status >= 100 && parser_->status < 200; }

  const std::size_t max_header_bytes_;
  ResponseSink& sink_;
  std::optional<Parser> parser_;
  std::size_t head_bytes_ = 0;
  int informational_ = 0;
  bool head_reported_ = false;
  Error error_;
};

}  // namespace mesosio::net
