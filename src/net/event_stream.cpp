// Drives the connection of one subscription: connect, one write, then reads whose bytes go through the HTTP
// parser into the record decoder without a copy.
#include "net/event_stream.hpp"

#include "net/net_error.hpp"
#include "net/read_buffer.hpp"
#include "net/request_head.hpp"
#include "net/response_reader.hpp"

#include <boost/asio/post.hpp>
#include <boost/beast/core/string.hpp>

#include <array>
#include <utility>

namespace mesosio::net {
namespace {

// What an idle subscription needs: a response's head, a heartbeat.
constexpr std::size_t small_buffer_bytes = std::size_t{4} << 10;

class HttpEventStream final : public EventStream, private ResponseSink {
 public:
  HttpEventStream(boost::asio::any_io_executor executor, EventStreamConfig config,
                  EventStreamHandler& handler)
      : executor_(std::move(executor)),
        config_(std::move(config)),
        handler_(handler),
        reader_(config_.max_header_bytes, *this),
        decoder_(config_.record_limits),
        buffer_(small_buffer_bytes, std::max(config_.read_buffer_bytes,
                                             ResponseReader::max_left_over(config_.max_header_bytes))) {}

  void connect(const codec::Endpoint& endpoint) override {
    if (state_ != State::fresh) return;
    state_ = State::connecting;
    endpoint_ = endpoint;
    peer_ = peer_name(endpoint);
    connecting_ = config_.connector(executor_, endpoint, config_.connect_timeout,
                                    [self = shared()](Error error, std::unique_ptr<Stream> stream) {
                                      self->on_connect(std::move(error), std::move(stream));
                                    });
  }

  void subscribe(std::string body, const std::string& authorization) override {
    if (state_ != State::connected) return;
    state_ = State::head;
    Error error;
    request_head_ = request_head_prefix(endpoint_, {}, authorization, error);
    if (error) {
      error.message = peer_ + ": SUBSCRIBE was not sent: " + error.message;
      boost::asio::post(
          executor_, [self = shared(), error = std::move(error)]() mutable { self->end(std::move(error)); });
      return;
    }
    request_body_ = std::move(body);
    append_request_length(request_head_, request_body_.size());
    request_ = {boost::asio::buffer(request_head_), boost::asio::buffer(request_body_)};
    stream_->async_write(
        request_, [self = shared()](error_code write_error, std::size_t) { self->on_written(write_error); });
    read();
  }

  void resume() override {
    if (resuming_ || state_ == State::closed) return;
    resuming_ = true;
    boost::asio::post(executor_, [self = shared()] {
      self->resuming_ = false;
      if (self->state_ == State::closed || !self->paused_) return;
      self->paused_ = false;
      self->parse();
    });
  }

  [[nodiscard]] bool reading() const override { return reading_ && state_ != State::closed; }
  [[nodiscard]] bool readable() override {
    return stream_ != nullptr && state_ != State::closed && stream_->available() > 0;
  }

  void close() override {
    state_ = State::closed;
    if (connecting_) std::exchange(connecting_, nullptr)->cancel();
    if (stream_) stream_->close();
  }

 private:
  enum class State { fresh, connecting, connected, head, events, error_body, closed };

  std::shared_ptr<HttpEventStream> shared() {
    return std::static_pointer_cast<HttpEventStream>(shared_from_this());
  }

  void on_connect(Error error, std::unique_ptr<Stream> stream) {
    if (state_ != State::connecting) return;
    connecting_.reset();
    if (error) return end(std::move(error));
    stream_ = std::move(stream);
    state_ = State::connected;
    handler_.on_connected();
  }

  // A peer that refuses early answers and then stops reading. So the read that is outstanding says how it
  // ends: with that answer, or with the loss that broke the write.
  void on_written(error_code error) {
    request_body_ = {};
    request_head_ = {};
    write_error_ = error;
  }

  void read() {
    reading_ = true;
    const auto space = buffer_.prepare();
    stream_->async_read_some(boost::asio::buffer(space.data, space.size),
                             [self = shared()](error_code error, std::size_t bytes) {
                               self->reading_ = false;
                               if (self->state_ == State::closed) return;
                               self->buffer_.commit(bytes);
                               self->read_error_ = error;
                               self->parse();
                             });
  }

  // Takes the buffer apart until it is used up, the consumer is full, or the response is over.
  void parse() {
    for (;;) {
      std::string_view input = buffer_.data();
      const std::size_t before = input.size();
      const auto step = reader_.put(input);
      buffer_.consume(before - input.size());
      if (state_ == State::closed) return;
      switch (step) {
        case ResponseReader::Step::head:
          head_.status = reader_.status();
          state_ = head_.status == 200 ? State::events : State::error_body;
          if (state_ != State::events) continue;
          handler_.on_head(std::exchange(head_, {}));
          if (state_ == State::closed) return;
          continue;
        case ResponseReader::Step::need_more:
          if (!end_batch()) return;
          if (read_error_) return on_read_error();
          return read();
        case ResponseReader::Step::paused:
          if (state_ == State::error_body) return end_with_head();
          paused_ = !record_error_;
          if (!end_batch() || paused_) return;
          return end(with_peer(std::move(record_error_)));
        case ResponseReader::Step::complete:
          if (state_ == State::error_body) return end_with_head();
          if (end_batch()) end(body_end());
          return;
        case ResponseReader::Step::failed:
          // The status of a refusal is worth more than the rest of its body.
          if (state_ == State::error_body) return end_with_head();
          if (end_batch()) end(with_peer(reader_.error()));
          return;
      }
    }
  }

  void on_read_error() {
    const bool eof = read_error_ == boost::asio::error::eof;
    const auto step = eof ? reader_.put_eof() : ResponseReader::Step::failed;
    if (state_ == State::error_body) return end_with_head();
    if (step == ResponseReader::Step::complete) return end(body_end());
    if (write_error_ && !reader_.started()) {
      return end(connection_lost(peer_, "SUBSCRIBE was being sent", write_error_));
    }
    if (eof) return end(with_peer(reader_.error()));
    end(connection_lost(
        peer_, state_ == State::events ? "events were being read" : "waiting for the answer to SUBSCRIBE",
        read_error_));
  }

  void on_field(boost::beast::http::field field, std::string_view name, std::string_view value) override {
    using Field = boost::beast::http::field;
    const auto keep = [&](std::string& to) {
      if (to.empty()) to = value;
    };
    if (field == Field::content_type) return keep(head_.content_type);
    if (field == Field::location) return keep(head_.location);
    if (field == Field::www_authenticate) return keep(head_.www_authenticate);
    if (boost::beast::iequals(name, "Mesos-Stream-Id")) keep(head_.stream_id);
  }

  std::size_t on_body(std::string_view bytes, bool& pause) override {
    if (state_ == State::error_body) {
      const std::size_t room = config_.max_error_body_bytes - head_.body.size();
      head_.body.append(bytes.substr(0, room));
      pause = bytes.size() >= room;
      return bytes.size();
    }
    std::string_view input = bytes;
    std::string_view record;
    while (!pause && decoder_.next(input, record, record_error_)) {
      batch_ = true;
      pause = !handler_.on_record(record) || state_ == State::closed;
    }
    if (record_error_) pause = true;
    return bytes.size() - input.size();
  }

  // False where the handler closed the stream.
  bool end_batch() {
    if (std::exchange(batch_, false)) handler_.on_batch_end();
    return state_ != State::closed;
  }

  Error body_end() {
    if (Error cut = decoder_.finish()) return with_peer(std::move(cut));
    return {make_error_code(errc::stream_ended), peer_ + ": the peer ended the event stream", {}};
  }

  Error with_peer(Error error) const {
    error.message = peer_ + ": " + error.message;
    return error;
  }

  void end_with_head() {
    close();
    handler_.on_head(std::exchange(head_, {}));
  }

  void end(Error error) {
    if (state_ == State::closed) return;
    close();
    handler_.on_end(std::move(error));
  }

  const boost::asio::any_io_executor executor_;
  const EventStreamConfig config_;
  EventStreamHandler& handler_;
  ResponseReader reader_;
  codec::RecordDecoder decoder_;
  ReadBuffer buffer_;

  State state_ = State::fresh;
  codec::Endpoint endpoint_;
  std::string peer_;
  std::unique_ptr<ConnectOperation> connecting_;
  std::unique_ptr<Stream> stream_;
  std::string request_head_;
  std::string request_body_;
  std::array<boost::asio::const_buffer, 2> request_;
  ResponseHead head_;
  error_code read_error_;
  error_code write_error_;
  Error record_error_;
  bool reading_ = false;
  bool paused_ = false;
  bool resuming_ = false;
  bool batch_ = false;  // Records were handed over since the last on_batch_end.
};

}  // namespace

std::shared_ptr<EventStream> EventStream::create(boost::asio::any_io_executor executor,
                                                 EventStreamConfig config, EventStreamHandler& handler) {
  return std::make_shared<HttpEventStream>(std::move(executor), std::move(config), handler);
}

}  // namespace mesosio::net
