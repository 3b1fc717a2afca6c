// What a configuration makes of the first request: the SUBSCRIBE call and the Authorization header.
#pragma once

#include "codec/url.hpp"

#include <mesosio/error.hpp>
#include <mesosio/scheduler_config.hpp>

#include <string>

namespace mesosio::session {

// The configuration with its times and numbers cut to what can be counted with: a year, ten thousand
// heartbeats.
[[nodiscard]] SchedulerConfig within_bounds(SchedulerConfig config);

// Checks everything that can be known before the first connection; the error names the field and what is
// expected.
Error check_config(const SchedulerConfig& config, codec::Endpoint& master);

// The encoded SUBSCRIBE call. Both framework id fields are set where there is an id: a master refuses one
// without the other.
[[nodiscard]] std::string encode_subscribe(const SchedulerConfig& config, const std::string& framework_id);

// `framework_id` as the field of a Call, to be appended to a call that was encoded without it.
[[nodiscard]] std::string encode_framework_id(const std::string& framework_id);

// The value of the Authorization header; empty without a credential.
[[nodiscard]] std::string basic_authorization(const SchedulerConfig& config);

}  // namespace mesosio::session
