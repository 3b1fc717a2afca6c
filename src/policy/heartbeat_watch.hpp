// Tells when a master has been silent for too long, counting only time in which somebody was listening.
#pragma once

#include "policy/time.hpp"

#include <optional>

namespace mesosio::policy {

class HeartbeatWatch {
 public:
  // `missed` heartbeat intervals without an event are too long; zero or less: never.
  explicit HeartbeatWatch(int missed) : missed_(missed) {}

  // A stream begins, with a read outstanding and the interval that Mesos uses where a master names none.
  void start(TimePoint now);
  void stop() noexcept { running_ = false; }

  // What SUBSCRIBED says. Absent, not above 0, not a number, or over a day: 15 s, since such an interval
  // would either end every subscription or watch over none.
  void set_interval(std::optional<double> seconds);

  // Any event proves life, not only HEARTBEAT.
  void seen(TimePoint now);

  // No read is outstanding (a slow consumer, a full queue): that silence is ours, not the master's.
  void pause(TimePoint now);
  void resume(TimePoint now);

  // When the silence will be too long if it goes on; nothing while paused, stopped, or switched off.
  [[nodiscard]] std::optional<TimePoint> deadline() const;
  [[nodiscard]] bool expired(TimePoint now) const;
  [[nodiscard]] bool paused() const noexcept { return running_ && paused_; }
  [[nodiscard]] Duration allowance() const { return interval_ * missed_; }

 private:
  int missed_;
  bool running_ = false;
  bool paused_ = false;
  Duration interval_{};
  Duration silence_{};  // listened to before listening_since_
  TimePoint listening_since_{};
};

}  // namespace mesosio::policy
