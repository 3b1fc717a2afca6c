/// Runs a driver's callbacks on an executor of the user; apart from <mesosio/scheduler_driver.hpp>, so that
/// that one includes no Asio.
#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace mesosio {

class CallbackExecutor;

/// For `DriverOptions::executor`: callbacks, sockets and timers all run on `executor`, on strands of it, so
/// that a context with several threads is fine. Its context must run for the driver to do anything, and must
/// outlive the driver.
[[nodiscard]] std::shared_ptr<const CallbackExecutor> callbacks_on(boost::asio::any_io_executor executor);

}  // namespace mesosio
