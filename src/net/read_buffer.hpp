// One contiguous buffer between a socket and a parser: small while little comes, large while much comes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace mesosio::net {

class ReadBuffer {
 public:
  // Starts with `small` bytes at the first prepare(), and never has more than `large`.
  ReadBuffer(std::size_t small, std::size_t large) : small_(small), large_(std::max(small, large)) {}

  struct Space {
    char* data;
    std::size_t size;
  };

  // Room for the next read. Bytes not yet consumed move to the front; the buffer grows where the last read
  // filled it, and gives memory back after some reads in a row that a small one could have taken.
  Space prepare() {
    const std::size_t held = end_ - begin_;
    std::size_t wanted = std::max(capacity_, small_);
    if (filled_ || held >= wanted) wanted = large_;
    if (small_reads_ >= small_reads_before_shrinking && held < small_ / 2) wanted = small_;
    if (wanted != capacity_) {
      reallocate(wanted);
    } else if (begin_ != 0) {
      if (held != 0) std::memmove(bytes_.get(), bytes_.get() + begin_, held);
      begin_ = 0;
      end_ = held;
    }
    return {bytes_.get() + end_, capacity_ - end_};
  }

  void commit(std::size_t bytes) {
    end_ += bytes;
    filled_ = end_ == capacity_;
    if (bytes > small_ / 2) {
      small_reads_ = 0;
    } else if (small_reads_ < small_reads_before_shrinking) {
      ++small_reads_;
    }
  }

  [[nodiscard]] std::string_view data() const { return {bytes_.get() + begin_, end_ - begin_}; }
  void consume(std::size_t bytes) { begin_ += bytes; }
  void clear() {
    begin_ = end_ = 0;
    filled_ = false;
  }
  // Gives the memory back; nothing may be reading into it.
  void release() {
    clear();
    bytes_.reset();
    capacity_ = 0;
    small_reads_ = 0;
  }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }

 private:
  static constexpr int small_reads_before_shrinking = 3;

  void reallocate(std::size_t capacity) {
    const std::size_t held = end_ - begin_;
    std::unique_ptr<char[]> bytes(
        new char[capacity]);  // Not make_unique: it would clear what is overwritten.
    if (held != 0) std::memcpy(bytes.get(), bytes_.get() + begin_, held);
    bytes_ = std::move(bytes);
    capacity_ = capacity;
    begin_ = 0;
    end_ = held;
    filled_ = false;
    small_reads_ = 0;
  }

  const std::size_t small_;
  const std::size_t large_;
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool filled_ = false;
  int small_reads_ = 0;
};

}  // namespace mesosio::net
