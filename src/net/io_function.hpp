// A move-only function of one small handler, kept without an allocation where it fits; what the erased
// streams complete.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace mesosio::net {

template <class Signature, std::size_t Capacity = 56>
class MoveFunction;

template <class Result, class... Args, std::size_t Capacity>
class MoveFunction<Result(Args...), Capacity> {
 public:
  MoveFunction() = default;

  template <class Function, class = std::enable_if_t<!std::is_same_v<std::decay_t<Function>, MoveFunction>>>
  MoveFunction(Function&& function) {  // NOLINT(google-explicit-constructor): stands in for any callable.
    using Target = std::decay_t<Function>;
    if constexpr (sizeof(Target) <= Capacity && alignof(Target) <= alignof(std::max_align_t) &&
                  std::is_nothrow_move_constructible_v<Target>) {
      ::new (storage()) Target(std::forward<Function>(function));
      table_ = &inline_table<Target>;
    } else {
      ::new (storage()) Target*(new Target(std::forward<Function>(function)));
      table_ = &heap_table<Target>;
    }
  }

  MoveFunction(MoveFunction&& other) noexcept { take(other); }
  MoveFunction& operator=(MoveFunction&& other) noexcept {
    if (this != &other) {
      reset();
      take(other);
    }
    return *this;
  }
  ~MoveFunction() { reset(); }

  explicit operator bool() const noexcept { return table_ != nullptr; }

  // Calls the target, which stays; a caller that means "once" moves the function out first.
  Result operator()(Args... args) { return table_->call(storage(), std::forward<Args>(args)...); }

 private:
  struct Table {
    Result (*call)(void*, Args&&...);
    void (*move)(void* from, void* to) noexcept;
    void (*destroy)(void*) noexcept;
  };

  template <class Target>
  static constexpr Table inline_table{[](void* at, Args&&... args) -> Result {
                                        return (*static_cast<Target*>(at))(std::forward<Args>(args)...);
                                      },
                                      [](void* from, void* to) noexcept {
                                        ::new (to) Target(std::move(*static_cast<Target*>(from)));
                                        static_cast<Target*>(from)->~Target();
                                      },
                                      [](void* at) noexcept { static_cast<Target*>(at)->~Target(); }};

  template <class Target>
  static constexpr Table heap_table{
      [](void* at, Args&&... args) -> Result {
        return (**static_cast<Target**>(at))(std::forward<Args>(args)...);
      },
      [](void* from, void* to) noexcept { ::new (to) Target*(*static_cast<Target**>(from)); },
      [](void* at) noexcept { delete *static_cast<Target**>(at); }};

  void* storage() noexcept { return static_cast<void*>(&storage_); }

  void take(MoveFunction& other) noexcept {
    if (other.table_ == nullptr) return;
    other.table_->move(other.storage(), storage());
    table_ = std::exchange(other.table_, nullptr);
  }

  void reset() noexcept {
    if (table_ != nullptr) std::exchange(table_, nullptr)->destroy(storage());
  }

  alignas(std::max_align_t) std::byte storage_[Capacity];
  const Table* table_ = nullptr;
};

}  // namespace mesosio::net
