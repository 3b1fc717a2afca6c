// Owns the helper process that runs all tasks of a cluster; the only way in which the local cluster starts
// processes.
#include "local/task_supervisor.hpp"

#include "local/reaper/helper_path.hpp"
#include "local/reaper/helper_process.hpp"
#include "local/reaper/launch_request.hpp"
#include "local/reaper/protocol.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>

namespace mesosio::local {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

// Requests that the helper has not taken yet; it takes them at once unless something is badly wrong.
constexpr std::size_t max_queued = 64U << 20U;
constexpr auto start_limit = 10s;
constexpr auto stop_limit = 5s;

}  // namespace

class TaskSupervisor::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(asio::any_io_executor executor, Handler handler)
      : executor_(std::move(executor)), handler_(std::move(handler)), socket_(executor_) {}

  Error start(const std::string& helper);
  void launch(TaskProcess process);
  void signal(const std::string& id, int signal);
  void stop();

 private:
  enum class State { idle, running, lost, stopped };
  using Lock = std::unique_lock<std::mutex>;

  template <class Work>
  void exclusively(Work work);
  template <class Function, class... Arguments>
  void call(const Function& handler, const Arguments&... arguments);
  void fail_later(const std::string& id, Error error);
  Error enqueue(TaskProcess process);
  void queue(std::string frame);
  void write();
  void read();
  void on_read(const error_code& error, std::size_t size);
  void on_message(const reaper::Message& message);
  bool take_task(std::uint64_t token, bool ended, TaskProcess& task);
  void lose(const std::string& why);

  const asio::any_io_executor executor_;
  const Handler handler_;

  // Used on the executor only (after start), by one operation at a time.
  asio::local::stream_protocol::socket socket_;
  std::array<char, 16U << 10U> chunk_{};
  reaper::Frames in_{reaper::max_report};

  // By start(), then by lose() or, when no handler runs any more, stop().
  reaper::HelperProcess helper_;

  std::mutex mutex_;  // for what follows; never held while a handler runs
  std::condition_variable idle_;
  std::thread::id busy_;  // the thread that works for the handlers now
  State state_ = State::idle;
  std::uint64_t last_token_ = 0;
  std::map<std::uint64_t, TaskProcess> tasks_;  // what messages need of them, by token
  std::map<std::string, std::uint64_t> tokens_;
  std::deque<std::string> out_;
  std::size_t queued_ = 0;
  bool writing_ = false;
};

Error TaskSupervisor::Impl::start(const std::string& helper) {
  {
    const Lock lock(mutex_);
    if (state_ == State::stopped) return {errc::stopped, "the task supervisor was stopped", {}};
    if (state_ != State::idle) return {errc::already_running, "the task supervisor was started already", {}};
  }
  std::string path;
  if (Error error = reaper::find_helper(helper, path)) return error;
  if (Error error = helper_.start(path, start_limit)) return error;
  const int fd = helper_.open_socket();
  error_code failed(errno, boost::system::generic_category());
  if (fd >= 0) socket_.assign(asio::local::stream_protocol(), fd, failed);
  if (failed && fd >= 0) ::close(fd);
  if (!socket_.is_open()) {
    helper_.end(stop_limit);
    return {errc::connect_failed, "the socket of the task helper cannot be used: " + failed.message(), {}};
  }
  {
    const Lock lock(mutex_);
    state_ = State::running;
  }
  asio::post(executor_, [self = shared_from_this()] { self->exclusively([&] { self->read(); }); });
  return {};
}

void TaskSupervisor::Impl::launch(TaskProcess process) {
  const std::string id = process.id;
  if (Error error = enqueue(std::move(process))) fail_later(id, std::move(error));
}

Error TaskSupervisor::Impl::enqueue(TaskProcess process) {
  const auto refuse = [&](errc code, const std::string& why) {
    return Error{code, "task '" + printable(process.id) + "' was not started: " + why, {}};
  };
  reaper::Launch request;
  const Lock lock(mutex_);
  if (Error error = reaper::make_launch(process, last_token_ + 1, request)) return error;
  if (state_ != State::running) return refuse(errc::stopped, "the task helper does not run");
  if (tokens_.count(process.id) != 0) {
    return refuse(errc::invalid_argument,
                  "another one with this id has not ended; expected an id of its own");
  }
  std::string frame = reaper::encode(std::move(request));
  const std::size_t size = frame.size();
  if (size > reaper::max_request) {
    return refuse(errc::invalid_argument, "its command and environment have " + std::to_string(size) +
                                              " bytes; expected " + std::to_string(reaper::max_request) +
                                              " at most");
  }
  if (size > max_queued - queued_)
    return refuse(errc::queue_full, "too many launches wait for the task helper");
  queue(std::move(frame));
  // The large parts are not needed again.
  process.arguments.clear();
  process.environment.clear();
  tokens_[process.id] = ++last_token_;
  tasks_[last_token_] = std::move(process);
  return {};
}

void TaskSupervisor::Impl::signal(const std::string& id, int signal) {
  const Lock lock(mutex_);
  const auto found = tokens_.find(id);
  if (state_ == State::running && found != tokens_.end()) {
    queue(reaper::encode(reaper::Signal{found->second, signal}));
  }
}

void TaskSupervisor::Impl::stop() {
  {
    Lock lock(mutex_);
    if (state_ == State::stopped) return;
    state_ = State::stopped;
    idle_.wait(lock, [&] { return busy_ == std::thread::id() || busy_ == std::this_thread::get_id(); });
  }
  helper_.end(stop_limit);
  asio::post(executor_, [self = shared_from_this()] {
    error_code ignored;
    self->socket_.close(ignored);
  });
}

// Runs `work`, which may call handlers, unless stopped; stop() waits for its end.
template <class Work>
void TaskSupervisor::Impl::exclusively(Work work) {
  struct Leave {
    Impl& impl;
    ~Leave() {
      {
        const Lock lock(impl.mutex_);
        impl.busy_ = {};
      }
      impl.idle_.notify_all();
    }
  };
  {
    const Lock lock(mutex_);
    if (state_ == State::stopped) return;
    busy_ = std::this_thread::get_id();
  }
  const Leave leave{*this};
  work();
}

// Only inside exclusively(); a handler may have called stop() before this one.
template <class Function, class... Arguments>
void TaskSupervisor::Impl::call(const Function& handler, const Arguments&... arguments) {
  {
    const Lock lock(mutex_);
    if (state_ == State::stopped) return;
  }
  if (handler) handler(arguments...);
}

void TaskSupervisor::Impl::fail_later(const std::string& id, Error error) {
  asio::post(executor_, [self = shared_from_this(), id, error = std::move(error)] {
    self->exclusively([&] { self->call(self->handler_.failed, id, error); });
  });
}

// Under the lock.
void TaskSupervisor::Impl::queue(std::string frame) {
  queued_ += frame.size();
  out_.push_back(std::move(frame));
  if (writing_) return;
  writing_ = true;
  asio::post(executor_, [self = shared_from_this()] { self->write(); });
}

// On the executor. The string that is being written stays where it is while others are added behind it.
void TaskSupervisor::Impl::write() {
  const Lock lock(mutex_);
  if (state_ != State::running) out_.clear();
  if (out_.empty()) {
    writing_ = false;
    return;
  }
  asio::async_write(socket_, asio::buffer(out_.front()),
                    [self = shared_from_this()](error_code error, std::size_t) {
                      {
                        const Lock inner(self->mutex_);
                        self->queued_ -= self->out_.front().size();
                        self->out_.pop_front();
                      }
                      // A broken socket has an end to be read too, and that is where it is dealt with.
                      if (!error) self->write();
                    });
}

void TaskSupervisor::Impl::read() {
  socket_.async_read_some(asio::buffer(chunk_),
                          [self = shared_from_this()](error_code error, std::size_t size) {
                            self->exclusively([&] { self->on_read(error, size); });
                          });
}

void TaskSupervisor::Impl::on_read(const error_code& error, std::size_t size) {
  if (error) return lose({});
  in_.append({chunk_.data(), size});
  while (const auto message = in_.next()) on_message(*message);
  if (in_.broken()) return lose("it sent what is no report of a task");
  read();
}

void TaskSupervisor::Impl::on_message(const reaper::Message& message) {
  TaskProcess task;
  if (const auto* started = std::get_if<reaper::Started>(&message)) {
    if (take_task(started->token, false, task)) call(handler_.started, task.id, started->pid);
  } else if (const auto* failed = std::get_if<reaper::Failed>(&message)) {
    if (take_task(failed->token, true, task)) {
      call(handler_.failed, task.id, reaper::start_error(task, failed->stage, failed->error));
    }
  } else if (const auto* exited = std::get_if<reaper::Exited>(&message)) {
    if (take_task(exited->token, true, task)) call(handler_.exited, task.id, exited->status);
  }
}

bool TaskSupervisor::Impl::take_task(std::uint64_t token, bool ended, TaskProcess& task) {
  const Lock lock(mutex_);
  const auto found = tasks_.find(token);
  if (found == tasks_.end()) return false;
  task = found->second;
  if (ended) {
    tasks_.erase(found);
    tokens_.erase(task.id);
  }
  return true;
}

void TaskSupervisor::Impl::lose(const std::string& why) {
  {
    const Lock lock(mutex_);
    if (state_ != State::running) return;
    state_ = State::lost;
    tasks_.clear();
    tokens_.clear();
  }
  const int pid = helper_.pid();
  helper_.end(stop_limit);
  error_code ignored;
  socket_.close(ignored);
  const std::string cause = !why.empty()               ? why
                            : helper_.ending().empty() ? "it ended"
                                                       : "it " + helper_.ending();
  call(handler_.lost,
       Error{errc::connection_lost,
             "the task helper (process " + std::to_string(pid) + ") is gone, and all tasks with it: " + cause,
             {}});
}

TaskSupervisor::TaskSupervisor(asio::any_io_executor executor, Handler handler)
    : impl_(std::make_shared<Impl>(std::move(executor), std::move(handler))) {}

TaskSupervisor::~TaskSupervisor() {
  impl_->stop();
}

Error TaskSupervisor::start(const std::string& helper) {
  return impl_->start(helper);
}
void TaskSupervisor::launch(TaskProcess process) {
  impl_->launch(std::move(process));
}
void TaskSupervisor::signal(const std::string& id, int signal) {
  impl_->signal(id, signal);
}
void TaskSupervisor::stop() {
  impl_->stop();
}

}  // namespace mesosio::local
