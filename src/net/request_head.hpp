// The head of the POST requests that carry calls to a master or an agent.
#pragma once

#include "codec/url.hpp"

#include <mesosio/error.hpp>

#include <string>
#include <string_view>

namespace mesosio::net {

// Everything of the head up to the digits of Content-Length, which come last so that the rest can be kept for
// all calls of a connection; after the digits follows `request_head_end`. Headers whose value is empty are
// left out. Sets `error` (errc::invalid_argument) where a value holds bytes that would break the head apart.
std::string request_head_prefix(const codec::Endpoint& endpoint, std::string_view stream_id,
                                std::string_view authorization, Error& error);

inline constexpr std::string_view request_head_end = "\r\n\r\n";

// Appends the digits of `length` and the end of the head.
void append_request_length(std::string& head, std::size_t length);

}  // namespace mesosio::net
