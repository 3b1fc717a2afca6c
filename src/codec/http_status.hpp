/// What a master's answers mean: status codes, the bodies that tell them apart, and the header values of the
/// API.
#pragma once

#include <string>
#include <string_view>

namespace mesosio::codec {

inline constexpr std::string_view protobuf_content_type = "application/x-protobuf";
inline constexpr std::string_view stream_id_header = "Mesos-Stream-Id";

/// What the status of the answer to SUBSCRIBE means.
enum class SubscribeAnswer {
  accepted,      ///< 200: the event stream follows.
  retry,         ///< 404 (just started), 503 (recovering, no leader), 429, 500, 502,
                 ///< 504: passing, try again.
  redirect,      ///< 307 (308): the leader is where `Location` says.
  unauthorized,  ///< 401: other credentials are needed.
  refused,       ///< 400, 403, 405, 406, 415, 501: the same request will never be
                 ///< accepted.
  not_a_master,  ///< Any other: nothing that a master answers. Said clearly and
                 ///< tried again.
};

/// What the answer to any other call means.
enum class CallAnswer {
  accepted,        ///< 202, or the empty 200 of UPDATE_FRAMEWORK.
  not_subscribed,  ///< 403 whose body says that the framework is not subscribed
                   ///< or not connected.
  unauthorized,    ///< 401: other credentials are needed.
  redirected,      ///< 307 (308): this master leads no more. The call was not taken,
                   ///< the subscription is to be made anew.
  unavailable,     ///< 404, 429, 502, 503, 504: the master cannot take calls now.
                   ///< The call was not taken.
  refused,         ///< Any other: the master's words are in the body.
};

[[nodiscard]] SubscribeAnswer classify_subscribe(int status) noexcept;
[[nodiscard]] CallAnswer classify_call(int status, std::string_view body) noexcept;

/// One line, for a log or an error, on what a status that is not 200 means as the answer to SUBSCRIBE.
[[nodiscard]] std::string explain_subscribe(int status);

/// Whether a `Mesos-Stream-Id` can be used: 1 to 128 bytes of printable ASCII without spaces.
[[nodiscard]] bool valid_stream_id(std::string_view value) noexcept;

/// Whether the `Content-Type` of an answer is `expected`, in any capitals and with or without parameters.
[[nodiscard]] bool expected_content_type(std::string_view value,
                                         std::string_view expected = protobuf_content_type) noexcept;

[[nodiscard]] std::string_view to_string(SubscribeAnswer answer) noexcept;
[[nodiscard]] std::string_view to_string(CallAnswer answer) noexcept;

}  // namespace mesosio::codec
