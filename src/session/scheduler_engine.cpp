// The engine's ways in: run, receive, call, cancel, and what other threads may ask.
#include "session/scheduler_engine.hpp"

#include "session/subscribe_request.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <random>
#include <utility>

namespace mesosio::session {
namespace {

using boost::asio::error::operation_aborted;

template <class Received>
Received unpack(QueueItem item) {
  return std::visit(
      [](auto&& value) -> Received {
        if constexpr (std::is_constructible_v<Received, decltype(value)>) {
          return Received(std::forward<decltype(value)>(value));
        } else {
          // The other mode's kind of event: a queue holds only one of them.
          return Received();
        }
      },
      std::move(item.value));
}

}  // namespace

SchedulerEngine::SchedulerEngine(const boost::asio::any_io_executor& executor, SchedulerConfig config,
                                 net::Connector connector)
    : config_(within_bounds(std::move(config))),
      connector_(std::move(connector)),
      parse_limits_{std::size_t{1} << 20, config_.limits.max_submessages},
      executor_(boost::asio::make_strand(executor)),
      pool_(std::make_shared<detail::EventPool>()),
      seed_(config_.random_seed ? *config_.random_seed : std::random_device{}()),
      retry_timer_(executor_),
      response_timer_(executor_),
      heartbeat_timer_(executor_),
      queue_(config_.limits.max_queued_events, config_.limits.max_queued_event_bytes),
      framework_id_(config_.framework.id().value()) {}

std::shared_ptr<SchedulerEngine> SchedulerEngine::create(const boost::asio::any_io_executor& executor,
                                                         SchedulerConfig config, net::Connector connector) {
  std::shared_ptr<SchedulerEngine> engine(
      new SchedulerEngine(executor, std::move(config), std::move(connector)));
  // Weak, since the handler of a call's result may drop the last reference to the engine.
  const std::weak_ptr<SchedulerEngine> weak = engine;
  OutgoingCalls::Listener listener;
  listener.answered = [weak](policy::Attempt attempt, codec::CallAnswer answer, const std::string& body) {
    if (const auto self = weak.lock()) self->apply(policy::input::CallAnswered{attempt, answer, body});
  };
  listener.teardown_ended = [weak](policy::Attempt attempt, bool accepted) {
    if (const auto self = weak.lock()) self->apply(policy::input::TeardownEnded{attempt, accepted});
  };
  engine->calls_ = std::make_shared<OutgoingCalls>(engine->executor_, engine->config_.limits.max_queued_calls,
                                                   std::move(listener));
  return engine;
}

SchedulerEngine::~SchedulerEngine() {
  if (stream_) stream_->close();
}

void SchedulerEngine::run(RunHandler handler) {
  std::shared_ptr<Ticket> ticket;
  if (auto slot = handler.slot(); slot.is_connected()) {
    ticket = std::make_shared<Ticket>();
    slot.assign([weak = weak_from_this(), ticket](boost::asio::cancellation_type type) {
      const auto self = weak.lock();
      if (!self || (type & boost::asio::cancellation_type::terminal) == boost::asio::cancellation_type::none)
        return;
      boost::asio::dispatch(self->executor_, [self, ticket] {
        if (self->run_ticket_ == ticket) self->cancel();
      });
    });
  }
  auto start = [self = shared_from_this(), ticket = std::move(ticket),
                handler = std::move(handler)]() mutable {
    if (self->run_handler_) return handler.post(make_error_code(errc::already_running));
    self->run_ticket_ = std::move(ticket);
    self->start_run(std::move(handler));
  };
  boost::asio::dispatch(executor_, std::move(start));
}

void SchedulerEngine::start_run(RunHandler handler) {
  if (!session_) {
    policy::SessionConfig session;
    if (Error error = check_config(config_, session.master)) {
      {
        const std::lock_guard lock(shared_mutex_);
        run_error_ = error;
      }
      ended_ = true;
      handler.post(error.code);
      return wake_receiver();
    }
    session.framework_id = config_.framework.id().value();
    session.backoff = config_.backoff;
    session.timeouts = config_.timeouts;
    session.max_redirects = config_.limits.max_redirects;
    session.seed = seed_;
    session_.emplace(std::move(session));
  }
  run_handler_ = std::move(handler);
  ended_ = false;
  {
    const std::lock_guard lock(shared_mutex_);
    run_error_ = {};
  }
  apply(policy::input::Start{});
}

void SchedulerEngine::receive(ReceiveHandler handler) {
  initiate_receive(std::move(handler), &SchedulerEngine::receiver_, ReceiveMode::messages);
}

void SchedulerEngine::receive_raw(ReceiveRawHandler handler) {
  initiate_receive(std::move(handler), &SchedulerEngine::raw_receiver_, ReceiveMode::raw);
}

template <class Handler>
void SchedulerEngine::initiate_receive(Handler handler, std::optional<Handler> SchedulerEngine::*place,
                                       ReceiveMode mode) {
  std::shared_ptr<Ticket> ticket;
  if (auto slot = handler.slot(); slot.is_connected()) {
    ticket = std::make_shared<Ticket>();
    slot.assign([weak = weak_from_this(), ticket](boost::asio::cancellation_type) {
      const auto self = weak.lock();
      if (self) boost::asio::dispatch(self->executor_, [self, ticket] { self->cancel_receive(ticket); });
    });
  }
  auto start = [self = shared_from_this(), ticket = std::move(ticket), place, mode,
                handler = std::move(handler)]() mutable {
    if (self->receiver_ || self->raw_receiver_)
      return handler.post(make_error_code(errc::receive_outstanding), {});
    if (self->config_.receive_mode != mode)
      return handler.post(make_error_code(errc::wrong_receive_mode), {});
    (*self).*place = std::move(handler);
    self->receive_ticket_ = std::move(ticket);
    self->wake_receiver();
  };
  boost::asio::dispatch(executor_, std::move(start));
}

void SchedulerEngine::cancel_receive(const std::shared_ptr<Ticket>& ticket) {
  if (receive_ticket_ != ticket) return;
  abort_receive();
}

void SchedulerEngine::abort_receive() {
  receive_ticket_.reset();
  receiver_waits_ = false;
  if (auto handler = std::exchange(receiver_, std::nullopt)) handler->post(operation_aborted, {});
  if (auto handler = std::exchange(raw_receiver_, std::nullopt)) handler->post(operation_aborted, {});
}

void SchedulerEngine::wake_receiver() {
  const auto serve = [this](auto& place) {
    using Received = typename std::decay_t<decltype(*place)>::template Argument<1>;
    error_code code;
    Received received;
    QueueItem item;
    if (pop(item)) {
      received = unpack<Received>(std::move(item));
    } else if (ended_) {
      code = errc::stopped;
    } else {
      receiver_waits_ = true;
      return;
    }
    receiver_waits_ = false;
    receive_ticket_.reset();
    std::exchange(place, std::nullopt)->post(code, std::move(received));
  };
  if (receiver_) serve(receiver_);
  if (raw_receiver_) serve(raw_receiver_);
}

bool SchedulerEngine::try_receive(SchedulerReceived& received) {
  if (receiver_waits_ || config_.receive_mode != ReceiveMode::messages) return false;
  QueueItem item;
  if (!pop(item)) return false;
  received = unpack<SchedulerReceived>(std::move(item));
  return true;
}

bool SchedulerEngine::pop(QueueItem& item) {
  const auto popped = queue_.pop(item);
  if (popped.resume) {
    // Never at once: it may wake the receiver, who is just being served.
    boost::asio::post(executor_, [self = shared_from_this()] { self->resume_reads(); });
  }
  return popped.found;
}

void SchedulerEngine::resume_reads() {
  if (!std::exchange(reads_paused_, false) || !stream_) return;
  stream_->resume();
  apply(policy::input::ReadsResumed{stream_attempt_});
}

void SchedulerEngine::call(detail::EncodedCall call, CallHandler handler) {
  std::shared_ptr<Ticket> ticket;
  if (auto slot = handler.slot(); slot.is_connected()) {
    ticket = std::make_shared<Ticket>();
    slot.assign([weak = weak_from_this(), ticket](boost::asio::cancellation_type) {
      const auto self = weak.lock();
      if (self)
        boost::asio::dispatch(self->executor_, [self, ticket] { self->calls_->cancel(ticket->call_id); });
    });
  }
  auto start = [self = shared_from_this(), ticket = std::move(ticket), call = std::move(call),
                handler = std::move(handler)]() mutable {
    const std::uint64_t id = ++self->last_call_id_;
    if (ticket) ticket->call_id = id;
    if (const auto teardown = self->calls_->send(std::move(call), std::move(handler), id)) {
      self->apply(policy::input::TeardownSent{*teardown});
    }
  };
  boost::asio::dispatch(executor_, std::move(start));
}

void SchedulerEngine::cancel() {
  boost::asio::dispatch(executor_, [self = shared_from_this()] {
    self->calls_->cancel_all();
    self->abort_receive();
    self->cancelled_ = true;
    self->apply(policy::input::Stop{});
    self->cancelled_ = false;
  });
}

ClientStats SchedulerEngine::stats() const {
  ClientStats stats;
  {
    const std::lock_guard lock(shared_mutex_);
    stats.state = shared_state_;
  }
  stats.subscriptions = counters_.subscriptions;
  stats.disconnections = counters_.disconnections;
  stats.attempts = counters_.attempts;
  stats.events = counters_.events;
  stats.undecoded_events = counters_.undecoded_events;
  stats.event_bytes = counters_.event_bytes;
  stats.queued_events = queue_.size();
  stats.calls = calls_->made();
  for (std::size_t outcome = 0; outcome < stats.calls_by_outcome.size(); ++outcome) {
    stats.calls_by_outcome[outcome] = calls_->ended(static_cast<CallOutcome>(outcome));
  }
  return stats;
}

Error SchedulerEngine::run_error() const {
  const std::lock_guard lock(shared_mutex_);
  return run_error_;
}

std::string SchedulerEngine::framework_id() const {
  const std::lock_guard lock(shared_mutex_);
  return framework_id_;
}

}  // namespace mesosio::session
