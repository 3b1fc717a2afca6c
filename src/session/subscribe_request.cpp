// Builds and checks the SUBSCRIBE call.
#include "session/subscribe_request.hpp"

#include "codec/validate_call.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <chrono>

namespace mesosio::session {
namespace {

scheduler::Call subscribe_call(const SchedulerConfig& config, const std::string& framework_id) {
  scheduler::Call call;
  call.set_type(scheduler::Call::SUBSCRIBE);
  auto& subscribe = *call.mutable_subscribe();
  *subscribe.mutable_framework_info() = config.framework;
  subscribe.mutable_framework_info()->clear_id();
  if (!framework_id.empty()) {
    call.mutable_framework_id()->set_value(framework_id);
    subscribe.mutable_framework_info()->mutable_id()->set_value(framework_id);
  }
  for (const auto& role : config.suppressed_roles) subscribe.add_suppressed_roles(role);
  if (config.offer_constraints) *subscribe.mutable_offer_constraints() = *config.offer_constraints;
  return call;
}

}  // namespace

SchedulerConfig within_bounds(SchedulerConfig config) {
  constexpr std::chrono::milliseconds longest{std::chrono::hours{24 * 365}};
  for (auto* time : {&config.timeouts.connect, &config.timeouts.response, &config.timeouts.teardown,
                     &config.backoff.initial, &config.backoff.max}) {
    *time = std::min(*time, longest);
  }
  config.timeouts.missed_heartbeats = std::min(config.timeouts.missed_heartbeats, 10'000);
  // Without a place to wait no call could ever be sent.
  config.limits.max_queued_calls = std::max<std::size_t>(config.limits.max_queued_calls, 1);
  return config;
}

Error check_config(const SchedulerConfig& config, codec::Endpoint& master) {
  if (Error error = codec::parse_master(config.master, master)) return error;
  // The framework id is left out: setting its empty form would hide nothing and check nothing.
  const auto call = subscribe_call(config, config.framework.id().value());
  if (const auto fault = codec::check_call(call, codec::CallRules::master)) {
    return {make_error_code(errc::invalid_argument), fault->message, {}};
  }
  if (config.credential && config.credential->principal().find(':') != std::string::npos) {
    return {make_error_code(errc::invalid_argument),
            "credential.principal must not contain a colon, which ends it in HTTP Basic authentication",
            {}};
  }
  if (config.credential && config.framework.has_principal() &&
      config.framework.principal() != config.credential->principal()) {
    return {make_error_code(errc::invalid_argument),
            "framework.principal '" + printable(config.framework.principal()) +
                "' differs from credential.principal '" + printable(config.credential->principal()) +
                "'; a master refuses that",
            {}};
  }
  return {};
}

std::string encode_subscribe(const SchedulerConfig& config, const std::string& framework_id) {
  return subscribe_call(config, framework_id).SerializePartialAsString();
}

std::string encode_framework_id(const std::string& framework_id) {
  scheduler::Call call;
  call.mutable_framework_id()->set_value(framework_id);
  return call.SerializePartialAsString();
}

std::string basic_authorization(const SchedulerConfig& config) {
  if (!config.credential) return {};
  const std::string plain = config.credential->principal() + ":" + config.credential->secret();
  std::string encoded(4 * ((plain.size() + 2) / 3) + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                      reinterpret_cast<const unsigned char*>(plain.data()), static_cast<int>(plain.size()));
  encoded.resize(static_cast<std::size_t>(length));
  return "Basic " + encoded;
}

}  // namespace mesosio::session
