/// What a `SchedulerClient` hands out: events that own their memory, and what lies between them.
#pragma once

#include <mesosio/error.hpp>
#include <mesosio/messages.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <variant>

namespace mesosio {

namespace detail {

class EventPool;

/// A message of the pool, and how many bytes of records its memory was made for.
struct EventSlot {
  scheduler::Event event;
  std::size_t weight = 0;
};

}  // namespace detail

/// A received event: owning and move-only. The message comes from a pool that keeps its memory; it goes back
/// there when the handle is destroyed, on whatever thread that happens, also after the client is gone. The
/// message may be changed and swapped from.
class SchedulerEvent {
 public:
  SchedulerEvent() noexcept = default;
  SchedulerEvent(SchedulerEvent&& other) noexcept;
  SchedulerEvent& operator=(SchedulerEvent&& other) noexcept;
  ~SchedulerEvent();

  scheduler::Event& operator*() const noexcept { return slot_->event; }
  scheduler::Event* operator->() const noexcept { return &slot_->event; }
  /// False when default-constructed or moved from; the others must not be used then.
  explicit operator bool() const noexcept { return slot_ != nullptr; }

 private:
  friend class detail::EventPool;
  SchedulerEvent(std::shared_ptr<detail::EventPool> pool, std::unique_ptr<detail::EventSlot> slot) noexcept;
  void release() noexcept;

  std::shared_ptr<detail::EventPool> pool_;
  std::unique_ptr<detail::EventSlot> slot_;
};

/// The subscription has ended; the client is subscribing again unless the run ends. Comes after the last
/// event of the subscription and before the first of the next.
struct Disconnected {
  Error cause;  ///< Why; never false.
};

/// A record of the event stream that is not an event of this API's version. It was skipped; the stream goes
/// on.
struct UndecodedEvent {
  Error cause;           ///< What was wrong with it.
  std::string record;    ///< Its bytes, the first 4,096 at most.
  std::size_t size = 0;  ///< How many bytes the whole record had.
};

/// One thing received, in the order of the stream.
using SchedulerReceived = std::variant<SchedulerEvent, Disconnected, UndecodedEvent>;

/// One record of the event stream, not parsed.
struct RawEvent {
  scheduler::Event::Type type =
      scheduler::Event::UNKNOWN;  ///< UNKNOWN also for types that this version does not know.
  std::string record;             ///< The bytes of the serialized `scheduler::Event`.
};

/// One thing received in raw mode. Only the types SUBSCRIBED and ERROR are parsed by the client; others can
/// be malformed.
using SchedulerReceivedRaw = std::variant<RawEvent, Disconnected, UndecodedEvent>;

}  // namespace mesosio
