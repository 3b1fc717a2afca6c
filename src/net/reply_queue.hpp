// Replies to calls that wait to be handed over: posted, so that none is made inside the call that caused it.
#pragma once

#include "net/call_connection.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

namespace mesosio::net {

class ReplyQueue {
 public:
  ReplyQueue(boost::asio::any_io_executor executor, CallConnection::ReplyHandler handler)
      : executor_(std::move(executor)), handler_(std::move(handler)) {}

  // From within a completion handler of the executor: at once, unless others stand in front. `owner` keeps
  // this queue alive.
  template <class Owner>
  void reply(const std::shared_ptr<Owner>& owner, std::uint64_t id, CallReply reply) {
    if (!replies_.empty()) return post(owner, id, std::move(reply));
    handler_(id, std::move(reply));
  }

  template <class Owner>
  void post(const std::shared_ptr<Owner>& owner, std::uint64_t id, CallReply reply) {
    replies_.push_back({id, std::move(reply)});
    if (std::exchange(posted_, true)) return;
    boost::asio::post(executor_, [this, owner] { deliver(); });
  }

  // Takes a reply back. What kind it was, or nothing where there is none for `id`.
  std::optional<CallReply::Kind> take_back(std::uint64_t id) {
    const auto found =
        std::find_if(replies_.begin(), replies_.end(), [id](const Entry& entry) { return entry.id == id; });
    if (found == replies_.end()) return std::nullopt;
    const CallReply::Kind kind = found->reply.kind;
    replies_.erase(found);
    return kind;
  }

 private:
  struct Entry {
    std::uint64_t id;
    CallReply reply;
  };

  // The handler can add replies and take others back meanwhile.
  void deliver() {
    while (!replies_.empty()) {
      Entry next = std::move(replies_.front());
      replies_.pop_front();
      handler_(next.id, std::move(next.reply));
    }
    posted_ = false;
  }

  const boost::asio::any_io_executor executor_;
  const CallConnection::ReplyHandler handler_;
  std::deque<Entry> replies_;
  bool posted_ = false;
};

}  // namespace mesosio::net
