// Keeps calls in order and lays out their requests.
#include "net/call_pipeline.hpp"

#include "net/request_head.hpp"

#include <algorithm>
#include <utility>

namespace mesosio::net {
namespace {

constexpr std::size_t npos = static_cast<std::size_t>(-1);
// Shorter bodies are copied behind their heads: that costs less than a gathered piece of its own.
constexpr std::size_t max_copied_body = std::size_t{4} << 10;
constexpr std::size_t max_kept_bytes = std::size_t{64} << 10;

}  // namespace

CallPipeline::CallPipeline(std::string head_prefix, std::string suffix, std::size_t max_in_flight)
    : head_prefix_(std::move(head_prefix)),
      suffix_(std::move(suffix)),
      max_in_flight_(std::max<std::size_t>(max_in_flight, 1)) {}

void CallPipeline::push(std::uint64_t id, std::string body, TimePoint now) {
  waiting_.push_back({id, now, std::move(body)});
}

CallPipeline::Cancelled CallPipeline::cancel(std::uint64_t id) {
  const auto has_id = [id](const auto& call) { return call.id == id; };
  if (const auto found = std::find_if(waiting_.begin(), waiting_.end(), has_id); found != waiting_.end()) {
    waiting_.erase(found);
    return Cancelled::waiting;
  }
  if (const auto found = std::find_if(in_flight_.begin(), in_flight_.end(), has_id);
      found != in_flight_.end() && !found->cancelled) {
    found->cancelled = true;
    return Cancelled::in_flight;
  }
  return Cancelled::unknown_id;
}

std::optional<CallPipeline::TimePoint> CallPipeline::oldest_waiting() const {
  if (waiting_.empty()) return std::nullopt;
  return waiting_.front().since;
}

std::optional<CallPipeline::TimePoint> CallPipeline::oldest_in_flight() const {
  if (in_flight_.empty()) return std::nullopt;
  return in_flight_.front().since;
}

std::span<const boost::asio::const_buffer> CallPipeline::start_write(TimePoint now) {
  buffers_.clear();
  std::size_t total = 0;
  while (!waiting_.empty() && in_flight_.size() < max_in_flight_ && writing_.size() < max_calls_per_write &&
         total < max_bytes_per_write) {
    Waiting& call = waiting_.front();
    const std::size_t head_begin = head_bytes_.size();
    head_bytes_ += head_prefix_;
    append_request_length(head_bytes_, call.body.size() + suffix_.size());
    const bool copied = call.body.size() <= max_copied_body;
    if (copied) {
      head_bytes_ += call.body;
    } else {
      pieces_.push_back({head_begin, head_bytes_.size() - head_begin, npos});
      pieces_.push_back({0, call.body.size(), writing_.size()});
    }
    const std::size_t tail_begin = copied ? head_begin : head_bytes_.size();
    head_bytes_ += suffix_;
    pieces_.push_back({tail_begin, head_bytes_.size() - tail_begin, npos});

    const std::size_t begin = total;
    total += head_bytes_.size() - head_begin + (copied ? 0 : call.body.size());
    writing_.push_back({begin, call.since, std::move(call.body)});
    in_flight_.push_back({call.id, now, false});
    waiting_.pop_front();
  }
  // Neighbours in head_bytes_ become one buffer: mostly the whole write is a single one.
  for (std::size_t at = 0; at < pieces_.size(); ++at) {
    Piece piece = pieces_[at];
    if (piece.writing != npos) {
      buffers_.push_back(boost::asio::buffer(writing_[piece.writing].body));
      continue;
    }
    while (at + 1 < pieces_.size() && pieces_[at + 1].writing == npos) piece.size += pieces_[++at].size;
    if (piece.size > 0) buffers_.emplace_back(head_bytes_.data() + piece.begin, piece.size);
  }
  pieces_.clear();
  return buffers_;
}

void CallPipeline::write_finished() {
  writing_.clear();
  buffers_.clear();
  head_bytes_.clear();
  if (head_bytes_.capacity() > max_kept_bytes) head_bytes_.shrink_to_fit();
}

CallPipeline::Answered CallPipeline::take_answered() {
  const Answered answered{in_flight_.front().id, in_flight_.front().cancelled};
  in_flight_.pop_front();
  return answered;
}

std::vector<std::uint64_t> CallPipeline::connection_ended(std::size_t bytes_written) {
  // A call of the write can even have been answered; then fewer are in flight than are being written.
  while (!in_flight_.empty() && !writing_.empty() && writing_.back().begin >= bytes_written) {
    if (!in_flight_.back().cancelled) {
      waiting_.push_front(
          {in_flight_.back().id, writing_.back().waiting_since, std::move(writing_.back().body)});
    }
    in_flight_.pop_back();
    writing_.pop_back();
  }
  std::vector<std::uint64_t> unknown;
  unknown.reserve(in_flight_.size());
  for (const InFlight& call : in_flight_) {
    if (!call.cancelled) unknown.push_back(call.id);
  }
  in_flight_.clear();
  write_finished();
  return unknown;
}

std::vector<std::uint64_t> CallPipeline::drop_waiting(TimePoint limit) {
  // Calls wait in the order of their age.
  std::vector<std::uint64_t> dropped;
  while (!waiting_.empty() && (waiting_.front().since < limit)) {
    dropped.push_back(waiting_.front().id);
    waiting_.pop_front();
  }
  return dropped;
}

}  // namespace mesosio::net
