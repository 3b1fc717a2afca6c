// The engine's inner side: what the stream brings goes through the policy, what the policy says is carried
// out.
#include "codec/wire_scan.hpp"
#include "session/scheduler_engine.hpp"
#include "session/subscribe_request.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include <utility>

namespace mesosio::session {
namespace {

constexpr std::size_t kept_undecoded_bytes = 4'096;

spdlog::level::level_enum level_of(policy::action::Log::Level level) {
  switch (level) {
    case policy::action::Log::Level::debug:
      return spdlog::level::debug;
    case policy::action::Log::Level::info:
      return spdlog::level::info;
    case policy::action::Log::Level::warning:
      return spdlog::level::warn;
    case policy::action::Log::Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

}  // namespace

void SchedulerEngine::on_connected() {
  apply(policy::input::Connected{stream_attempt_});
}

void SchedulerEngine::on_head(net::ResponseHead head) {
  apply(policy::input::Answered{stream_attempt_, head.status, std::move(head.stream_id),
                                std::move(head.content_type), std::move(head.location),
                                std::move(head.www_authenticate), std::move(head.body)});
}

void SchedulerEngine::on_end(Error error) {
  apply(policy::input::Lost{stream_attempt_, std::move(error)});
}

bool SchedulerEngine::on_record(std::string_view record) {
  const auto self = shared_from_this();
  in_record_ = true;
  ++counters_.events;
  counters_.event_bytes += record.size();
  apply(config_.receive_mode == ReceiveMode::raw ? take_in_raw(record) : take_in(record));
  if (reads_paused_) apply(policy::input::ReadsPaused{stream_attempt_});
  in_record_ = false;
  if (stream_) return !reads_paused_;
  // Closed by this record: no end of the batch will come.
  wake_receiver();
  return false;
}

void SchedulerEngine::on_batch_end() {
  const auto self = shared_from_this();
  wake_receiver();
}

policy::Input SchedulerEngine::take_in(std::string_view record) {
  SchedulerEvent event = pool_->take(record.size());
  if (Error error = codec::parse_message(record, *event, parse_limits_)) {
    return take_in_undecoded(std::move(error), record);
  }
  auto input = input_of(*event);
  incoming_ = {std::move(event), record.size()};
  return input;
}

policy::Input SchedulerEngine::take_in_raw(std::string_view record) {
  const auto number = codec::peek_enum_field1(record);
  const bool known = number && scheduler::Event::Type_IsValid(*number);
  const auto type = known ? static_cast<scheduler::Event::Type>(*number) : scheduler::Event::UNKNOWN;
  policy::Input input = policy::input::EventSeen{stream_attempt_, type == scheduler::Event::HEARTBEAT};
  if (type == scheduler::Event::SUBSCRIBED || type == scheduler::Event::ERROR) {
    scheduler::Event event;
    if (Error error = codec::parse_message(record, event, parse_limits_)) {
      return take_in_undecoded(std::move(error), record);
    }
    input = input_of(event);
  }
  incoming_ = {RawEvent{type, std::string(record)}, record.size()};
  return input;
}

policy::Input SchedulerEngine::take_in_undecoded(Error error, std::string_view record) {
  ++counters_.undecoded_events;
  if (config_.logger) {
    config_.logger->warn("skipped a record of {} bytes that is not a scheduler event: {}", record.size(),
                         error.to_string());
  }
  UndecodedEvent undecoded{std::move(error), std::string(record.substr(0, kept_undecoded_bytes)),
                           record.size()};
  incoming_ = {std::move(undecoded), record.size()};
  return policy::input::UndecodedSeen{stream_attempt_};
}

policy::Input SchedulerEngine::input_of(const scheduler::Event& event) const {
  switch (event.type()) {
    case scheduler::Event::SUBSCRIBED: {
      const auto& subscribed = event.subscribed();
      policy::input::SubscribedSeen seen{stream_attempt_, subscribed.framework_id().value(), std::nullopt};
      if (subscribed.has_heartbeat_interval_seconds()) {
        seen.heartbeat_interval_seconds = subscribed.heartbeat_interval_seconds();
      }
      return seen;
    }
    case scheduler::Event::ERROR:
      return policy::input::ErrorSeen{stream_attempt_, event.error().message()};
    default:
      return policy::input::EventSeen{stream_attempt_, event.type() == scheduler::Event::HEARTBEAT};
  }
}

void SchedulerEngine::apply(const policy::Input& input) {
  if (!session_) return;
  const auto self = shared_from_this();
  // The vector is used again from event to event; an inner call finds it taken and makes its own.
  policy::Actions actions = std::move(spare_actions_);
  actions.clear();
  const auto state = session_->state();
  session_->step(input, std::chrono::steady_clock::now(), actions);
  if (session_->state() != state) publish_state();
  for (auto& action : actions) {
    std::visit([this](auto& each) { carry_out(each); }, action);
  }
  spare_actions_ = std::move(actions);
  if (!in_record_) wake_receiver();
}

void SchedulerEngine::carry_out(policy::action::Connect& action) {
  ++counters_.attempts;
  net::EventStreamConfig config;
  config.record_limits.max_record_bytes = config_.limits.max_record_bytes;
  config.max_header_bytes = config_.limits.max_header_bytes;
  config.max_error_body_bytes = config_.limits.max_error_body_bytes;
  config.connect_timeout = config_.timeouts.connect;
  config.connector = connector_;
  stream_attempt_ = action.attempt;
  reads_paused_ = false;
  stream_ = net::EventStream::create(executor_, std::move(config), *this);
  stream_->connect(action.endpoint);
}

void SchedulerEngine::carry_out(policy::action::SendSubscribe& action) {
  stream_->subscribe(encode_subscribe(config_, action.framework_id), basic_authorization(config_));
}

void SchedulerEngine::carry_out(policy::action::CloseStream&) {
  if (auto stream = std::exchange(stream_, nullptr)) stream->close();
}

void SchedulerEngine::carry_out(policy::action::SetTimer& action) {
  auto& timer = this->timer(action.timer);
  timer.expires_at(action.at);
  timer.async_wait(
      [weak = weak_from_this(), which = action.timer, attempt = action.attempt](const error_code& code) {
        if (code) return;
        if (const auto self = weak.lock()) self->apply(policy::input::TimerFired{which, attempt});
      });
}

void SchedulerEngine::carry_out(policy::action::CancelTimers&) {
  retry_timer_.cancel();
  response_timer_.cancel();
  heartbeat_timer_.cancel();
}

void SchedulerEngine::carry_out(policy::action::PollStream& action) {
  // Posted, so that a read that has completed and whose handler waits its turn is heard first.
  boost::asio::post(executor_, [weak = weak_from_this(), attempt = action.attempt] {
    const auto self = weak.lock();
    if (self) self->apply(policy::input::Polled{attempt, self->stream_ && self->stream_->readable()});
  });
}

void SchedulerEngine::carry_out(policy::action::OpenCalls& action) {
  ++counters_.subscriptions;
  {
    const std::lock_guard lock(shared_mutex_);
    framework_id_ = action.framework_id;
  }
  net::CallConnectionConfig config;
  config.endpoint = action.endpoint;
  config.stream_id = std::move(action.stream_id);
  config.authorization = basic_authorization(config_);
  config.suffix = encode_framework_id(action.framework_id);
  config.max_pipelined = config_.limits.max_pipelined_calls;
  config.max_header_bytes = config_.limits.max_header_bytes;
  config.max_body_bytes = config_.limits.max_error_body_bytes;
  config.connect_timeout = config_.timeouts.connect;
  config.response_timeout = config_.timeouts.response;
  config.retry_delay = [backoff =
                            policy::Backoff(config_.backoff, seed_ + action.attempt)](int failures) mutable {
    if (failures <= 1) backoff.reset();
    return backoff.next();
  };
  config.connector = connector_;
  calls_->open(action.attempt, std::move(config), std::move(action.framework_id));
}

void SchedulerEngine::carry_out(policy::action::CloseCalls& action) {
  ++counters_.disconnections;
  calls_->close(action.why);
}

void SchedulerEngine::carry_out(policy::action::Deliver&) {
  // A queue that is full now has taken the item all the same; reading stops until the consumer has caught up.
  if (!queue_.push(std::move(incoming_))) reads_paused_ = true;
}

void SchedulerEngine::carry_out(policy::action::DeliverDisconnected& action) {
  queue_.push({Disconnected{std::move(action.cause)}, 0});
}

void SchedulerEngine::carry_out(policy::action::End& action) {
  ended_ = true;
  const error_code code = cancelled_ ? error_code(boost::asio::error::operation_aborted) : action.why.code;
  {
    const std::lock_guard lock(shared_mutex_);
    run_error_ = std::move(action.why);
  }
  if (auto handler = std::exchange(run_handler_, std::nullopt)) handler->post(code);
  run_ticket_.reset();
}

void SchedulerEngine::carry_out(policy::action::Log& action) {
  if (config_.logger) config_.logger->log(level_of(action.level), "{}", action.text);
}

void SchedulerEngine::publish_state() {
  const std::lock_guard lock(shared_mutex_);
  shared_state_ = session_->state();
}

boost::asio::steady_timer& SchedulerEngine::timer(policy::Timer which) {
  switch (which) {
    case policy::Timer::retry:
      return retry_timer_;
    case policy::Timer::response:
      return response_timer_;
    case policy::Timer::heartbeat:
      break;
  }
  return heartbeat_timer_;
}

}  // namespace mesosio::session
