// Runs a session against a manual clock and keeps what it said.
#pragma once

#include "policy/scheduler_session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace mesosio::policy {

class SessionScript {
 public:
  static SessionConfig default_config() {
    SessionConfig config;
    config.master = {"http", "m1", 5050, "/api/v1/scheduler"};
    config.seed = 11;
    return config;
  }

  explicit SessionScript(SessionConfig config = default_config()) : session(std::move(config)) {}

  // The actions of one input, without log lines (those go to `logs`).
  Actions step(const Input& input) {
    Actions all;
    session.step(input, now, all);
    Actions actions;
    for (auto& action : all) {
      if (auto* log = std::get_if<action::Log>(&action)) {
        logs.push_back(log->text);
      } else {
        actions.push_back(std::move(action));
      }
    }
    return actions;
  }

  void pass(std::chrono::milliseconds time) { now += time; }

  [[nodiscard]] Attempt at() const { return session.attempt(); }

  static input::Answered accepted(Attempt attempt, std::string stream_id = "stream-1") {
    return {attempt, 200, std::move(stream_id), "application/x-protobuf", "", "", ""};
  }

  // Goes as far as the SUBSCRIBED event.
  void subscribe(const std::string& framework_id = "fw-1") {
    if (session.state() == ConnectionState::disconnected && at() == 0) step(input::Start{});
    step(input::Connected{at()});
    step(accepted(at()));
    step(input::SubscribedSeen{at(), framework_id, 15.0});
    ASSERT_EQ(session.state(), ConnectionState::subscribed);
  }

  // Fires the retry timer when it is due.
  void retry(const Actions& after_disconnect) {
    const auto timer = find<action::SetTimer>(after_disconnect);
    ASSERT_TRUE(timer.has_value());
    ASSERT_EQ(timer->timer, Timer::retry);
    now = timer->at;
    step(input::TimerFired{Timer::retry, timer->attempt});
  }

  template <class Wanted>
  static std::optional<Wanted> find(const Actions& actions) {
    for (const auto& action : actions) {
      if (const auto* wanted = std::get_if<Wanted>(&action)) return *wanted;
    }
    return std::nullopt;
  }

  SchedulerSession session;
  TimePoint now{std::chrono::hours{10}};
  std::vector<std::string> logs;
};

inline Error lost(errc code = errc::connection_lost) {
  return {make_error_code(code), "m1:5050: gone", {}};
}

}  // namespace mesosio::policy
