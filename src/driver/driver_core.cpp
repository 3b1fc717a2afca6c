// The life of a driver, after MesosSchedulerDriver in Mesos' src/sched/sched.cpp.
#include "driver/driver_core.hpp"

#include "codec/url.hpp"
#include "driver/framework_defaults.hpp"
#include "session/subscribe_request.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace mesosio::driver {
namespace {

std::shared_ptr<spdlog::logger> logger_of(const SchedulerConfig& config) {
  return config.logger ? config.logger : std::make_shared<spdlog::logger>("mesosio");
}

}  // namespace

DriverCore::DriverCore(Scheduler* scheduler, SchedulerDriver* driver, SchedulerConfig config,
                       DriverOptions options, BackendFactory make_backend)
    : options_(std::move(options)),
      make_backend_(std::move(make_backend)),
      driver_(driver),
      has_scheduler_(scheduler != nullptr),
      dispatcher_(scheduler, driver),
      config_(std::move(config)),
      log_(logger_of(config_)),
      memory_(options_.remembered_acknowledgements),
      framework_(config_) {}

Error DriverCore::prepare() {
  if (!has_scheduler_) {
    return {errc::invalid_argument, "the driver was given no scheduler (a null pointer)", {}};
  }
  if (Error error = fill_defaults(config_)) return error;
  codec::Endpoint master;
  if (Error error = session::check_config(config_, master)) return error;
  config_ = session::within_bounds(std::move(config_));
  framework_ = FrameworkState(config_);
  if (config_.framework.failover_timeout() == 0) {
    log_->warn("the framework's failover_timeout is 0: one disconnection makes the master end all its tasks");
  }
  return {};
}

Status DriverCore::start() {
  Error error;
  {
    const std::lock_guard lock(mutex_);
    if (status_ != DRIVER_NOT_STARTED) return status_;
    error = prepare();
    if (!error) {
      try {
        backend_ = make_backend_(config_, options_);
        backend_->post([self = shared_from_this()] { self->begin(); });
        status_ = DRIVER_RUNNING;
        backend_->launch(shared_from_this(),
                         [self = shared_from_this()](const std::string& what) { self->fail(what); });
        return status_;
      } catch (const std::exception& exception) {
        backend_.reset();
        error = {errc::invalid_argument, std::string("the driver could not start: ") + exception.what(), {}};
      }
    }
    status_ = DRIVER_ABORTED;
    ended_ = true;
    callback_thread_ = std::this_thread::get_id();
  }
  call_error(error.to_string());
  return status();
}

// The status is DRIVER_ABORTED already; as in libmesos, start() calls this on its own thread.
void DriverCore::call_error(const std::string& message) {
  log_->error("the driver is aborted: {}", printable(message));
  try {
    if (has_scheduler_) dispatcher_.deliver_error(message);
  } catch (const std::exception& exception) {
    log_->error("callback error threw an exception: {}", printable(exception.what()));
  } catch (...) {
    log_->error("callback error threw something that is no exception");
  }
  leave_callback();
}

Status DriverCore::stop(bool failover) {
  std::unique_lock lock(mutex_);
  if (status_ != DRIVER_RUNNING && status_ != DRIVER_ABORTED) return status_;
  const Status before = std::exchange(status_, DRIVER_STOPPED);
  if (before == DRIVER_ABORTED) return before;
  post_ending(failover ? Ending::drain : Ending::teardown);
  if (failover || in_callback() || !backend_->has_own_thread()) return DRIVER_STOPPED;
  const auto done = [this] { return ended_ || destroyed_; };
  if (const auto limit = config_.timeouts.teardown; limit.count() > 0) {
    changed_.wait_for(lock, limit, done);
  } else {
    changed_.wait(lock, done);
  }
  return DRIVER_STOPPED;
}

Status DriverCore::abort() {
  const std::lock_guard lock(mutex_);
  if (status_ != DRIVER_RUNNING) return status_;
  status_ = DRIVER_ABORTED;
  post_ending(Ending::now);
  return status_;
}

Status DriverCore::join() {
  std::unique_lock lock(mutex_);
  if (status_ == DRIVER_NOT_STARTED || in_callback()) return status_;
  changed_.wait(lock, [this] { return ended_ || destroyed_; });
  return status_;
}

Status DriverCore::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

bool DriverCore::running() const {
  return status() == DRIVER_RUNNING;
}

bool DriverCore::in_callback() const {
  return callback_thread_ == std::this_thread::get_id() || (backend_ && backend_->on_own_thread());
}

void DriverCore::destroy() {
  std::unique_lock lock(mutex_);
  destroyed_ = true;
  if (status_ == DRIVER_RUNNING) {
    status_ = DRIVER_STOPPED;
    post_ending(Ending::now);
  }
  changed_.notify_all();
  if (!backend_) return;
  if (in_callback()) return backend_->detach_thread();
  changed_.wait(lock, [this] { return callback_thread_ == std::thread::id(); });
  if (!backend_->has_own_thread()) return;
  lock.unlock();
  backend_->join_thread();
  lock.lock();
  // What a call left behind that was made while the thread ended would keep this object for ever.
  const auto backend = std::move(backend_);
  lock.unlock();
}

void DriverCore::post_ending(Ending ending) {
  backend_->post([self = shared_from_this(), ending] { self->begin_ending(ending); });
}

void DriverCore::begin_ending(Ending ending) {
  if (ending_) return;
  ending_ = ending;
  if (ending == Ending::now) return force_end();
  if (config_.timeouts.teardown.count() > 0) {
    backend_->start_timer(config_.timeouts.teardown, [self = shared_from_this()] {
      if (!self->forced_) {
        self->log_->warn("stopped with calls unanswered: their time ({} ms) is over",
                         self->config_.timeouts.teardown.count());
      }
      self->force_end();
    });
  }
  if (ending == Ending::teardown) {
    const auto sent = std::make_shared<Sent>();
    sent->call.set_type(scheduler::Call::TEARDOWN);
    sent->by = Sent::By::teardown;
    // Behind the acknowledgements that wait, should there be any.
    if (waiting_.empty()) {
      issue(sent);
    } else {
      waiting_.push_back(sent);
    }
  }
  end_when_drained();
}

void DriverCore::end_when_drained() {
  if (!ending_ || !waiting_.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    if (outstanding_ > 0) return;
  }
  force_end();
}

void DriverCore::force_end() {
  if (!std::exchange(forced_, true)) {
    waiting_.clear();
    backend_->cancel_timer();
    backend_->cancel();
  }
  conclude();
}

// Comes to an end when there is nothing more to receive and the run is over, whoever ended it.
void DriverCore::conclude() {
  if (!run_result_ || receiving_) return;
  if (ending_) {
    if (forced_) finish();
    return;
  }
  if (!receive_ended_) return;
  if (*run_result_) {
    const Error error = backend_->run_error();
    // The words of an ERROR event are what libmesos passes on.
    const bool event = error.code == errc::error_event && !error.peer_text.empty();
    const std::string words = error ? error.to_string() : run_result_->message();
    return fail(event ? error.peer_text : words);
  }
  {
    const std::lock_guard lock(mutex_);
    if (status_ == DRIVER_RUNNING) status_ = DRIVER_STOPPED;
  }
  begin_ending(Ending::now);
}

void DriverCore::finish() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

void DriverCore::fail(const std::string& message) {
  bool report = false;
  {
    const std::lock_guard lock(mutex_);
    if (status_ == DRIVER_RUNNING) {
      status_ = DRIVER_ABORTED;
      callback_thread_ = std::this_thread::get_id();
      report = true;
    }
  }
  if (report) {
    call_error(message);
  } else {
    log_->error("after the driver was ended: {}", printable(message));
  }
  begin_ending(Ending::now);
}

void DriverCore::warn(const std::string& text) {
  log_->warn("{}", text);
}

}  // namespace mesosio::driver
