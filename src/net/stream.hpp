// One byte stream to a peer, whatever carries it; the type is erased here, once, so that everything above
// compiles once.
#pragma once

#include "net/io_function.hpp"

#include <mesosio/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <memory>
#include <span>

namespace mesosio::net {

using IoHandler = MoveFunction<void(error_code, std::size_t)>;

// At most one read and one write are outstanding. Handlers run on the stream's executor, never inside the
// initiating call.
class Stream {
 public:
  virtual ~Stream() = default;

  virtual void async_read_some(boost::asio::mutable_buffer buffer, IoHandler handler) = 0;
  // Writes all of `buffers` (gathered); the span itself must stay valid until the handler runs.
  virtual void async_write(std::span<const boost::asio::const_buffer> buffers, IoHandler handler) = 0;
  // Bytes that could be read now without waiting; 0 where none or not known.
  virtual std::size_t available() noexcept = 0;
  // Ends both directions; outstanding operations complete with operation_aborted.
  virtual void close() noexcept = 0;
};

}  // namespace mesosio::net
