// The bytes of an answer, and what headers mean.
#include "local/http_message.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <array>
#include <cstdio>

namespace mesosio::local {
namespace {

namespace beast = boost::beast;

beast::string_view view(std::string_view text) {
  return {text.data(), text.size()};
}

bool matches(beast::string_view offered, std::string_view content_type) {
  if (offered == "*/*" || offered == "*") {
    return true;
  }
  const auto slash = content_type.find('/');
  return beast::iequals(offered, view(content_type)) ||
         (offered.ends_with("/*") &&
          beast::iequals(offered.substr(0, offered.size() - 2), view(content_type.substr(0, slash))));
}

// q=0, q=0.0 and so on: not acceptable.
bool is_refused(beast::string_view parameters) {
  for (const auto& [name, value] : beast::http::param_list(parameters)) {
    if (beast::iequals(name, "q") && !value.empty() &&
        value.find_first_not_of("0.") == beast::string_view::npos) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::optional<std::string_view> HttpRequest::header(std::string_view name) const {
  const auto at = fields.find(view(name));
  if (at == fields.end()) {
    return {};
  }
  const auto value = at->value();
  return std::string_view(value.data(), value.size());
}

HttpResponse text_response(unsigned status, std::string text) {
  HttpResponse response;
  response.status = status;
  if (!text.empty()) {
    response.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
  }
  response.body = std::move(text);
  return response;
}

std::string http_date(std::time_t time) {
  constexpr std::array<const char*, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                days.at(static_cast<std::size_t>(parts.tm_wday) % 7), parts.tm_mday,
                months.at(static_cast<std::size_t>(parts.tm_mon) % 12), parts.tm_year + 1900, parts.tm_hour,
                parts.tm_min, parts.tm_sec);
  return text.data();
}

std::string to_wire(const HttpResponse& response, std::time_t now) {
  const auto reason = beast::http::obsolete_reason(static_cast<beast::http::status>(response.status));
  std::string out = "HTTP/1.1 " + std::to_string(response.status) + ' ' +
                    std::string(reason.data(), reason.size()) + "\r\nDate: " + http_date(now) + "\r\n";
  if (response.is_stream) {
    out += "Transfer-Encoding: chunked\r\n";
  }
  for (const auto& [name, value] : response.headers) {
    out += name + ": " + value + "\r\n";
  }
  if (response.is_stream) {
    return out + "\r\n";
  }
  return out + "Content-Length: " + std::to_string(response.body.size()) + "\r\n\r\n" + response.body;
}

bool accepts(std::optional<std::string_view> accept, std::string_view content_type) {
  if (!accept) {
    return true;
  }
  std::string_view rest = *accept;
  while (!rest.empty()) {
    const auto comma = std::min(rest.find(','), rest.size());
    std::string_view item = rest.substr(0, comma);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    const auto semicolon = std::min(item.find(';'), item.size());
    std::string_view type = item.substr(0, semicolon);
    while (!type.empty() && (type.front() == ' ' || type.front() == '\t')) {
      type.remove_prefix(1);
    }
    while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) {
      type.remove_suffix(1);
    }
    if (matches(view(type), content_type) && !is_refused(view(item.substr(semicolon)))) {
      return true;
    }
  }
  return false;
}

}  // namespace mesosio::local
