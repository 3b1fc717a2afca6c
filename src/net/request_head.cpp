// Writes request heads.
#include "net/request_head.hpp"

#include <mesosio/version.hpp>

#include <algorithm>
#include <charconv>

namespace mesosio::net {
namespace {

bool breaks_a_line(std::string_view value) {
  return std::any_of(value.begin(), value.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7F;
  });
}

}  // namespace

std::string request_head_prefix(const codec::Endpoint& endpoint, std::string_view stream_id,
                                std::string_view authorization, Error& error) {
  const std::string authority = endpoint.authority();
  const std::string_view path = endpoint.path.empty() ? std::string_view("/") : endpoint.path;
  const auto refuse = [&](std::string_view what) {
    error = {
        make_error_code(errc::invalid_argument),
        std::string(what) + " holds bytes that an HTTP request cannot carry; expected printable characters",
        {}};
    return std::string();
  };
  if (breaks_a_line(path) || path.find_first_of(" \t") != std::string_view::npos)
    return refuse("the URL's path");
  if (breaks_a_line(authority) || authority.find(' ') != std::string::npos) return refuse("the host name");
  if (breaks_a_line(stream_id)) return refuse("the stream id");
  if (breaks_a_line(authorization)) return refuse("the value of Authorization");

  std::string head;
  head.reserve(300 + path.size() + authority.size() + stream_id.size() + authorization.size());
  head += "POST ";
  head += path;
  head += " HTTP/1.1\r\nHost: ";
  head += authority;
  head += "\r\nUser-Agent: mesosio/";
  head += version_string;
  head += "\r\nAccept: application/x-protobuf\r\nContent-Type: application/x-protobuf\r\n";
  if (!authorization.empty()) {
    head += "Authorization: ";
    head += authorization;
    head += "\r\n";
  }
  if (!stream_id.empty()) {
    head += "Mesos-Stream-Id: ";
    head += stream_id;
    head += "\r\n";
  }
  head += "Content-Length: ";
  return head;
}

void append_request_length(std::string& head, std::size_t length) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, length).ptr;
  head.append(digits, end);
  head += request_head_end;
}

}  // namespace mesosio::net
