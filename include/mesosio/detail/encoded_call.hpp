/// A call on its way from the caller's thread to the client's strand.
#pragma once

#include <mesosio/error.hpp>
#include <mesosio/messages.hpp>

#include <string>

namespace mesosio::detail {

/// A call that was checked and encoded where it was made; `error` is set where it breaks a rule.
struct EncodedCall {
  std::string body;  ///< Without the framework id, which the session adds.
  std::string framework_id;
  scheduler::Call::Type type = scheduler::Call::UNKNOWN;
  Error error;
};

}  // namespace mesosio::detail
