/// The error codes of mesosio and the struct that carries one with its context.
#pragma once

#include <boost/system/error_code.hpp>

#include <string>
#include <string_view>

namespace mesosio {

using error_code = boost::system::error_code;

/// What can go wrong. Every operation of the library reports one of these, in `category()`, or
/// `boost::asio::error::operation_aborted` when the caller cancelled it; no other category leaves the
/// library.
enum class errc {
  // Arguments, known before anything is sent.
  invalid_argument = 1,  ///< A configuration value or an argument breaks a rule that the text names.
  invalid_url,           ///< A master location is not `http://host:port` or `host:port`.
  invalid_call,          ///< A call misses a field or breaks a rule of the Mesos API; it was not sent.

  // RecordIO and messages (what the peer sent is not what the protocol allows).
  recordio_empty_length,  ///< A record starts with a newline instead of its length.
  recordio_bad_length,    ///< A byte of a record's length is not a digit (sign, space, other garbage).
  recordio_long_length,   ///< A record's length has more than 20 digits.
  recordio_too_large,     ///< A record is longer than the configured limit.
  recordio_truncated,     ///< The stream ended inside a record or its length.
  too_many_submessages,   ///< A large record holds more messages within messages than the limit.
  malformed_message,      ///< The bytes of a record are not a message of the expected type.

  // Network and HTTP.
  resolve_failed,      ///< The host name has no address.
  connect_failed,      ///< No connection: refused, unreachable, no route.
  timeout,             ///< A phase (connect, write, response) took longer than its configured time.
  connection_lost,     ///< An open connection broke or was closed by the peer.
  malformed_response,  ///< What the peer sent is not HTTP, or not HTTP as a Mesos master speaks it.
  response_too_large,  ///< Header or error body is longer than the configured limit.
  unexpected_status,   ///< An HTTP status that the API does not give to this request.

  // Subscription.
  stream_ended,        ///< The master ended the event stream; the client subscribes again.
  heartbeat_timeout,   ///< No event for the configured number of heartbeat intervals.
  master_unavailable,  ///< 404 or 503: starting, recovering, or no leader yet; tried again.
  too_many_redirects,  ///< More 307 answers in a row than allowed.
  invalid_redirect,    ///< A 307 without a usable `Location`.
  unauthorized,        ///< 401: the master wants other credentials.
  refused,             ///< The master refused the subscription for good; the text is the master's.
  error_event,         ///< The master sent an ERROR event; the text is the master's.

  // Calls.
  not_subscribed,   ///< No subscription is open, or the master says that it knows of none.
  queue_full,       ///< As many calls wait as `max_queued_calls` allows; nothing was sent.
  outcome_unknown,  ///< The call was (at least partly) written and the connection broke before its answer.
  call_refused,     ///< The master answered with an error status; `CallResult` has status and text.

  // Use of the client.
  already_running,      ///< A second `async_run`.
  receive_outstanding,  ///< A second `async_receive` while one is outstanding.
  wrong_receive_mode,   ///< Messages asked of a client made for raw records, or the other way round.
  stopped,              ///< The client or driver has ended.
};

/// The category of `errc`. One object for the process; lives for ever.
[[nodiscard]] const boost::system::error_category& category() noexcept;

[[nodiscard]] inline error_code make_error_code(errc code) noexcept {
  return {static_cast<int>(code), category()};
}

/// An error code with its context: what was being done, where, what was expected, and what came.
struct Error {
  error_code code;        ///< Which kind of error; false when there is none.
  std::string message;    ///< Our words: what, where, and what was expected. Safe to print.
  std::string peer_text;  ///< The peer's own words, cut to a limit and with control bytes escaped. Untrusted.

  explicit operator bool() const noexcept { return static_cast<bool>(code); }

  /// One line for a log or a terminal: message, and the peer's words in quotes where there are any.
  [[nodiscard]] std::string to_string() const;

  friend bool operator==(const Error&, const Error&) = default;
};

/// `text` with bytes that are not printable ASCII or valid UTF-8 written as \xNN, cut after `limit` bytes
/// with "...". For words of a peer that end up in a log line or an error.
[[nodiscard]] std::string printable(std::string_view text, std::size_t limit = 512);

}  // namespace mesosio

template <>
struct boost::system::is_error_code_enum<mesosio::errc> : std::true_type {};
