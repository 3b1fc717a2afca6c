// Takes and gives back; also the event handle, whose end is the giving back.
#include "session/event_pool.hpp"

#include <algorithm>
#include <utility>

namespace mesosio {

SchedulerEvent::SchedulerEvent(std::shared_ptr<detail::EventPool> pool,
                               std::unique_ptr<detail::EventSlot> slot) noexcept
    : pool_(std::move(pool)), slot_(std::move(slot)) {}

SchedulerEvent::SchedulerEvent(SchedulerEvent&& other) noexcept = default;

SchedulerEvent& SchedulerEvent::operator=(SchedulerEvent&& other) noexcept {
  if (this != &other) {
    release();
    pool_ = std::move(other.pool_);
    slot_ = std::move(other.slot_);
  }
  return *this;
}

SchedulerEvent::~SchedulerEvent() {
  release();
}

void SchedulerEvent::release() noexcept {
  if (slot_ != nullptr) pool_->give_back(std::move(slot_));
}

namespace detail {
namespace {

// Even an empty message has a size.
constexpr std::size_t least_weight = 256;
constexpr std::size_t most_kept = 256;

}  // namespace

SchedulerEvent EventPool::take(std::size_t bytes) {
  std::unique_ptr<EventSlot> slot;
  {
    const std::lock_guard lock(mutex_);
    if (!free_.empty()) {
      slot = std::move(free_.back());
      free_.pop_back();
      kept_bytes_ -= slot->weight;
    }
  }
  if (slot == nullptr) slot = std::make_unique<EventSlot>();
  slot->weight = std::max({slot->weight, bytes, least_weight});
  return {shared_from_this(), std::move(slot)};
}

void EventPool::give_back(std::unique_ptr<EventSlot> slot) noexcept {
  const std::lock_guard lock(mutex_);
  if (free_.size() >= most_kept || slot->weight > max_kept_bytes_ - std::min(kept_bytes_, max_kept_bytes_))
    return;
  try {
    if (free_.capacity() == 0) free_.reserve(16);
    free_.push_back(std::move(slot));
    kept_bytes_ += free_.back()->weight;
  } catch (const std::bad_alloc&) {
    // Then it is freed with the argument; the pool only saves work.
  }
}

std::size_t EventPool::kept() const {
  const std::lock_guard lock(mutex_);
  return free_.size();
}

}  // namespace detail
}  // namespace mesosio
