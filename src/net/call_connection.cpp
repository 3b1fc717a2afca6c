// Drives the connection that carries calls: opens it when there is something to send, writes what the window
// allows, matches answers in order, and tells after a loss which calls were never sent.
#include "net/call_connection.hpp"

#include "net/call_pipeline.hpp"
#include "net/net_error.hpp"
#include "net/read_buffer.hpp"
#include "net/reply_queue.hpp"
#include "net/request_head.hpp"
#include "net/response_reader.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <utility>

namespace mesosio::net {
namespace {

constexpr std::size_t small_buffer_bytes = std::size_t{4} << 10;
constexpr std::chrono::milliseconds default_retry_delay{500};
// When a call's time is over: to read what waits in the socket, and to handle what has been read.
constexpr std::chrono::milliseconds unread_grace{1'000};
constexpr std::chrono::milliseconds unhandled_grace{50};
constexpr std::chrono::hours longest_timeout{24 * 365};

class PipelinedConnection final : public CallConnection, private ResponseSink {
 public:
  PipelinedConnection(const boost::asio::any_io_executor& executor, CallConnectionConfig config,
                      ReplyHandler handler)
      : executor_(executor),
        config_(std::move(config)),
        replies_(executor, std::move(handler)),
        peer_(peer_name(config_.endpoint)),
        pipeline_(request_head_prefix(config_.endpoint, config_.stream_id, config_.authorization, refusal_),
                  config_.suffix, config_.max_pipelined),
        reader_(config_.max_header_bytes, *this),
        buffer_(small_buffer_bytes,
                std::max(std::size_t{16} << 10, ResponseReader::max_left_over(config_.max_header_bytes))),
        watch_(executor),
        retry_(executor) {
    // So that adding it to a time never overflows.
    config_.response_timeout = std::min<std::chrono::milliseconds>(config_.response_timeout, longest_timeout);
    if (refusal_) {
      refusal_.message = peer_ + ": " + refusal_.message;
      draining_ = true;
    }
  }

  void send(std::uint64_t id, std::string body) override {
    if (draining_) return reply_later(id, CallReply::Kind::not_sent, refusal_);
    pipeline_.push(id, std::move(body), Clock::now());
    proceed();
  }

  Cancelled cancel(std::uint64_t id) override {
    // A reply that is on its way to the handler can still be held back.
    if (const auto kind = replies_.take_back(id)) {
      return *kind == CallReply::Kind::not_sent ? Cancelled::removed : Cancelled::in_flight;
    }
    switch (pipeline_.cancel(id)) {
      case CallPipeline::Cancelled::waiting:
        return Cancelled::removed;
      case CallPipeline::Cancelled::in_flight:
        return Cancelled::in_flight;
      case CallPipeline::Cancelled::unknown_id:
        break;
    }
    return Cancelled::unknown_id;
  }

  [[nodiscard]] std::size_t waiting() const override { return pipeline_.waiting(); }
  [[nodiscard]] std::size_t in_flight() const override { return pipeline_.in_flight(); }

  void drain(Error why) override {
    if (!draining_) refusal_ = std::move(why);
    draining_ = true;
    refuse_waiting();
    if (pipeline_.in_flight() == 0) shut_down({});
  }

  void close(Error why) override {
    if (!draining_) refusal_ = why;
    draining_ = true;
    refuse_waiting();
    shut_down(std::move(why));
  }

 private:
  using Clock = std::chrono::steady_clock;

  // ending: the stream is closed, and the handlers of its operations have yet to run; only then is it known
  // how much was written, and only then can buffers be used again.
  enum class State { idle, connecting, open, ending, delayed };

  std::shared_ptr<PipelinedConnection> shared() {
    return std::static_pointer_cast<PipelinedConnection>(shared_from_this());
  }

  // Does whatever the state calls for next. Called after every change; does nothing within a batch of
  // answers, which is followed by one write for all that their handlers sent.
  void proceed() {
    if (taking_answers_) return;
    if (state_ == State::idle && pipeline_.waiting() > 0) connect();
    if (state_ == State::open && !writing_) write();
    if (state_ == State::open && draining_ && pipeline_.in_flight() == 0) return lose({});
    if (pipeline_.waiting() > 0 || pipeline_.in_flight() > 0) watch();
  }

  void connect() {
    state_ = State::connecting;
    connecting_ = config_.connector(executor_, config_.endpoint, config_.connect_timeout,
                                    [self = shared()](Error error, std::unique_ptr<Stream> stream) {
                                      self->on_connect(std::move(error), std::move(stream));
                                    });
  }

  void on_connect(Error error, std::unique_ptr<Stream> stream) {
    if (state_ != State::connecting) return;
    connecting_.reset();
    if (error) {
      last_loss_ = std::move(error);
      return reconnect();
    }
    stream_ = std::move(stream);
    state_ = State::open;
    answered_ = false;
    looked_ = false;
    reader_.reset();
    read();
    proceed();
  }

  // After a loss or a failed attempt: at once where the last connection was of use, otherwise later.
  void reconnect() {
    state_ = State::idle;
    if (pipeline_.waiting() == 0) return stop_timers_if_unused();
    failures_ = answered_ ? 0 : failures_ + 1;
    answered_ = false;
    if (failures_ == 0) return proceed();
    state_ = State::delayed;
    retry_.expires_after(config_.retry_delay ? config_.retry_delay(failures_) : default_retry_delay);
    retry_.async_wait([self = shared()](error_code error) {
      if (error || self->state_ != State::delayed) return;
      self->state_ = State::idle;
      self->proceed();
    });
    watch();
  }

  void write() {
    const auto buffers = pipeline_.start_write(Clock::now());
    if (buffers.empty()) return;
    writing_ = true;
    stream_->async_write(buffers, [self = shared()](error_code error, std::size_t bytes) {
      self->writing_ = false;
      self->bytes_written_ = bytes;
      if (self->state_ == State::ending) return self->finish_ending();
      if (error) return self->on_write_error(error);
      self->pipeline_.write_finished();
      self->bytes_written_ = 0;
      self->proceed();
    });
  }

  // Answers to what went out before can still be there to be read. So the read that is outstanding ends the
  // connection; until then nothing more is written.
  void on_write_error(const error_code& error) {
    writing_ = true;
    write_error_ = connection_lost(peer_, "calls were being sent", error);
  }

  void read() {
    reading_ = true;
    const auto space = buffer_.prepare();
    stream_->async_read_some(boost::asio::buffer(space.data, space.size),
                             [self = shared()](error_code error, std::size_t bytes) {
                               self->reading_ = false;
                               if (self->state_ != State::open) return self->finish_ending();
                               self->buffer_.commit(bytes);
                               self->on_read(error);
                             });
  }

  void on_read(const error_code& error) {
    if (!take_answers()) return;
    if (!error) {
      read();
      return proceed();
    }
    if (error != boost::asio::error::eof || !reader_.started()) {
      return lose(connection_lost(peer_, "answers to calls were awaited", error));
    }
    if (reader_.put_eof() != ResponseReader::Step::complete) {
      return lose({reader_.error().code, peer_ + ": answer to a call: " + reader_.error().message, {}});
    }
    // An answer without a length ends with its connection.
    taking_answers_ = true;
    take_answer();
    end_answers(connection_lost(peer_, "answers to calls were awaited", error));
  }

  // False where the connection came to its end.
  bool take_answers() {
    taking_answers_ = true;
    for (;;) {
      std::string_view input = buffer_.data();
      if (input.empty() && !reader_.head_done()) break;
      const std::size_t before = input.size();
      const auto step = reader_.put(input);
      buffer_.consume(before - input.size());
      if (reader_.started() && pipeline_.in_flight() == 0) {
        return end_answers({make_error_code(errc::malformed_response),
                            peer_ + ": an answer came although no call was waiting for one",
                            {}});
      }
      if (step == ResponseReader::Step::need_more) break;
      if (step == ResponseReader::Step::failed) {
        Error unreadable = reader_.error();
        unreadable.message = peer_ + ": answer to a call: " + unreadable.message;
        return end_answers(std::move(unreadable));
      }
      if (step != ResponseReader::Step::complete) continue;
      const bool keep_alive = reader_.keep_alive();
      take_answer();
      reader_.reset();
      if (state_ != State::open) return end_answers({});
      if (!keep_alive) {
        return end_answers({make_error_code(errc::connection_lost),
                            peer_ + ": the peer closes the connection after the answer before",
                            {}});
      }
    }
    taking_answers_ = false;
    return true;
  }

  bool end_answers(Error why) {
    taking_answers_ = false;
    if (state_ == State::open) {
      lose(std::move(why));
    } else {
      finish_ending();
    }
    return false;
  }

  // Gives the response that is complete to the oldest call in flight.
  void take_answer() {
    answered_ = true;
    looked_ = false;
    const auto call = pipeline_.take_answered();
    CallReply reply;
    reply.status = reader_.status();
    reply.body = std::exchange(body_, {});
    if (call.cancelled) return;
    replies_.reply(shared(), call.id, std::move(reply));
  }

  void on_field(boost::beast::http::field, std::string_view, std::string_view) override {}

  std::size_t on_body(std::string_view bytes, bool&) override {
    body_.append(bytes.substr(0, config_.max_body_bytes - body_.size()));
    return bytes.size();
  }

  // Ends the connection; calls in flight end as unknown because of `why`.
  void lose(Error why) {
    state_ = State::ending;
    last_loss_ = std::move(why);
    if (write_error_) {
      writing_ = false;
      last_loss_ = std::exchange(write_error_, {});
    }
    stream_->close();
    finish_ending();
  }

  // Where the last handler of the ended connection has run: tells which calls were lost with it.
  void finish_ending() {
    if (state_ != State::ending || reading_ || writing_ || taking_answers_) return;
    stream_.reset();
    buffer_.release();
    body_ = {};
    for (const std::uint64_t id : pipeline_.connection_ended(std::exchange(bytes_written_, 0))) {
      reply_later(id, CallReply::Kind::unknown, last_loss_);
    }
    if (draining_) refuse_waiting();
    reconnect();
  }

  // Closes whatever is open or being opened; nothing waits any more.
  void shut_down(Error why) {
    retry_.cancel();
    switch (state_) {
      case State::connecting:
        std::exchange(connecting_, nullptr)->cancel();
        state_ = State::idle;
        break;
      case State::delayed:
        state_ = State::idle;
        break;
      case State::open:
        return end_later(std::move(why));
      case State::ending:
      case State::idle:
        break;
    }
    stop_timers_if_unused();
  }

  void end_later(Error why) {
    state_ = State::ending;
    last_loss_ = std::move(why);
    if (std::exchange(write_error_, {})) writing_ = false;
    stream_->close();
    boost::asio::post(executor_, [self = shared()] { self->finish_ending(); });
  }

  void refuse_waiting() {
    for (const std::uint64_t id : pipeline_.drop_waiting(CallPipeline::TimePoint::max())) {
      reply_later(id, CallReply::Kind::not_sent, refusal_);
    }
  }

  // One timer for all deadlines: it is not touched with every call, but finds out when it fires.
  void watch() {
    if (watching_ || config_.response_timeout.count() <= 0) return;
    const auto waiting = pipeline_.oldest_waiting();
    const auto in_flight = pipeline_.oldest_in_flight();
    const auto oldest =
        std::min(waiting.value_or(Clock::time_point::max()), in_flight.value_or(Clock::time_point::max()));
    watch_until(oldest + config_.response_timeout);
  }

  void watch_until(Clock::time_point when) {
    watching_ = true;
    watch_.expires_at(when);
    watch_.async_wait([self = shared()](error_code) {
      self->watching_ = false;
      self->on_watch();
    });
  }

  void on_watch() {
    const auto limit = Clock::now() - config_.response_timeout;
    const std::string time = std::to_string(config_.response_timeout.count()) + " ms";
    for (const std::uint64_t id : pipeline_.drop_waiting(limit)) {
      std::string text = peer_ + ": the call waited for " + time + " to be sent";
      if (last_loss_) text += " (last error: " + last_loss_.to_string() + ')';
      reply_later(id, CallReply::Kind::not_sent, {make_error_code(errc::timeout), std::move(text), {}});
    }
    const auto oldest = pipeline_.oldest_in_flight();
    if (state_ == State::open && oldest && *oldest <= limit) {
      // Perhaps this process was slow, not the peer: answers may wait in the socket, or have been read and
      // wait for their handler. As long as each look finds another answer taken since, they are read on.
      if (!std::exchange(looked_, true)) {
        const auto grace = stream_->available() > 0 ? unread_grace : unhandled_grace;
        return watch_until(Clock::now() + std::min(config_.response_timeout, grace));
      }
      return lose({make_error_code(errc::timeout),
                   peer_ + ": no answer within " + time + " to the oldest of " +
                       std::to_string(pipeline_.in_flight()) + " calls",
                   {}});
    }
    if (pipeline_.waiting() > 0 || pipeline_.in_flight() > 0) return watch();
    if (state_ == State::connecting || state_ == State::delayed) shut_down({});
  }

  // Without calls and connection no timer may keep the executor busy.
  void stop_timers_if_unused() {
    if (state_ == State::idle && pipeline_.waiting() == 0) watch_.cancel();
  }

  void reply_later(std::uint64_t id, CallReply::Kind kind, Error why) {
    CallReply reply;
    reply.kind = kind;
    reply.error = std::move(why);
    replies_.post(shared(), id, std::move(reply));
  }

  const boost::asio::any_io_executor executor_;
  CallConnectionConfig config_;
  ReplyQueue replies_;
  const std::string peer_;
  Error refusal_;  // why further calls are not sent; set when draining_
  CallPipeline pipeline_;
  ResponseReader reader_;
  ReadBuffer buffer_;
  boost::asio::steady_timer watch_;
  boost::asio::steady_timer retry_;

  State state_ = State::idle;
  std::unique_ptr<ConnectOperation> connecting_;
  std::unique_ptr<Stream> stream_;
  std::string body_;  // of the response being read
  Error last_loss_;
  Error write_error_;
  std::size_t bytes_written_ = 0;  // of the write that broke
  int failures_ = 0;               // connections in a row that brought no answer
  bool answered_ = false;          // this connection brought one
  bool reading_ = false;
  bool writing_ = false;
  bool draining_ = false;
  bool taking_answers_ = false;
  bool watching_ = false;
  bool looked_ = false;  // a call's time was over, and no answer was taken since
};

}  // namespace

std::shared_ptr<CallConnection> CallConnection::create(boost::asio::any_io_executor executor,
                                                       CallConnectionConfig config, ReplyHandler handler) {
  return std::make_shared<PipelinedConnection>(executor, std::move(config), std::move(handler));
}

}  // namespace mesosio::net
