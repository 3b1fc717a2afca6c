/// Where a master is: parsing of what users write, and of where a master redirects to.
#pragma once

#include <mesosio/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace mesosio::codec {

inline constexpr std::uint16_t default_master_port = 5050;
inline constexpr std::string_view default_scheduler_path = "/api/v1/scheduler";

/// One HTTP endpoint, in a form that is equal for equal places.
struct Endpoint {
  std::string scheme = "http";
  std::string host;  ///< A name in small letters or an address; IPv6 without its
                     ///< brackets.
  std::uint16_t port = default_master_port;
  std::string path{default_scheduler_path};  ///< Starts with a slash,
                                             ///< percent-encoded where needed.

  /// host:port as in a Host header, with brackets around an IPv6 address.
  [[nodiscard]] std::string authority() const;

  /// The whole URL.
  [[nodiscard]] std::string to_string() const;

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// Reads a master's location: `host`, `host:port`, `master@host:port` (as Mesos writes it), or
/// `http://host[:port][/path]`. Port 5050 and path `/api/v1/scheduler` where there is none (a lone slash is
/// none). IPv6 addresses in brackets. Anything else is invalid_url, with a text that quotes `text` and says
/// what is expected; https, zk, file and http+unix locations are said to be not supported yet. `out` is set
/// only on success.
Error parse_master(std::string_view text, Endpoint& out);

/// Resolves the `Location` of a redirect (307) that `current` gave: `//host[:port][/path]`, which keeps the
/// scheme (masters send this one), a URL with the same scheme, or a path on the same host. No path or a lone
/// slash keeps the current path; no port means the scheme's own, 80 or 443. Anything else, a change of scheme
/// included, is invalid_redirect. `out` is set only on success and may be `current`.
Error resolve_location(const Endpoint& current, std::string_view location, Endpoint& out);

}  // namespace mesosio::codec
