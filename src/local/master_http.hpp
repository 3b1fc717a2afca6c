// The HTTP face of the master: paths, status codes, headers and bodies, in the order in which a Mesos master
// tests.
#pragma once

#include "local/http_message.hpp"
#include "local/master.hpp"
#include "local/now.hpp"

#include <mesos/v1/scheduler/scheduler.pb.h>

namespace mesosio::local {

// Answers one request. The effects are to be carried out once the answer is on its way.
[[nodiscard]] HttpResponse answer(Master& master, const HttpRequest& request, Now now, MasterEffects& out);

// An event as one record of a stream.
[[nodiscard]] std::string to_record(const mesos::v1::scheduler::Event& event);

}  // namespace mesosio::local
