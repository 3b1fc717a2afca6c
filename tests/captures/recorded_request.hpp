// A recorded SUBSCRIBE request taken apart, and the configuration that would make a client send it.
#pragma once

#include "captures/capture.hpp"

#include <mesosio/messages.hpp>
#include <mesosio/scheduler_config.hpp>

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace mesosio::captures {

using Request = boost::beast::http::request<boost::beast::http::string_body>;

// The n-th request in `sent`; throws std::runtime_error where there is none.
[[nodiscard]] Request request_of(std::string_view sent, std::size_t number);

// Throws std::runtime_error where the request's body is no Call.
[[nodiscard]] scheduler::Call call_of(const Request& request);

// A client of the master that the request went to: as any framework, ...
[[nodiscard]] SchedulerConfig plain_config(const Request& request);
// ... or with framework, roles and credential of the request, whose body is a SUBSCRIBE call.
[[nodiscard]] SchedulerConfig same_config(const Request& request);

}  // namespace mesosio::captures
