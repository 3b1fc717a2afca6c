// Writing answers and streams on one connection, and its orderly end.
#include "local/gzip.hpp"
#include "local/http_session.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <charconv>
#include <ctime>

namespace mesosio::local {
namespace {

namespace asio = boost::asio;

constexpr std::size_t discard_size = 16U << 10U;
constexpr std::size_t buffers_at_once = 64;
// As long is a client heard out whose request was refused before its end.
constexpr std::chrono::seconds drain_time{2};
// As libprocess: shorter bodies are not worth packing.
constexpr std::size_t gzip_from = 1024;

}  // namespace

void HttpSession::respond(HttpResponse response, StreamNumber number, bool takes_gzip) {
  if (closed_ || (response.is_stream && stream_)) {
    close();  // a second stream inside the first would be unreadable
    if (response.is_stream) {
      tell_closed(number);
    }
    return;
  }
  if (takes_gzip && !response.is_stream && response.body.size() >= gzip_from) {
    response.body = gzip(response.body);
    response.headers.insert(response.headers.begin(), {"Content-Encoding", "gzip"});
  }
  std::string wire = to_wire(response, std::time(nullptr));
  if (head_only_ && !response.is_stream) {
    wire.resize(wire.size() - response.body.size());
  }
  enqueue(std::move(wire));
  if (response.is_stream) {
    begin_stream(number);
  } else if (!keep_alive_) {
    finish_when_written();
    return;
  }
  // Not from within: a client that sends thousands of requests at once would fill the stack.
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    if (!self->closed_ && !self->last_answer_) {
      self->next_request();
    }
  });
}

void HttpSession::begin_stream(StreamNumber number) {
  stream_ = number;
  server_.streams_[number] = weak_from_this();
}

void HttpSession::send_chunk(std::string_view bytes) {
  char size[20];
  const auto [end, unused] = std::to_chars(size, size + sizeof(size), bytes.size(), 16);
  std::string chunk;
  chunk.reserve(bytes.size() + 24);
  chunk.append(size, end).append("\r\n").append(bytes).append("\r\n");
  enqueue(std::move(chunk));
  if (output_bytes_ > server_.limits_.stream_buffer_bytes) {
    close();
  }
}

void HttpSession::end_stream() {
  if (closed_ || !stream_) {
    return;
  }
  stream_.reset();
  enqueue("0\r\n\r\n");
  if (!keep_alive_) {
    finish_when_written();
  }
}

void HttpSession::enqueue(std::string bytes) {
  if (closed_) {
    return;
  }
  output_bytes_ += bytes.size();
  output_.push_back(std::move(bytes));
  write();
}

void HttpSession::write() {
  if (closed_ || !writing_.empty() || output_.empty()) {
    return;
  }
  std::vector<asio::const_buffer> buffers;
  while (!output_.empty() && writing_.size() < buffers_at_once) {
    writing_.push_back(std::move(output_.front()));
    output_.pop_front();
  }
  buffers.reserve(writing_.size());
  for (const std::string& bytes : writing_) {
    buffers.push_back(asio::buffer(bytes));
  }
  asio::async_write(socket_, buffers, [self = shared_from_this()](error_code failed, std::size_t count) {
    if (self->closed_) {
      return;
    }
    if (failed) {
      self->close();
      return;
    }
    self->output_bytes_ -= count;
    self->writing_.clear();
    self->written();
  });
}

void HttpSession::written() {
  if (!output_.empty()) {
    write();
  } else if (last_answer_) {
    drain();
    return;
  }
  if (paused_ && output_bytes_ <= server_.limits_.answer_buffer_bytes) {
    paused_ = false;
    parse();
  }
}

void HttpSession::finish_when_written() {
  if (closed_) {
    return;
  }
  last_answer_ = true;
  in_request_ = false;
  if (output_bytes_ == 0) {
    drain();
  }
}

// Closing while the client still sends would reset the connection, and the client would never read the
// answer. So what it sends is thrown away for a while.
void HttpSession::drain() {
  if (!cut_short_) {
    close();
    return;
  }
  error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  server_.body_bytes_ -= accounted_;
  accounted_ = 0;
  parser_.reset();
  input_.clear();
  request_timer_.expires_after(drain_time);
  request_timer_.async_wait([weak = weak_from_this()](error_code cancelled) {
    if (const auto self = weak.lock(); self && !cancelled) {
      self->close();
    }
  });
  discard();
}

void HttpSession::discard() {
  if (reading_ || closed_) {
    return;
  }
  reading_ = true;
  socket_.async_read_some(input_.prepare(discard_size),
                          [self = shared_from_this()](error_code failed, std::size_t) {
                            self->reading_ = false;
                            if (failed) {
                              self->close();
                            } else {
                              self->discard();
                            }
                          });
}

}  // namespace mesosio::local
