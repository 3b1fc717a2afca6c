// Runs the session against the recording.
#include "captures/replay.hpp"

#include "captures/facts.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include <utility>

namespace mesosio::captures {
namespace {

std::size_t bytes_of(const std::vector<std::string>& reads) {
  std::size_t bytes = 0;
  for (const auto& read : reads) bytes += read.size();
  return bytes;
}

}  // namespace

Replay::Replay(SchedulerConfig config, std::vector<std::string> reads, bool server_closes, Consumer consumer)
    : mode_(config.receive_mode), consumer_(consumer), handler_limit_(100'000 + 40 * bytes_of(reads)) {
  auto sink = std::make_shared<spdlog::sinks::ostream_sink_st>(log_);
  config.logger = std::make_shared<spdlog::logger>("replay", std::move(sink));
  // The shortest there are: what is tried again is tried at once.
  config.backoff = {std::chrono::milliseconds(0), std::chrono::milliseconds(0), 1.0};
  config.random_seed = 1;
  if (consumer_ == Consumer::slow) config.limits.max_queued_events = 1;

  network_.on_connect = [reads = std::move(reads), server_closes](net::testing::Wire& wire) {
    wire.on_write = [&wire, reads, server_closes] {
      for (const auto& read : reads) wire.push(read);
      if (server_closes) wire.finish(boost::asio::error::eof);
    };
  };
  auto connector = [this, connect = network_.connector()](
                       const boost::asio::any_io_executor& executor, const codec::Endpoint& endpoint,
                       std::chrono::milliseconds timeout, net::ConnectHandler handler) {
    asked.push_back(endpoint);
    auto operation = connect(executor, endpoint, timeout, std::move(handler));
    network_.hold_connects = true;
    return operation;
  };
  engine_ = session::SchedulerEngine::create(context_.get_executor(), std::move(config), connector);
  engine_->run({[this](error_code code) { run_result = code; }, context_.get_executor()});
}

Replay::~Replay() {
  // Ends what still refers to this object.
  stopped_ = true;
  engine_->cancel();
  poll();
}

bool Replay::play() {
  if (consumer_ == Consumer::eager) receive();
  while (poll()) {
    if (consumer_ == Consumer::eager || stopped_ || receiving_) return true;
    receive();
  }
  return false;
}

bool Replay::wait_for_attempts(std::size_t count) {
  return net::testing::run_until(context_, [&] { return asked.size() >= count; }) && asked.size() == count;
}

bool Replay::poll() {
  context_.restart();
  for (std::size_t ran = 0; ran < handler_limit_; ++ran) {
    if (context_.poll_one() == 0) return true;
  }
  return false;
}

void Replay::receive() {
  receiving_ = true;
  const auto executor = context_.get_executor();
  if (mode_ == ReceiveMode::raw) {
    auto handler = [this](error_code code, SchedulerReceivedRaw item) { on_received(code, std::move(item)); };
    engine_->receive_raw({std::move(handler), executor});
  } else {
    auto handler = [this](error_code code, SchedulerReceived item) { on_received(code, std::move(item)); };
    engine_->receive({std::move(handler), executor});
  }
}

template <class Received>
void Replay::on_received(const error_code& code, Received received) {
  receiving_ = false;
  if (code) {
    stopped_ = true;
    return;
  }
  std::visit([this](auto& item) { this->take(std::move(item)); }, received);
  if (consumer_ == Consumer::eager) receive();
}

void Replay::take(RawEvent&& event) {
  events.push_back({scheduler::Event::Type_Name(event.type), std::move(event.record), {}});
}

void Replay::take(SchedulerEvent&& event) {
  events.push_back(
      {scheduler::Event::Type_Name(event->type()), event->SerializePartialAsString(), facts_of(*event)});
}

void Replay::take(Disconnected&& disconnected) {
  disconnects.push_back(std::move(disconnected.cause));
  events_before_disconnect = events.size();
}

void Replay::take(UndecodedEvent&&) {
  ++undecoded;
}

}  // namespace mesosio::captures
