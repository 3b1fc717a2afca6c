// A vector with a moving front: no allocation per event once it is warm, and none kept after a burst.
#include "session/event_queue.hpp"

#include <algorithm>
#include <utility>

namespace mesosio::session {
namespace {

constexpr std::size_t kept_capacity = 128;

}  // namespace

EventQueue::EventQueue(std::size_t max_events, std::size_t max_bytes)
    : max_events_(std::max<std::size_t>(max_events, 1)), max_bytes_(std::max<std::size_t>(max_bytes, 1)) {}

bool EventQueue::push(QueueItem item) {
  const std::lock_guard lock(mutex_);
  bytes_ += item.bytes;
  items_.push_back(std::move(item));
  full_ = full_ || size_unlocked() >= max_events_ || bytes_ >= max_bytes_;
  return !full_;
}

EventQueue::Popped EventQueue::pop(QueueItem& item) {
  const std::lock_guard lock(mutex_);
  if (size_unlocked() == 0) return {};
  item = std::move(items_[head_]);
  ++head_;
  bytes_ -= item.bytes;
  if (head_ == items_.size()) {
    items_.clear();
    head_ = 0;
    if (items_.capacity() > kept_capacity) items_.shrink_to_fit();
  } else if (head_ >= kept_capacity && head_ * 2 >= items_.size()) {
    items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
  Popped popped{true, false};
  // Half empty, not merely no longer full: a consumer that keeps up again should not stop and start the reads
  // for each event.
  if (full_ && size_unlocked() * 2 <= max_events_ && bytes_ * 2 <= max_bytes_) {
    full_ = false;
    popped.resume = true;
  }
  return popped;
}

std::size_t EventQueue::size() const {
  const std::lock_guard lock(mutex_);
  return size_unlocked();
}

}  // namespace mesosio::session
