// The executor that a user gave for a driver's callbacks, behind the type that the driver's header names.
#pragma once

#include <boost/asio/any_io_executor.hpp>

namespace mesosio {

class CallbackExecutor {
 public:
  explicit CallbackExecutor(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

  [[nodiscard]] const boost::asio::any_io_executor& executor() const noexcept { return executor_; }

 private:
  boost::asio::any_io_executor executor_;
};

}  // namespace mesosio
