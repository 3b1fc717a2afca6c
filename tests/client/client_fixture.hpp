// A client, a fake master, and an io_context that is run until something is true.
#pragma once

#include "support/fake_master.hpp"

#include <mesosio/scheduler_calls.hpp>
#include <mesosio/scheduler_client.hpp>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mesosio {

inline SchedulerConfig config_for(const std::string& master) {
  SchedulerConfig config;
  config.master = master;
  config.framework.set_user("nobody");
  config.framework.set_name("client-test");
  config.backoff = {std::chrono::milliseconds{5}, std::chrono::milliseconds{50}, 2.0};
  config.random_seed = 1;
  return config;
}

class ClientTest : public ::testing::Test {
 protected:
  void make(SchedulerConfig config) { client.emplace(io, std::move(config)); }
  void make() { make(config_for(master.address())); }

  void run() {
    client->async_run([this](error_code code) { run_result = code; });
  }

  // Runs handlers until `done`; a test that waits for half a minute has failed.
  template <class Condition>
  [[nodiscard]] bool until(Condition done) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (!done()) {
      if (std::chrono::steady_clock::now() > limit) return false;
      if (io.stopped()) io.restart();
      io.run_one_for(std::chrono::milliseconds{20});
    }
    return true;
  }

  // Runs what is ready, without waiting.
  void settle() {
    io.restart();
    io.poll();
  }

  SchedulerReceived receive() {
    std::optional<SchedulerReceived> got;
    client->async_receive([&](error_code code, SchedulerReceived received) {
      receive_result = code;
      got = std::move(received);
    });
    EXPECT_TRUE(until([&] { return got.has_value(); }));
    return got ? std::move(*got) : SchedulerReceived{};
  }

  // The next event; HEARTBEAT and what is no event are a failure of the test where another type is wanted.
  SchedulerEvent receive_event(scheduler::Event::Type type) {
    auto received = receive();
    auto* event = std::get_if<SchedulerEvent>(&received);
    if (event == nullptr || !*event) {
      ADD_FAILURE() << "no event: " << receive_result.message();
      return {};
    }
    EXPECT_EQ((*event)->type(), type);
    return std::move(*event);
  }

  void subscribe() {
    run();
    receive_event(scheduler::Event::SUBSCRIBED);
  }

  CallResult call(scheduler::Call call) {
    std::optional<CallResult> got;
    client->async_call(std::move(call), [&](error_code code, CallResult result) {
      EXPECT_TRUE(code == result.error.code || code == boost::asio::error::operation_aborted);
      got = std::move(result);
    });
    EXPECT_FALSE(got.has_value()) << "a handler ran inside its initiating function";
    EXPECT_TRUE(until([&] { return got.has_value(); }));
    return got ? std::move(*got) : CallResult{CallOutcome::unknown, 0, {}};
  }

  boost::asio::io_context io;
  testing::FakeMaster master;
  std::optional<SchedulerClient> client;
  std::optional<error_code> run_result;
  error_code receive_result;
};

}  // namespace mesosio
