// Binds the client's completions to the strand of the callbacks.
#include "driver/client_backend.hpp"

#include "driver/callback_executor.hpp"

#include <mesosio/scheduler_driver_asio.hpp>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>

#include <exception>
#include <utility>

namespace mesosio {

std::shared_ptr<const CallbackExecutor> callbacks_on(boost::asio::any_io_executor executor) {
  return std::make_shared<CallbackExecutor>(std::move(executor));
}

namespace driver {
namespace {

namespace asio = boost::asio;

asio::any_io_executor base_executor(const std::unique_ptr<asio::io_context>& own,
                                    const DriverOptions& options) {
  return own ? asio::any_io_executor(own->get_executor()) : options.executor->executor();
}

SchedulerConfig parsed_mode(SchedulerConfig config) {
  config.receive_mode = ReceiveMode::messages;
  return config;
}

}  // namespace

ClientBackend::ClientBackend(SchedulerConfig config, const DriverOptions& options)
    : context_(options.executor ? nullptr : std::make_unique<asio::io_context>(1)),
      strand_(asio::make_strand(base_executor(context_, options))),
      client_(base_executor(context_, options), parsed_mode(std::move(config))),
      timer_(strand_) {}

ClientBackend::~ClientBackend() = default;

void ClientBackend::run(RunHandler handler) {
  client_.async_run(asio::bind_executor(strand_, std::move(handler)));
}

void ClientBackend::receive(ReceiveHandler handler) {
  client_.async_receive(asio::bind_executor(strand_, std::move(handler)));
}

bool ClientBackend::try_receive(SchedulerReceived& received) {
  return client_.try_receive(received);
}

void ClientBackend::call(const scheduler::Call& call, CallHandler handler) {
  client_.async_call(call, asio::bind_executor(
                               strand_, [handler = std::move(handler)](const error_code&, CallResult result) {
                                 handler(std::move(result));
                               }));
}

void ClientBackend::cancel() {
  client_.cancel();
}

Error ClientBackend::run_error() const {
  return client_.run_error();
}

void ClientBackend::post(std::function<void()> work) {
  asio::post(strand_, std::move(work));
}

void ClientBackend::start_timer(std::chrono::milliseconds delay, std::function<void()> handler) {
  timer_.expires_after(delay);
  timer_.async_wait([handler = std::move(handler)](const error_code& failed) {
    if (!failed) handler();
  });
}

void ClientBackend::cancel_timer() {
  timer_.cancel();
}

void ClientBackend::launch(std::shared_ptr<void> keep, std::function<void(const std::string&)> failed) {
  if (!context_) return;
  thread_ = std::thread([this, keep = std::move(keep), failed = std::move(failed)]() mutable {
    thread_id_ = std::this_thread::get_id();
    for (bool ended = false; !ended;) {
      try {
        context_->run();
        ended = true;
      } catch (const std::exception& error) {
        failed(error.what());
      } catch (...) {
        failed("an exception of unknown type");
      }
    }
    thread_id_ = std::thread::id();
    // What it holds of the driver goes before `keep`, which may be the last to hold this object.
    failed = nullptr;
    keep.reset();
  });
}

bool ClientBackend::on_own_thread() const {
  return thread_id_.load() == std::this_thread::get_id();
}

void ClientBackend::join_thread() {
  if (thread_.joinable()) thread_.join();
}

void ClientBackend::detach_thread() {
  if (thread_.joinable()) thread_.detach();
}

std::unique_ptr<Backend> make_client_backend(SchedulerConfig config, const DriverOptions& options) {
  return std::make_unique<ClientBackend>(std::move(config), options);
}

}  // namespace driver
}  // namespace mesosio
