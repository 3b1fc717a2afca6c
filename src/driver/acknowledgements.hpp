// Which updates have been acknowledged already: a bounded memory, so that one that comes again is not
// delivered twice.
#pragma once

#include <mesosio/messages.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace mesosio::driver {

// What tells one update from all others. Of fixed size, whatever a peer sends: of the task's or operation's
// id it holds a hash only.
struct UpdateKey {
  std::array<char, 16> uuid{};
  std::uint64_t subject = 0;

  friend bool operator==(const UpdateKey&, const UpdateKey&) = default;
};

// Nothing where there is no uuid of 16 bytes: such an update cannot be acknowledged.
[[nodiscard]] std::optional<UpdateKey> update_key(const TaskStatus& status);
[[nodiscard]] std::optional<UpdateKey> update_key(const OperationStatus& status);
// The key of the update that this call acknowledges; nothing for other calls.
[[nodiscard]] std::optional<UpdateKey> update_key(const scheduler::Call& call);

// Holds the keys used last, `bound` at most. Not thread-safe.
class AcknowledgementMemory {
 public:
  explicit AcknowledgementMemory(std::size_t bound) : bound_(bound) {}

  // An acknowledgement was sent.
  void remember(const UpdateKey& key);
  // It was not sent after all.
  void forget(const UpdateKey& key);
  // Whether one was sent; counts as a use of the key.
  [[nodiscard]] bool knows(const UpdateKey& key);

  [[nodiscard]] std::size_t size() const noexcept { return table_.size(); }

 private:
  struct Hash {
    std::size_t operator()(const UpdateKey& key) const noexcept;
  };

  std::size_t bound_;
  std::list<UpdateKey> recent_;  // the last used first
  std::unordered_map<UpdateKey, std::list<UpdateKey>::iterator, Hash> table_;
};

}  // namespace mesosio::driver
