// The calls of one subscription in their order: which wait, which are on their way, and the bytes of each
// write. Knows of no socket.
#pragma once

#include <boost/asio/buffer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mesosio::net {

class CallPipeline {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // At most this many calls, and about this many bytes, go into one write: the first answers can come while
  // the rest is still being laid out.
  static constexpr std::size_t max_calls_per_write = 64;
  static constexpr std::size_t max_bytes_per_write = std::size_t{256} << 10;

  // `head_prefix` is everything of a request's head up to the digits of Content-Length.
  CallPipeline(std::string head_prefix, std::string suffix, std::size_t max_in_flight);

  void push(std::uint64_t id, std::string body, TimePoint now);

  enum class Cancelled { waiting, in_flight, unknown_id };
  // A call in flight keeps its place, since its answer will come.
  Cancelled cancel(std::uint64_t id);

  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
  [[nodiscard]] std::size_t in_flight() const { return in_flight_.size(); }
  [[nodiscard]] std::optional<TimePoint> oldest_waiting() const;
  [[nodiscard]] std::optional<TimePoint> oldest_in_flight() const;

  // Moves waiting calls into flight, as many as window and write allow, and lays out their bytes; they hold
  // until write_finished(). Empty where there is nothing to write. Not while a write is under way.
  std::span<const boost::asio::const_buffer> start_write(TimePoint now);
  void write_finished();

  struct Answered {
    std::uint64_t id;
    bool cancelled;
  };
  // Takes the call that an answer belongs to: the oldest in flight, of which there must be one.
  Answered take_answered();

  // The connection ended after `bytes_written` of the write under way (which is over now): calls of which
  // nothing was written wait again, in front of the others; the ids of the rest are returned.
  std::vector<std::uint64_t> connection_ended(std::size_t bytes_written);

  // Takes those out that wait since before `limit` (all: TimePoint::max()).
  std::vector<std::uint64_t> drop_waiting(TimePoint limit);

 private:
  struct Waiting {
    std::uint64_t id;
    TimePoint since;
    std::string body;
  };
  struct InFlight {
    std::uint64_t id;
    TimePoint since;
    bool cancelled;
  };
  // A call of the write under way, with what it takes to let it wait again.
  struct Writing {
    std::size_t begin;  // offset in the bytes of the write
    TimePoint waiting_since;
    std::string body;
  };
  // A stretch of head_bytes_ or a body of its own, before addresses are final.
  struct Piece {
    std::size_t begin;
    std::size_t size;
    std::size_t writing;  // index in writing_, or npos for head_bytes_
  };

  const std::string head_prefix_;
  const std::string suffix_;
  const std::size_t max_in_flight_;
  std::deque<Waiting> waiting_;
  std::deque<InFlight> in_flight_;  // the calls of writing_ are the last ones of it
  std::vector<Writing> writing_;
  std::string head_bytes_;
  std::vector<Piece> pieces_;
  std::vector<boost::asio::const_buffer> buffers_;
};

}  // namespace mesosio::net
