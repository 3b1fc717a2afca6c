/// The messages of the Mesos v1 API under the names that ported frameworks use.
///
/// They are generated from `proto/mesos/v1/` and live in `mesos::v1`, `mesos::v1::scheduler` and
/// `mesos::v1::executor`. With `using namespace mesosio;` a framework written for libmesos finds
/// `FrameworkInfo`, `Offer`, `TaskInfo` and the rest where it expects them (with `Agent...` for what
/// libmesos' v0 API calls `Slave...`).
#pragma once

#include <mesos/v1/mesos.pb.h>
#include <mesos/v1/scheduler/scheduler.pb.h>

namespace mesosio {

using namespace mesos::v1;  // NOLINT(google-build-using-namespace): this is the purpose of the header.

}  // namespace mesosio
