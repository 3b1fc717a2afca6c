// Resolves and connects under one deadline.
#pragma once

#include "codec/url.hpp"
#include "net/io_function.hpp"
#include "net/stream.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace mesosio::net {

// A connection attempt that can be given up. Destroying or cancelling it means that the handler is not
// called.
class ConnectOperation {
 public:
  virtual ~ConnectOperation() = default;
  virtual void cancel() noexcept = 0;
};

using ConnectHandler = MoveFunction<void(Error, std::unique_ptr<Stream>)>;

// Connects to `endpoint`; tries each resolved address in turn. The error names host, port, and what failed
// (errc::resolve_failed, connect_failed, timeout). A timeout of zero or less means none. The handler runs on
// `executor`, once, never inside this call.
std::unique_ptr<ConnectOperation> async_connect(boost::asio::any_io_executor executor,
                                                const codec::Endpoint& endpoint,
                                                std::chrono::milliseconds timeout, ConnectHandler handler);

// How connections are made; tests put in-memory streams here.
using Connector = std::function<std::unique_ptr<ConnectOperation>(
    boost::asio::any_io_executor, const codec::Endpoint&, std::chrono::milliseconds, ConnectHandler)>;

}  // namespace mesosio::net
