// The world of a driver's core as a test wants it: one thread, no network, no time.
#pragma once

#include "driver/backend.hpp"

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mesosio::testing {

// What the core did and what it is to get; outlives the backend, which the core owns.
struct FakeWorld {
  struct MadeCall {
    scheduler::Call call;
    driver::Backend::CallHandler handler;  // null once it was answered
  };

  std::deque<std::function<void()>> work;
  std::deque<SchedulerReceived> items;
  std::vector<MadeCall> calls;
  driver::Backend::RunHandler run_handler;
  driver::Backend::ReceiveHandler receive_handler;
  std::function<void()> timer;
  std::chrono::milliseconds timer_delay{0};
  Error run_error;
  SchedulerConfig config;  // what the backend was made with
  int cancels = 0;
  bool own_thread = false;
  bool joined = false;
  bool detached = false;
  bool fail_to_launch = false;
  bool run_ended = false;

  // Runs all that is ready.
  void settle() {
    while (!work.empty()) {
      const auto next = std::move(work.front());
      work.pop_front();
      next();
    }
  }

  // Hands over what came, and runs what follows of it.
  void give(SchedulerReceived item) {
    items.push_back(std::move(item));
    serve();
    settle();
  }

  // The result of the n-th call; what follows runs with the next settle().
  void answer(std::size_t n, CallOutcome outcome, int status = 202) {
    CallResult result{outcome, status, {}};
    if (outcome != CallOutcome::accepted) result.error = {errc::call_refused, "scripted", "words"};
    work.push_back([handler = std::exchange(calls.at(n).handler, nullptr), result] { handler(result); });
  }
  void answer_all(CallOutcome outcome) {
    for (std::size_t n = 0; n < calls.size(); ++n) {
      if (calls[n].handler) answer(n, outcome);
    }
  }

  void end_run(error_code code, Error error = {}) {
    run_error = std::move(error);
    run_ended = true;
    if (run_handler) work.push_back([handler = std::exchange(run_handler, nullptr), code] { handler(code); });
    serve();
  }

  void serve() {
    if (!receive_handler) return;
    if (items.empty() && !run_ended) return;
    auto handler = std::exchange(receive_handler, nullptr);
    if (items.empty()) {
      work.push_back([handler] { handler(errc::stopped, SchedulerReceived()); });
      return;
    }
    auto item = std::make_shared<SchedulerReceived>(std::move(items.front()));
    items.pop_front();
    work.push_back([handler, item] { handler(error_code(), std::move(*item)); });
  }

  [[nodiscard]] std::vector<scheduler::Call::Type> types() const {
    std::vector<scheduler::Call::Type> types;
    for (const MadeCall& made : calls) types.push_back(made.call.type());
    return types;
  }
};

class FakeBackend final : public driver::Backend {
 public:
  explicit FakeBackend(std::shared_ptr<FakeWorld> world) : world_(std::move(world)) {}
  // As a context does: what was not run is dropped.
  ~FakeBackend() override {
    world_->work.clear();
    world_->timer = nullptr;
  }

  void run(RunHandler handler) override { world_->run_handler = std::move(handler); }
  void receive(ReceiveHandler handler) override {
    world_->receive_handler = std::move(handler);
    world_->serve();
  }
  bool try_receive(SchedulerReceived& received) override {
    if (world_->receive_handler || world_->items.empty()) return false;
    received = std::move(world_->items.front());
    world_->items.pop_front();
    return true;
  }
  void call(const scheduler::Call& call, CallHandler handler) override {
    world_->calls.push_back({call, std::move(handler)});
  }
  void cancel() override {
    ++world_->cancels;
    world_->items.clear();
    if (world_->receive_handler) {
      auto handler = std::exchange(world_->receive_handler, nullptr);
      world_->work.push_back([handler] { handler(errc::stopped, SchedulerReceived()); });
    }
    world_->answer_all(CallOutcome::cancelled);
    world_->end_run(errc::stopped);
  }
  [[nodiscard]] Error run_error() const override { return world_->run_error; }

  void post(std::function<void()> work) override { world_->work.push_back(std::move(work)); }
  void start_timer(std::chrono::milliseconds delay, std::function<void()> handler) override {
    world_->timer_delay = delay;
    world_->timer = std::move(handler);
  }
  void cancel_timer() override { world_->timer = nullptr; }

  void launch(std::shared_ptr<void>, std::function<void(const std::string&)>) override {
    if (world_->fail_to_launch) throw std::runtime_error("no thread");
  }
  [[nodiscard]] bool has_own_thread() const override { return world_->own_thread; }
  [[nodiscard]] bool on_own_thread() const override { return false; }
  void join_thread() override { world_->joined = true; }
  void detach_thread() override { world_->detached = true; }

 private:
  std::shared_ptr<FakeWorld> world_;
};

}  // namespace mesosio::testing
