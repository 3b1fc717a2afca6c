// Reads requests with Beast's own parser, which is not what the client writes them with.
#include "captures/recorded_request.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>

#include <stdexcept>

namespace mesosio::captures {
namespace http = boost::beast::http;

namespace {

std::string text(boost::beast::string_view value) {
  return {value.data(), value.size()};
}

}  // namespace

Request request_of(std::string_view sent, std::size_t number) {
  for (;; --number) {
    http::request_parser<http::string_body> parser;
    parser.eager(true);
    boost::beast::error_code error;
    sent.remove_prefix(parser.put(boost::asio::buffer(sent.data(), sent.size()), error));
    if (error || !parser.is_done()) throw std::runtime_error("what was sent is not a whole HTTP request");
    if (number == 0) return parser.release();
  }
}

scheduler::Call call_of(const Request& request) {
  scheduler::Call call;
  if (!call.ParsePartialFromString(request.body())) throw std::runtime_error("what was sent is no Call");
  return call;
}

SchedulerConfig plain_config(const Request& request) {
  SchedulerConfig config;
  config.master = "http://" + text(request[http::field::host]) + text(request.target());
  config.framework.set_user("root");
  config.framework.set_name("a framework");
  return config;
}

SchedulerConfig same_config(const Request& request) {
  SchedulerConfig config = plain_config(request);
  const scheduler::Call call = call_of(request);
  const auto& subscribe = call.subscribe();
  config.framework = subscribe.framework_info();
  config.suppressed_roles.assign(subscribe.suppressed_roles().begin(), subscribe.suppressed_roles().end());
  if (subscribe.has_offer_constraints()) config.offer_constraints = subscribe.offer_constraints();
  constexpr std::string_view basic = "Basic ";
  const std::string authorization = text(request[http::field::authorization]);
  if (authorization.starts_with(basic)) {
    const std::string plain = decode_base64(std::string_view(authorization).substr(basic.size()));
    const std::size_t colon = plain.find(':');
    config.credential.emplace();
    config.credential->set_principal(plain.substr(0, colon));
    config.credential->set_secret(plain.substr(colon + 1));
  }
  return config;
}

}  // namespace mesosio::captures
