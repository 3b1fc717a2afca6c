// Calls of one subscription: in order, one gathered write each, pipelined on one kept-alive connection.
#pragma once

#include "codec/url.hpp"
#include "net/connect.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace mesosio::net {

struct CallConnectionConfig {
  codec::Endpoint endpoint;
  std::string stream_id;      // Mesos-Stream-Id; empty: the header is left out (executors have none)
  std::string authorization;  // value of the header; empty for none
  std::string suffix;  // appended to each body: the encoded framework id, so that a call is encoded before it
                       // is known
  std::size_t max_pipelined = 256;
  std::size_t max_header_bytes = std::size_t{64} << 10;
  std::size_t max_body_bytes = std::size_t{64}
                               << 10;  // kept of an answer's body; the rest is read and dropped
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds response_timeout{75'000};  // for the oldest call that is written and not answered
  std::function<std::chrono::milliseconds(int failures)> retry_delay;  // before the n-th reconnect (n >= 1)
  Connector connector = &async_connect;
};

// How one call ended.
struct CallReply {
  enum class Kind {
    answered,  // status and body are the peer's
    not_sent,  // nothing of it was written: connection given up, drained, or waited longer than
               // response_timeout
    unknown,   // written at least in part, and then the connection ended or the answer was late or unreadable
  };
  Kind kind = Kind::answered;
  int status = 0;
  std::string body;
  Error error;  // for not_sent and unknown: why
};

// Not thread-safe: used on its executor only. Kept alive by its own outstanding operations.
// The connection is opened with the first call, reconnected after a loss while calls wait, and never opened
// while none do.
class CallConnection : public std::enable_shared_from_this<CallConnection> {
 public:
  // Called exactly once for each id given to send(), in the order of the answers, never inside send(),
  // cancel() or drain().
  using ReplyHandler = std::function<void(std::uint64_t id, CallReply reply)>;

  static std::shared_ptr<CallConnection> create(boost::asio::any_io_executor executor,
                                                CallConnectionConfig config, ReplyHandler handler);
  virtual ~CallConnection() = default;

  virtual void send(std::uint64_t id, std::string body) = 0;

  enum class Cancelled {
    removed,     // it was waiting; nothing is sent, and the handler is not called for it
    in_flight,   // it is written or being written; the answer will be dropped, the handler is not called for
                 // it
    unknown_id,  // it has been answered already
  };
  virtual Cancelled cancel(std::uint64_t id) = 0;

  // Calls that wait and have not been written.
  [[nodiscard]] virtual std::size_t waiting() const = 0;
  [[nodiscard]] virtual std::size_t in_flight() const = 0;

  // Takes no further call: those that wait end as not_sent with `why`, those in flight are given the time to
  // be answered; then the connection is closed. Used when a subscription ends.
  virtual void drain(Error why) = 0;
  // Ends at once: waiting calls as not_sent, written ones as unknown. The replies are posted.
  virtual void close(Error why) = 0;
};

}  // namespace mesosio::net
