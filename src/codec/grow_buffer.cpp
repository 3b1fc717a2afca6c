// Growth and release of the decoder's own buffer.
#include "codec/grow_buffer.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace mesosio::codec {

namespace {

constexpr std::size_t first_capacity = 4096;

}  // namespace

GrowBuffer::GrowBuffer(GrowBuffer&& other) noexcept
    : data_(std::move(other.data_)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

GrowBuffer& GrowBuffer::operator=(GrowBuffer&& other) noexcept {
  data_ = std::move(other.data_);
  size_ = std::exchange(other.size_, 0);
  capacity_ = std::exchange(other.capacity_, 0);
  return *this;
}

void GrowBuffer::append(std::string_view bytes, std::size_t ceiling) {
  if (bytes.empty()) return;
  const std::size_t needed = size_ + bytes.size();
  if (needed > capacity_) {
    const std::size_t wanted = std::max({needed, capacity_ * 2, first_capacity});
    const std::size_t capacity = std::min(wanted, std::max(needed, ceiling));
    void* const grown = std::realloc(data_.get(), capacity);
    if (grown == nullptr) throw std::bad_alloc();
    static_cast<void>(data_.release());  // realloc has taken the old block
    data_.reset(static_cast<char*>(grown));
    capacity_ = capacity;
  }
  std::memcpy(data_.get() + size_, bytes.data(), bytes.size());
  size_ = needed;
}

void GrowBuffer::reset() noexcept {
  size_ = 0;
  if (capacity_ > kept_capacity) {
    data_.reset();
    capacity_ = 0;
  }
}

}  // namespace mesosio::codec
