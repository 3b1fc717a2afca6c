/// A byte buffer that grows with what is put in, up to a ceiling, and gives memory back once a large content
/// is gone.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string_view>

namespace mesosio::codec {

/// Grows by realloc: for the large blocks that matter here the system moves pages, so that growing holds the
/// content once, where a vector would hold the old and the new copy at the same time.
class GrowBuffer {
 public:
  /// Capacity above this is released by `reset`.
  static constexpr std::size_t kept_capacity = std::size_t{1} << 20;

  GrowBuffer() = default;
  GrowBuffer(GrowBuffer&& other) noexcept;
  GrowBuffer& operator=(GrowBuffer&& other) noexcept;

  /// Adds `bytes`. The capacity at least doubles when it has to grow, but never passes `ceiling`, the size
  /// that the content will have in the end. Throws std::bad_alloc when there is no memory.
  void append(std::string_view bytes, std::size_t ceiling);

  /// Empties the buffer; memory is kept for the next content unless it is more than `kept_capacity`.
  void reset() noexcept;

  std::string_view view() const noexcept { return {data_.get(), size_}; }
  bool empty() const noexcept { return size_ == 0; }
  std::size_t size() const noexcept { return size_; }
  std::size_t capacity() const noexcept { return capacity_; }

 private:
  struct Free {
    void operator()(char* data) const noexcept { std::free(data); }
  };

  std::unique_ptr<char, Free> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace mesosio::codec
