// Keys of updates, and the memory of them.
#include "driver/acknowledgements.hpp"

#include <algorithm>
#include <functional>

namespace mesosio::driver {
namespace {

// The two kinds of subjects must not meet, should a task and an operation have one id.
enum class Kind : std::uint64_t { task = 0, operation = 0x9E3779B97F4A7C15 };

std::optional<UpdateKey> make_key(std::string_view uuid, Kind kind, std::string_view id) {
  UpdateKey key;
  if (uuid.size() != key.uuid.size()) return std::nullopt;
  std::copy(uuid.begin(), uuid.end(), key.uuid.begin());
  key.subject = std::hash<std::string_view>()(id) ^ static_cast<std::uint64_t>(kind);
  return key;
}

}  // namespace

std::optional<UpdateKey> update_key(const TaskStatus& status) {
  return make_key(status.uuid(), Kind::task, status.task_id().value());
}

std::optional<UpdateKey> update_key(const OperationStatus& status) {
  return make_key(status.uuid().value(), Kind::operation, status.operation_id().value());
}

std::optional<UpdateKey> update_key(const scheduler::Call& call) {
  switch (call.type()) {
    case scheduler::Call::ACKNOWLEDGE:
      return make_key(call.acknowledge().uuid(), Kind::task, call.acknowledge().task_id().value());
    case scheduler::Call::ACKNOWLEDGE_OPERATION_STATUS:
      return make_key(call.acknowledge_operation_status().uuid(), Kind::operation,
                      call.acknowledge_operation_status().operation_id().value());
    default:
      return std::nullopt;
  }
}

std::size_t AcknowledgementMemory::Hash::operator()(const UpdateKey& key) const noexcept {
  const std::string_view uuid(key.uuid.data(), key.uuid.size());
  return std::hash<std::string_view>()(uuid) ^ static_cast<std::size_t>(key.subject);
}

void AcknowledgementMemory::remember(const UpdateKey& key) {
  if (bound_ == 0 || knows(key)) return;
  if (table_.size() == bound_) {
    table_.erase(recent_.back());
    recent_.pop_back();
  }
  recent_.push_front(key);
  table_.emplace(key, recent_.begin());
}

void AcknowledgementMemory::forget(const UpdateKey& key) {
  const auto at = table_.find(key);
  if (at == table_.end()) return;
  recent_.erase(at->second);
  table_.erase(at);
}

bool AcknowledgementMemory::knows(const UpdateKey& key) {
  const auto at = table_.find(key);
  if (at == table_.end()) return false;
  recent_.splice(recent_.begin(), recent_, at->second);
  return true;
}

}  // namespace mesosio::driver
