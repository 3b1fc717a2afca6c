// Feeds Beast's parser and holds its input within bounds.
#include "net/response_reader.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <limits>
#include <string>

namespace mesosio::net {
namespace http = boost::beast::http;

namespace {

constexpr std::string_view http_start = "HTTP/1.";

std::string_view view(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

ResponseReader::Parser::Parser(std::size_t max_header_bytes, ResponseSink& sink) : sink_(sink) {
  header_limit(static_cast<std::uint32_t>(
      std::min<std::size_t>(max_header_bytes, std::numeric_limits<std::uint32_t>::max())));
  body_limit(boost::none);
}

void ResponseReader::Parser::on_field_impl(http::field field, string_view name, string_view value,
                                           beast_error&) {
  // Beast reports trailers here, too; nothing in a trailer may change what the head said.
  if (status < 200 || is_header_done()) return;
  sink_.on_field(field, view(name), view(value));
}

std::size_t ResponseReader::Parser::on_body_impl(string_view bytes, beast_error& error) {
  if (bytes.empty()) return 0;
  bool pause = false;
  const std::size_t taken = sink_.on_body(view(bytes), pause);
  if (pause) error = http::error::need_buffer;
  return taken;
}

std::size_t ResponseReader::Parser::on_chunk_body_impl(std::uint64_t, string_view bytes, beast_error& error) {
  return on_body_impl(bytes, error);
}

ResponseReader::ResponseReader(std::size_t max_header_bytes, ResponseSink& sink)
    : max_header_bytes_(max_header_bytes), sink_(sink) {
  parser_.emplace(max_header_bytes_, sink_);
}

void ResponseReader::reset() {
  parser_.emplace(max_header_bytes_, sink_);
  head_bytes_ = 0;
  informational_ = 0;
  head_reported_ = false;
}

ResponseReader::Step ResponseReader::put(std::string_view& input) {
  for (;;) {
    if (parser_->is_done()) return Step::complete;
    const bool in_head = !parser_->is_header_done();
    // Beast asserts that an ended body's "0\r\n\r\n" comes whole where no chunk came before it.
    if (!in_head && parser_->chunked() && !parser_->chunk_seen && input.size() < 5 &&
        input.starts_with('0')) {
      return Step::need_more;
    }
    // Beast waits for the end of a head that it has begun, and what is not HTTP may never bring one.
    if (in_head && parser_->status == 0 && !http_start.starts_with(input.substr(0, http_start.size()))) {
      return fail(errc::malformed_response, "expected the head of an HTTP/1.1 response", input);
    }
    boost::beast::error_code error;
    const std::size_t taken = parser_->put(boost::asio::const_buffer(input.data(), input.size()), error);
    const std::string_view refused = input;
    input.remove_prefix(taken);

    // Beast's own limit is for what it holds at a time: fields that come one by one would have no end.
    if (in_head) {
      head_bytes_ += taken;
      const std::size_t held = error == http::error::need_more ? input.size() : 0;
      if (error == http::error::header_limit || head_bytes_ + held > max_header_bytes_) {
        return fail(
            errc::response_too_large,
            "the head of the HTTP response is longer than " + std::to_string(max_header_bytes_) + " bytes",
            {});
      }
    } else if (error == http::error::need_more && input.size() > max_chunk_line_bytes) {
      return fail(errc::malformed_response,
                  "the HTTP response has a chunk header or trailers of more than " +
                      std::to_string(max_chunk_line_bytes) + " bytes",
                  {});
    }
    if (error == http::error::need_more) return Step::need_more;
    if (error == http::error::need_buffer) return Step::paused;
    if (error) {
      return fail(
          errc::malformed_response,
          in_head ? "expected the head of an HTTP/1.1 response, but it is malformed (" + error.message() + ")"
                  : "the body of the HTTP response is malformed (" + error.message() + ")",
          refused);
    }
    if (in_head && parser_->is_header_done()) {
      if (is_informational()) {
        if (parser_->status == 101 || ++informational_ > max_informational) {
          return fail(
              errc::malformed_response,
              "expected an answer, but came " +
                  (parser_->status == 101 ? std::string("101 Switching Protocols")
                                          : std::to_string(informational_) + " informational responses"),
              {});
        }
        parser_.emplace(max_header_bytes_, sink_);
        continue;
      }
      head_reported_ = true;
      return Step::head;
    }
    if (input.empty() && !parser_->is_done()) return Step::need_more;
  }
}

ResponseReader::Step ResponseReader::put_eof() {
  if (parser_->got_some()) {
    boost::beast::error_code error;
    parser_->put_eof(error);
    if (!error) return Step::complete;
  }
  return fail(errc::connection_lost,
              !started() ? "the peer closed the connection before it answered"
              : !head_reported_
                  ? "the peer closed the connection within the head of its answer"
                  : "the peer closed the connection within the body of its answer, which is cut",
              {});
}

ResponseReader::Step ResponseReader::fail(errc code, std::string_view text, std::string_view input) {
  error_ = {make_error_code(code), std::string(text), printable(input.substr(0, 128), 128)};
  return Step::failed;
}

}  // namespace mesosio::net
