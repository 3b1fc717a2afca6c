// The real backend: a SchedulerClient, on a thread of its own or on the user's executor.
#pragma once

#include "driver/backend.hpp"

#include <mesosio/scheduler_client.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <memory>
#include <thread>

namespace mesosio::driver {

class ClientBackend final : public Backend {
 public:
  ClientBackend(SchedulerConfig config, const DriverOptions& options);
  ~ClientBackend() override;

  void run(RunHandler handler) override;
  void receive(ReceiveHandler handler) override;
  bool try_receive(SchedulerReceived& received) override;
  void call(const scheduler::Call& call, CallHandler handler) override;
  void cancel() override;
  [[nodiscard]] Error run_error() const override;

  void post(std::function<void()> work) override;
  void start_timer(std::chrono::milliseconds delay, std::function<void()> handler) override;
  void cancel_timer() override;

  void launch(std::shared_ptr<void> keep, std::function<void(const std::string&)> failed) override;
  [[nodiscard]] bool has_own_thread() const override { return context_ != nullptr; }
  [[nodiscard]] bool on_own_thread() const override;
  void join_thread() override;
  void detach_thread() override;

 private:
  std::unique_ptr<boost::asio::io_context> context_;  // null with a user's executor
  boost::asio::any_io_executor strand_;               // where handlers run
  SchedulerClient client_;
  boost::asio::steady_timer timer_;
  std::atomic<std::thread::id> thread_id_{};
  std::thread thread_;
};

[[nodiscard]] std::unique_ptr<Backend> make_client_backend(SchedulerConfig config,
                                                           const DriverOptions& options);

}  // namespace mesosio::driver
