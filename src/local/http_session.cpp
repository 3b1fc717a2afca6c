// Reading requests within the limits, on one connection.
#include "local/http_session.hpp"

#include "local/gzip.hpp"

#include <boost/asio/post.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include <algorithm>
#include <ctime>

namespace mesosio::local {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

constexpr std::size_t read_size = 16U << 10U;

}  // namespace

HttpSession::HttpSession(HttpServer& server, asio::ip::tcp::socket socket, std::uint64_t number)
    : server_(server),
      socket_(std::move(socket)),
      number_(number),
      request_timer_(socket_.get_executor()),
      input_(2 * read_size + server.limits_.header_bytes),
      idle_since_(std::chrono::steady_clock::now()) {}

void HttpSession::start() {
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  next_request();
}

bool HttpSession::is_idle() const noexcept {
  return !stream_ && !in_request_;
}

void HttpSession::close() {
  if (closed_) {
    return;
  }
  closed_ = true;
  error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
  request_timer_.cancel();
  server_.body_bytes_ -= accounted_;
  accounted_ = 0;
  if (stream_) {
    server_.streams_.erase(*stream_);
    tell_closed(*stream_);
    stream_.reset();
  }
  server_.sessions_.erase(number_);
}

// Not from within: whoever wrote too much to a stream does not expect to be called back.
void HttpSession::tell_closed(StreamNumber stream) {
  if (server_.handler_.stream_closed) {
    asio::post(socket_.get_executor(), [closed = server_.handler_.stream_closed, stream] { closed(stream); });
  }
}

void HttpSession::next_request() {
  parser_.emplace();
  parser_->eager(true);
  parser_->header_limit(static_cast<std::uint32_t>(server_.limits_.header_bytes));
  parser_->body_limit(server_.limits_.body_bytes);
  in_request_ = false;
  continue_sent_ = false;
  idle_since_ = std::chrono::steady_clock::now();
  if (!stream_ && output_bytes_ > server_.limits_.answer_buffer_bytes) {
    paused_ = true;  // `written` goes on
    return;
  }
  parse();
}

void HttpSession::read() {
  if (reading_ || closed_) {
    return;
  }
  reading_ = true;
  socket_.async_read_some(input_.prepare(read_size),
                          [self = shared_from_this()](error_code failed, std::size_t count) {
                            self->reading_ = false;
                            if (self->closed_) {
                              return;
                            }
                            if (self->last_answer_ && self->cut_short_) {
                              self->discard();
                              return;
                            }
                            if (failed) {
                              // As in libprocess, the end of what the client sends is the end of the
                              // connection, streams included.
                              if (self->stream_ || failed != asio::error::eof) {
                                self->close();
                              } else {
                                self->finish_when_written();
                              }
                              return;
                            }
                            self->input_.commit(count);
                            self->parse();
                          });
}

void HttpSession::parse() {
  if (input_.size() == 0) {
    read();
    return;
  }
  if (!in_request_) {
    in_request_ = true;
    watch_request();
  }
  boost::beast::error_code failed;
  input_.consume(parser_->put(input_.data(), failed));
  account_body();
  if (failed == http::error::need_more) {
    failed = {};
  }
  if (failed == http::error::header_limit) {
    refuse(431,
           "The request's header is longer than " + std::to_string(server_.limits_.header_bytes) + " bytes");
  } else if (failed == http::error::body_limit) {
    refuse(413, "The request's body is longer than " + std::to_string(server_.limits_.body_bytes) + " bytes");
  } else if (failed) {
    close();  // not HTTP: a master does not answer either
  } else if (server_.body_bytes_ > server_.limits_.all_bodies_bytes) {
    refuse(503, "The requests being read hold too much data together");
  } else if (parser_->is_done()) {
    handle();
  } else {
    if (parser_->is_header_done() && !continue_sent_ && parser_->get().version() == 11 &&
        boost::beast::iequals(parser_->get()[http::field::expect], "100-continue")) {
      continue_sent_ = true;
      enqueue("HTTP/1.1 100 Continue\r\n\r\n");
    }
    read();
  }
}

void HttpSession::account_body() {
  const std::size_t size = parser_->get().body().size();
  server_.body_bytes_ += size - accounted_;
  accounted_ = size;
}

// A request that trickles in is given up when its time is over.
void HttpSession::watch_request() {
  request_timer_.expires_after(server_.limits_.request_time);
  request_timer_.async_wait([weak = weak_from_this()](error_code cancelled) {
    const auto self = weak.lock();
    if (!cancelled && self && self->in_request_ && self->parser_ && !self->parser_->is_done() &&
        self->request_timer_.expiry() <= asio::steady_timer::clock_type::now()) {
      self->refuse(408, "The request did not come to its end in time");
    }
  });
}

void HttpSession::refuse(unsigned status, std::string text) {
  request_timer_.cancel();
  HttpResponse response = text_response(status, std::move(text));
  response.headers.emplace_back("Connection", "close");
  cut_short_ = true;
  enqueue(to_wire(response, std::time(nullptr)));
  finish_when_written();
}

bool HttpSession::unpack(HttpRequest& request) {
  const auto encoding = request.header("Content-Encoding");
  if (!encoding ||
      !boost::beast::iequals(boost::beast::string_view(encoding->data(), encoding->size()), "gzip")) {
    return true;
  }
  auto body = gunzip(request.body, server_.limits_.body_bytes);
  if (!body) {
    return false;
  }
  request.body = std::move(*body);
  return true;
}

void HttpSession::handle() {
  request_timer_.cancel();
  auto message = parser_->release();
  server_.body_bytes_ -= accounted_;
  accounted_ = 0;
  keep_alive_ = message.keep_alive();

  HttpRequest request;
  request.number = server_.next_request_++;
  const auto method = message.method_string();
  request.method.assign(method.data(), method.size());
  head_only_ = request.method == "HEAD";
  const auto target = message.target();
  request.path.assign(target.data(), std::min(target.find('?'), target.size()));
  request.body = std::move(message.body());
  request.fields = std::move(message.base());
  const bool takes_gzip = http::token_list(request.fields[http::field::accept_encoding]).exists("gzip");
  const StreamNumber number = request.number;
  if (!unpack(request)) {
    respond(text_response(500, "failed to decode body"), number, takes_gzip);
    return;
  }
  server_.handler_.request(std::move(request),
                           [self = shared_from_this(), number, takes_gzip](HttpResponse response) {
                             self->respond(std::move(response), number, takes_gzip);
                           });
}

}  // namespace mesosio::local
