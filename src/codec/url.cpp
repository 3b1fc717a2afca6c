// Master locations and redirects, by Boost.URL and stricter than it where a
// mistake would otherwise surface late.
#include "codec/url.hpp"

#include <algorithm>
#include <utility>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace mesosio::codec {
namespace {

constexpr std::size_t max_url_bytes = 2048;
constexpr std::size_t shown_bytes = 200;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

// What the functions below return: why it is wrong, empty when it is right.
using Reason = std::string;

Reason check_bytes(std::string_view text) {
  if (text.empty())
    return "it is empty";
  if (text.size() > max_url_bytes)
    return "it is longer than " + std::to_string(max_url_bytes) + " bytes";
  const bool clean = std::all_of(text.begin(), text.end(),
                                 [](char c) { return c > 0x20 && c < 0x7F; });
  return clean ? "" : "it holds a space or another byte that no URL has";
}

Reason check_port(std::string_view text, std::uint16_t &port) {
  unsigned value = 0;
  for (const char c : text.substr(0, 6))
    value = value * 10 + static_cast<unsigned>(c - '0');
  if (!all_digits(text) || text.size() > 5 || value == 0 || value > 65535) {
    return "its port \"" + printable(text, 32) +
           "\" is not a number from 1 to 65535";
  }
  port = static_cast<std::uint16_t>(value);
  return {};
}

// Boost.URL takes any name that a URL may have (commas, %41, ...); a resolver
// would only fail on those much later.
Reason check_name(std::string_view name) {
  const std::string wrong =
      "its host \"" + printable(name, 64) + "\" is not a host name";
  if (name.size() > 253)
    return wrong;
  std::string_view last;
  for (std::string_view rest = name; !rest.empty();) {
    const std::string_view label = rest.substr(0, rest.find('.'));
    const bool clean = std::all_of(label.begin(), label.end(), [](char c) {
      return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '-' ||
             c == '_';
    });
    if (!clean || label.empty() || label.size() > 63)
      return wrong;
    rest.remove_prefix(std::min(rest.size(), label.size() + 1));
    last = label;
  }
  if (all_digits(last))
    return "its host \"" + printable(name, 64) +
           "\" is neither a name nor an IPv4 address";
  return {};
}

// Splits host[:port] and checks the port, since Boost.URL would only say that
// something is wrong somewhere.
Reason check_authority(std::string_view authority, std::uint16_t &port) {
  if (authority.find('@') != std::string_view::npos)
    return "a user name or password does not belong in it";
  std::size_t host_end = authority.find(':');
  if (authority.substr(0, 1) == "[") {
    host_end = authority.find(']');
    if (host_end == std::string_view::npos)
      return "the ] of its IPv6 address is missing";
    ++host_end;
  }
  const std::string_view rest =
      authority.substr(std::min(host_end, authority.size()));
  if (authority.empty() || host_end == 0)
    return "its host is missing";
  if (rest.empty())
    return {};
  if (rest.front() != ':')
    return "there is text between its ] and the port";
  if (authority.front() != '[' && rest.find(':', 1) != std::string_view::npos) {
    return "it has more than one colon; an IPv6 address is written in "
           "brackets, as in [::1]:5050";
  }
  return check_port(rest.substr(1), port);
}

// Reads `scheme://authority[path]`, where the scheme is already known to be
// good. Leaves port and path of `out` as they are where the text has none.
Reason parse_http(const std::string &text, Endpoint &out) {
  const std::size_t start = text.find("://") + 3;
  Reason reason =
      check_authority(std::string_view(text).substr(
                          start, text.find_first_of("/?#", start) - start),
                      out.port);
  if (!reason.empty())
    return reason;

  const auto parsed = boost::urls::parse_uri(text);
  if (parsed.has_error())
    return "it is not a valid URL (" + parsed.error().message() + ')';
  const boost::urls::url_view &url = *parsed;
  if (url.has_query())
    return "a query (?...) does not belong in it";
  if (url.has_fragment())
    return "a fragment (#...) does not belong in it";
  switch (url.host_type()) {
  case boost::urls::host_type::ipv4:
    out.host = std::string(url.encoded_host());
    break;
  case boost::urls::host_type::ipv6:
    out.host = url.host_ipv6_address().to_string();
    break;
  case boost::urls::host_type::name: {
    out.host = lowered(std::string(url.encoded_host()));
    reason = check_name(out.host);
    if (!reason.empty())
      return reason;
    break;
  }
  default:
    return "its host is neither a name nor an IP address";
  }
  const std::string path(url.encoded_path());
  if (!path.empty() && path != "/")
    out.path = path;
  return {};
}

Error invalid_master(std::string_view text, const Reason &reason) {
  return {errc::invalid_url,
          "invalid master \"" + printable(text, shown_bytes) + "\": " + reason +
              "; expected host:port or http://host:port",
          {}};
}

Reason check_scheme(const std::string &scheme) {
  if (scheme == "http")
    return {};
  for (const std::string_view later : {"https", "zk", "file", "http+unix"}) {
    if (scheme == later)
      return scheme + ":// is not supported yet";
  }
  return "its scheme \"" + printable(scheme, 32) + "\" is unknown";
}

} // namespace

std::string Endpoint::authority() const {
  const bool ipv6 = host.find(':') != std::string::npos;
  return (ipv6 ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

std::string Endpoint::to_string() const {
  return scheme + "://" + authority() + path;
}

Error parse_master(std::string_view text, Endpoint &out) {
  Reason reason = check_bytes(text);
  if (!reason.empty())
    return invalid_master(text, reason);

  std::string_view rest = text;
  if (const std::size_t colon = text.find("://");
      colon != std::string_view::npos) {
    reason = check_scheme(lowered(text.substr(0, colon)));
    if (!reason.empty())
      return invalid_master(text, reason);
    rest.remove_prefix(colon + 3);
  } else if (text.substr(0, 7) == "master@") {
    rest.remove_prefix(7);
  }

  Endpoint parsed;
  reason = parse_http("http://" + std::string(rest), parsed);
  if (!reason.empty())
    return invalid_master(text, reason);
  out = std::move(parsed);
  return {};
}

Error resolve_location(const Endpoint &current, std::string_view location,
                       Endpoint &out) {
  const auto invalid = [&](const Reason &reason) {
    return Error{errc::invalid_redirect,
                 "redirect from " +
                     printable(current.to_string(), shown_bytes) + " to \"" +
                     printable(location, shown_bytes) + "\": " + reason +
                     "; expected //host:port/path, a path, or a URL with the "
                     "same scheme",
                 {}};
  };
  Reason reason = check_bytes(location);
  if (!reason.empty())
    return invalid(reason);

  Endpoint parsed{
      current.scheme,
      {},
      static_cast<std::uint16_t>(current.scheme == "https" ? 443 : 80),
      current.path};
  std::string absolute(location);
  if (location.substr(0, 2) == "//") {
    absolute = current.scheme + ':' + absolute;
  } else if (location.front() == '/') {
    absolute = current.scheme + "://" + current.authority() + absolute;
  } else {
    const std::size_t colon = location.find("://");
    if (colon == std::string_view::npos)
      return invalid("it is neither a URL nor a path");
    const std::string scheme = lowered(location.substr(0, colon));
    if (current.scheme == "https" && scheme == "http")
      return invalid("it would leave https");
    if (scheme != current.scheme) {
      reason = check_scheme(scheme);
      return invalid(reason.empty() ? "its scheme is another one" : reason);
    }
  }
  reason = parse_http(absolute, parsed);
  if (!reason.empty())
    return invalid(reason);
  out = std::move(parsed);
  return {};
}

} // namespace mesosio::codec
