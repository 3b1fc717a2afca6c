// The connection of one subscription: sends SUBSCRIBE, reads the answer's head, and takes records out of its
// chunked body.
#pragma once

#include "codec/recordio.hpp"
#include "codec/url.hpp"
#include "net/connect.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace mesosio::net {

struct EventStreamConfig {
  codec::RecordLimits record_limits;
  std::size_t max_header_bytes = std::size_t{64} << 10;
  std::size_t max_error_body_bytes = std::size_t{64} << 10;
  // Largest read. The buffer is small at first, grows to this when a read filled it, and shrinks again while
  // little comes.
  std::size_t read_buffer_bytes = std::size_t{64} << 10;
  std::chrono::milliseconds connect_timeout{10'000};
  Connector connector = &async_connect;
};

// What the peer answered to SUBSCRIBE. Values are as received (not escaped), each at most max_header_bytes
// long.
struct ResponseHead {
  int status = 0;
  std::string stream_id;
  std::string content_type;
  std::string location;
  std::string www_authenticate;
  std::string body;  // only where the status is not 200: what came of it, up to max_error_body_bytes
};

// Whoever listens to an EventStream. All calls come on the stream's executor, none inside a call of
// EventStream's own (resume() apart, see there), and none after close().
class EventStreamHandler {
 public:
  virtual ~EventStreamHandler() = default;
  virtual void on_connected() = 0;
  // Once: for a 200 as soon as the head is there; records follow. For any other status when the body has come
  // as far as it will; the head is then the end: the stream has closed itself, and on_end is not called.
  virtual void on_head(ResponseHead head) = 0;
  // One whole record; the view holds until the call returns. False: no further record and no further read
  // until resume().
  virtual bool on_record(std::string_view record) = 0;
  // After the records of one read have been handed over: the place to wake a consumer, once.
  virtual void on_batch_end() = 0;
  // Last of all, once: why there will be nothing more. errc::stream_ended where the peer ended the body in
  // order, connection_lost where the connection broke, recordio_* and malformed_response for what cannot be
  // read, ...
  virtual void on_end(Error error) = 0;
};

// Not thread-safe: used on its executor only. Kept alive by its own outstanding operations; close() ends
// them.
class EventStream : public std::enable_shared_from_this<EventStream> {
 public:
  static std::shared_ptr<EventStream> create(boost::asio::any_io_executor executor, EventStreamConfig config,
                                             EventStreamHandler& handler);
  virtual ~EventStream() = default;

  virtual void connect(const codec::Endpoint& endpoint) = 0;
  // Sends one gathered write: POST of `body`; `authorization` is the header's value, empty for none.
  virtual void subscribe(std::string body, const std::string& authorization) = 0;
  // Goes on after on_record returned false: hands over what is buffered, then reads. Posts, so that no
  // handler runs inside.
  virtual void resume() = 0;
  // Whether a read is outstanding (time with none does not count against the master).
  [[nodiscard]] virtual bool reading() const = 0;
  // Whether bytes wait in the socket: asked before a heartbeat watch gives up.
  [[nodiscard]] virtual bool readable() = 0;
  // Ends everything at once; no handler runs afterwards. Safe inside a handler, and more than once.
  virtual void close() = 0;
};

}  // namespace mesosio::net
