/// The rules that a scheduler Call must keep, for the client before it sends and for the local master when it
/// receives.
#pragma once

#include <mesosio/error.hpp>

#include <mesos/v1/scheduler/scheduler.pb.h>

#include <optional>
#include <string>

namespace mesosio::codec {

enum class CallRules {
  /// What a master checks with 400 before it acts, and nothing else.
  master,
  /// That, and what is certainly a mistake of the caller although a master would answer 202 (ids that are
  /// empty, operations without their content, ...). Types SUBSCRIBE and UNKNOWN are refused: the session
  /// itself subscribes, and UNKNOWN makes a real master abort.
  client,
};

/// One broken rule.
struct CallFault {
  std::string field;        ///< Path of the field in the Call, as in "acknowledge.uuid".
  std::string message;      ///< Our words, as in "scheduler Call ACKNOWLEDGE:
                            ///< acknowledge.uuid must be ..., got ...".
  std::string master_text;  ///< The whole body of a real master's 400; empty
                            ///< where a master would not refuse.
};

/// The first rule that `call` breaks, in the order in which a master tests them; nothing when it keeps all.
///
/// The master's rules leave to the caller what needs more than the call itself: the principal, the roles,
/// whether the framework exists, and type UNKNOWN (to be answered with 501).
[[nodiscard]] std::optional<CallFault> check_call(const mesos::v1::scheduler::Call& call, CallRules rules);

/// `check_call` by the client's rules, as an error: invalid_call with our words.
[[nodiscard]] Error validate(const mesos::v1::scheduler::Call& call);

}  // namespace mesosio::codec
