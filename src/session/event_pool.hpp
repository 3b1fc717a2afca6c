// Parsed events that keep their memory from one record to the next.
#pragma once

#include <mesosio/scheduler_event.hpp>

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

namespace mesosio::detail {

// Thread-safe: events come back on whatever thread their consumer drops them.
class EventPool : public std::enable_shared_from_this<EventPool> {
 public:
  // What is kept is bounded by the bytes of the records that the messages' memory was made for.
  explicit EventPool(std::size_t max_kept_bytes = std::size_t{64} << 10) : max_kept_bytes_(max_kept_bytes) {}

  // An event, with old content, for a record of `bytes` bytes.
  [[nodiscard]] SchedulerEvent take(std::size_t bytes);
  void give_back(std::unique_ptr<EventSlot> slot) noexcept;

  [[nodiscard]] std::size_t kept() const;

 private:
  const std::size_t max_kept_bytes_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<EventSlot>> free_;
  std::size_t kept_bytes_ = 0;
};

}  // namespace mesosio::detail
