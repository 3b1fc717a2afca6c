// What a driver fills in where a framework's description leaves it open.
#pragma once

#include <mesosio/error.hpp>
#include <mesosio/scheduler_config.hpp>

namespace mesosio::driver {

// An empty user becomes the current user's name, an unset hostname this machine's, an unset principal that of
// the credential; as MesosSchedulerDriver::initialize in Mesos' src/sched/sched.cpp. An error where the user
// has no name.
Error fill_defaults(SchedulerConfig& config);

// Fills what `info`, meant for UPDATE_FRAMEWORK, leaves open from what the framework subscribed with: a
// master refuses an update that leaves them out.
void fill_from(const FrameworkInfo& subscribed, FrameworkInfo& info);

}  // namespace mesosio::driver
