// The life of a framework's subscription as a state machine without I/O: what to do on each input, at the
// time given.
#pragma once

#include "policy/backoff.hpp"
#include "policy/heartbeat_watch.hpp"
#include "policy/session_io.hpp"

#include <mesosio/call_result.hpp>
#include <mesosio/scheduler_config.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace mesosio::policy {

struct SessionConfig {
  codec::Endpoint master;
  std::string framework_id;  // empty: a new framework
  BackoffConfig backoff;
  TimeoutConfig timeouts;
  int max_redirects = 5;
  std::uint64_t seed = 0;
};

class SchedulerSession {
 public:
  explicit SchedulerSession(SessionConfig config);

  // Appends to `out` what is to be done, in order. Inputs of stale attempts are dropped here and nowhere
  // else.
  void step(const Input& input, TimePoint now, Actions& out);

  [[nodiscard]] ConnectionState state() const noexcept { return state_; }
  [[nodiscard]] Attempt attempt() const noexcept { return attempt_; }
  [[nodiscard]] const std::string& framework_id() const noexcept { return framework_id_; }

 private:
  [[nodiscard]] bool stale(const Input& input) const;

  void on(const input::Start& in, TimePoint now, Actions& out);
  void on(const input::Stop& in, TimePoint now, Actions& out);
  void on(const input::Connected& in, TimePoint now, Actions& out);
  void on(const input::Answered& in, TimePoint now, Actions& out);
  void on(const input::Lost& in, TimePoint now, Actions& out);
  void on(const input::SubscribedSeen& in, TimePoint now, Actions& out);
  void on(const input::ErrorSeen& in, TimePoint now, Actions& out);
  void on(const input::EventSeen& in, TimePoint now, Actions& out);
  void on(const input::UndecodedSeen& in, TimePoint now, Actions& out);
  void on(const input::TimerFired& in, TimePoint now, Actions& out);
  void on(const input::Polled& in, TimePoint now, Actions& out);
  void on(const input::ReadsPaused& in, TimePoint now, Actions& out);
  void on(const input::ReadsResumed& in, TimePoint now, Actions& out);
  void on(const input::CallAnswered& in, TimePoint now, Actions& out);
  void on(const input::TeardownSent& in, TimePoint now, Actions& out);
  void on(const input::TeardownEnded& in, TimePoint now, Actions& out);

  void accepted(const input::Answered& in, TimePoint now, Actions& out);
  void redirected(const input::Answered& in, TimePoint now, Actions& out);
  void connect(Actions& out);
  void disconnect(Error cause, TimePoint now, Actions& out);
  void retry_later(const std::string& cause, TimePoint now, Actions& out);
  void end(Error why, Actions& out);
  void arm_watch(Actions& out);

  SessionConfig config_;
  Backoff backoff_;
  HeartbeatWatch watch_;
  ConnectionState state_ = ConnectionState::disconnected;
  bool running_ = false;
  Attempt attempt_ = 0;
  codec::Endpoint endpoint_;  // of this attempt: the configured master, or where it redirected to
  int redirects_ = 0;
  std::string framework_id_;
  std::string stream_id_;
  bool answered_ = false;     // the 200 of this attempt has come; its events are current
  bool watch_armed_ = false;  // the heartbeat timer is set
  TimePoint subscribed_at_{};
  std::optional<Attempt> teardown_;  // sent on the subscription of this attempt, answer awaited
};

}  // namespace mesosio::policy
