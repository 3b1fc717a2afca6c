// Requests and answers of the local cluster's HTTP server, as values, and the bytes of an answer.
#pragma once

#include "local/effects.hpp"

#include <boost/beast/http/fields.hpp>

#include <cstdint>
#include <ctime>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mesosio::local {

struct HttpRequest {
  StreamNumber number = 0;  // that of the event stream, should the answer be one
  std::string method;
  std::string path;  // without the query
  boost::beast::http::fields fields;
  std::string body;  // unpacked

  // The value of a header in any capitals; nothing where it is absent.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
};

struct HttpResponse {
  unsigned status = 200;
  std::vector<std::pair<std::string, std::string>> headers;  // in order, after Date
  std::string body;
  bool is_stream = false;  // chunked; goes on until HttpServer::end
};

// With a text/plain body, or without a body where `text` is empty.
[[nodiscard]] HttpResponse text_response(unsigned status, std::string text);

// Head and body on the wire, in the order and spelling of a Mesos master.
[[nodiscard]] std::string to_wire(const HttpResponse& response, std::time_t now);

// "Sun, 22 Nov 2026 11:16:27 GMT"
[[nodiscard]] std::string http_date(std::time_t time);

// Which content type a client takes. As in Mesos, values of q do not count, but for q=0.
[[nodiscard]] bool accepts(std::optional<std::string_view> accept, std::string_view content_type);

}  // namespace mesosio::local
