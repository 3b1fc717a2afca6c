// What a master checks in a task before it goes to an agent, and in the offers that an ACCEPT or DECLINE
// names.
#pragma once

#include "local/master_state.hpp"

#include <mesos/v1/mesos.pb.h>

#include <optional>
#include <string>

namespace mesosio::local {

// What a task is checked against.
struct TaskContext {
  const Framework& framework;
  const std::string& agent_id;  // of the offers
  const std::string& role;      // of the offers
  const Resources& available;   // what the offers hold and earlier tasks of the call have left
};

// Nothing when the task can be launched, and `resources` is what it takes; else the words of its TASK_ERROR.
[[nodiscard]] std::optional<std::string> check_task(const mesos::v1::TaskInfo& task,
                                                    const TaskContext& context, Resources& resources);

using Offers = std::map<std::string, OutstandingOffer>;

// The words in which a master refuses these offers, if it does: named twice, gone, of two agents or two
// roles.
[[nodiscard]] std::optional<std::string> check_offers(
    const google::protobuf::RepeatedPtrField<mesos::v1::OfferID>& ids, const Offers& offers,
    const std::string& framework_id);

}  // namespace mesosio::local
