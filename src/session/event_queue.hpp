// What was received and waits for the consumer: bounded, so that a slow consumer stops the socket and not the
// memory.
#pragma once

#include <mesosio/scheduler_event.hpp>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <variant>
#include <vector>

namespace mesosio::session {

struct QueueItem {
  std::variant<SchedulerEvent, RawEvent, Disconnected, UndecodedEvent> value;
  std::size_t bytes = 0;  // of the record
};

// Thread-safe: a consumer may take from it on any thread.
class EventQueue {
 public:
  EventQueue(std::size_t max_events, std::size_t max_bytes);

  // Always takes the item: what was read is never dropped. Returns whether there is room for another.
  bool push(QueueItem item);

  struct Popped {
    bool found = false;
    bool resume =
        false;  // a full queue has become half empty: whoever popped must see to it that reading goes on
  };
  Popped pop(QueueItem& item);

  [[nodiscard]] std::size_t size() const;

 private:
  [[nodiscard]] std::size_t size_unlocked() const { return items_.size() - head_; }

  const std::size_t max_events_;
  const std::size_t max_bytes_;
  mutable std::mutex mutex_;
  std::vector<QueueItem>
      items_;  // [head_, end) wait; the front is cut off in large pieces, so that a pop is a move
  std::size_t head_ = 0;
  std::size_t bytes_ = 0;
  bool full_ = false;
};

}  // namespace mesosio::session
