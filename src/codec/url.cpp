// Master locations and redirects, by Boost.URL and stricter than it where a mistake would otherwise surface
// late.
#include "codec/url.hpp"

#include <boost/url/ipv4_address.hpp>
#include <boost/url/ipv6_address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <utility>

namespace mesosio::codec {
namespace {

constexpr std::size_t max_url_bytes = 2048;
constexpr std::size_t shown_bytes = 200;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

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
  if (text.empty()) return "it is empty";
  if (text.size() > max_url_bytes) return "it is longer than " + std::to_string(max_url_bytes) + " bytes";
  const bool clean = std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
  return clean ? "" : "it holds a space or another byte that no URL has";
}

Reason check_port(std::string_view text, std::uint16_t& port) {
  unsigned value = 0;
  for (const char c : text.substr(0, 6)) value = value * 10 + static_cast<unsigned>(c - '0');
  if (!all_digits(text) || text.size() > 5 || value == 0 || value > 65535) {
    return "its port \"" + printable(text, 32) + "\" is not a number from 1 to 65535";
  }
  port = static_cast<std::uint16_t>(value);
  return {};
}

// A URL may have other names (commas, %41, ...); a resolver would only fail on those much later.
Reason check_name(std::string_view name) {
  std::string wrong = "its host \"" + printable(name, 64) + "\" is not a host name";
  if (name.size() > 253) return wrong;
  std::string_view last;
  for (std::string_view rest = name; !rest.empty();) {
    const std::string_view label = rest.substr(0, rest.find('.'));
    const bool clean = std::all_of(label.begin(), label.end(), [](char c) {
      return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '-' || c == '_';
    });
    if (!clean || label.empty() || label.size() > 63) return wrong;
    rest.remove_prefix(std::min(rest.size(), label.size() + 1));
    last = label;
  }
  if (!all_digits(last)) return {};
  return "its host \"" + printable(name, 64) + "\" is neither a name nor an IPv4 address";
}

Reason check_host(std::string_view text, std::string& host) {
  if (text.substr(0, 1) == "[") {
    const auto address = boost::urls::parse_ipv6_address(text.substr(1, text.size() - 2));
    if (address.has_error()) return "its host \"" + printable(text, 64) + "\" is not an IPv6 address";
    host = address->to_string();
    return {};
  }
  if (text.empty()) return "its host is missing";
  host = lowered(text);
  return boost::urls::parse_ipv4_address(text).has_value() ? Reason() : check_name(host);
}

// Reads host[:port]; leaves the port as it is where there is none.
Reason parse_authority(std::string_view text, Endpoint& out) {
  if (text.find('@') != std::string_view::npos) return "a user name or password does not belong in it";
  std::size_t host_end = std::min(text.find(':'), text.size());
  if (text.substr(0, 1) == "[") {
    const std::size_t bracket = text.find(']');
    if (bracket == std::string_view::npos) return "the ] of its IPv6 address is missing";
    host_end = bracket + 1;
  } else if (std::count(text.begin(), text.end(), ':') > 1) {
    return "it has more than one colon; an IPv6 address is written in brackets, as in [::1]:5050";
  }
  Reason reason = check_host(text.substr(0, host_end), out.host);
  if (!reason.empty() || host_end == text.size()) return reason;
  if (text[host_end] != ':') return "there is text between its ] and the port";
  return check_port(text.substr(host_end + 1), out.port);
}

// Reads host[:port][/path], what follows the slashes of an http URL; leaves what is not there as it is.
// Authority and path are parsed apart: the URL parser of Boost 1.81 takes 10.0.0.1;x for an address and a
// path.
Reason parse_place(std::string_view text, Endpoint& out) {
  const std::size_t path_start = std::min(text.find_first_of("/?#"), text.size());
  Reason reason = parse_authority(text.substr(0, path_start), out);
  if (!reason.empty()) return reason;
  const std::string_view path = text.substr(path_start);
  if (path.find('#') != std::string_view::npos) return "a fragment (#...) does not belong in it";
  if (path.find('?') != std::string_view::npos) return "a query (?...) does not belong in it";
  if (path.empty() || path == "/") return {};
  const auto parsed = boost::urls::parse_origin_form(path);
  if (parsed.has_error()) return "its path \"" + printable(path, 64) + "\" is not one of a URL";
  out.path = path;
  return {};
}

// What the user or the peer wrote, to be quoted: escaped, cut, and without a password, since errors end up in
// logs.
std::string shown(std::string_view text) {
  const std::size_t scheme_end = text.find("://");
  const std::size_t start = scheme_end == std::string_view::npos ? 0 : scheme_end + 3;
  const std::size_t at = text.rfind('@');
  const std::size_t colon = text.find(':', start);
  std::string safe(text);
  if (at != std::string_view::npos && colon < at) safe.replace(colon + 1, at - colon - 1, "***");
  return '"' + printable(safe, shown_bytes) + '"';
}

Error invalid_master(std::string_view text, const Reason& reason) {
  return {errc::invalid_url,
          "invalid master " + shown(text) + ": " + reason + "; expected host:port or http://host:port",
          {}};
}

Reason check_scheme(const std::string& scheme) {
  if (scheme == "http") return {};
  for (const std::string_view later : {"https", "zk", "file", "http+unix"}) {
    if (scheme == later) return scheme + ":// is not supported yet";
  }
  return "its scheme \"" + printable(scheme, 32) + "\" is unknown";
}

}  // namespace

std::string Endpoint::authority() const {
  const bool ipv6 = host.find(':') != std::string::npos;
  return (ipv6 ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

std::string Endpoint::to_string() const {
  return scheme + "://" + authority() + path;
}

Error parse_master(std::string_view text, Endpoint& out) {
  Reason reason = check_bytes(text);
  if (!reason.empty()) return invalid_master(text, reason);

  std::string_view rest = text;
  if (const std::size_t colon = text.find("://"); colon != std::string_view::npos) {
    reason = check_scheme(lowered(text.substr(0, colon)));
    if (!reason.empty()) return invalid_master(text, reason);
    rest.remove_prefix(colon + 3);
  } else if (text.substr(0, 7) == "master@") {
    rest.remove_prefix(7);
  }

  Endpoint parsed;
  reason = parse_place(rest, parsed);
  if (!reason.empty()) return invalid_master(text, reason);
  out = std::move(parsed);
  return {};
}

Error resolve_location(const Endpoint& current, std::string_view location, Endpoint& out) {
  const auto invalid = [&](const Reason& reason) {
    return Error{errc::invalid_redirect,
                 "redirect from " + printable(current.to_string(), shown_bytes) + " to " + shown(location) +
                     ": " + reason +
                     "; expected //host:port/path, a path, or a URL with the "
                     "same scheme",
                 {}};
  };
  Reason reason = check_bytes(location);
  if (!reason.empty()) return invalid(reason);

  Endpoint parsed{
      current.scheme, {}, static_cast<std::uint16_t>(current.scheme == "https" ? 443 : 80), current.path};
  std::string place(location);
  if (location.substr(0, 2) == "//") {
    place.erase(0, 2);
  } else if (location.front() == '/') {
    place = current.authority() + place;
  } else {
    const std::size_t colon = location.find("://");
    if (colon == std::string_view::npos) return invalid("it is neither a URL nor a path");
    const std::string scheme = lowered(location.substr(0, colon));
    if (current.scheme == "https" && scheme == "http") return invalid("it would leave https");
    if (scheme != current.scheme) {
      reason = check_scheme(scheme);
      return invalid(reason.empty() ? "its scheme is another one" : reason);
    }
    place.erase(0, colon + 3);
  }
  reason = parse_place(place, parsed);
  if (!reason.empty()) return invalid(reason);
  out = std::move(parsed);
  return {};
}

}  // namespace mesosio::codec
