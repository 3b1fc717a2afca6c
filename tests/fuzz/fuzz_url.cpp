// Any text is an endpoint that reads back as itself, or an error; the same for redirects.
#include "codec/url.hpp"
#include "fuzz_entry.hpp"

#include <string>

namespace {

using mesosio::Error;
using mesosio::codec::Endpoint;
using mesosio::fuzz::require;

void check_endpoint(const Endpoint& endpoint) {
  require(endpoint.port != 0, "a port is set");
  require(!endpoint.host.empty(), "a host is set");
  require(!endpoint.path.empty() && endpoint.path.front() == '/', "a path starts with a slash");
  Endpoint again;
  const Error error = mesosio::codec::parse_master(endpoint.to_string(), again);
  require(!error && again == endpoint, "an endpoint reads back as itself");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  Endpoint endpoint;
  Error error = mesosio::codec::parse_master(text, endpoint);
  if (!error) check_endpoint(endpoint);
  require(!error || !error.message.empty(), "an error says what is wrong");

  const Endpoint current{"http", "::1", 5050, "/api/v1/scheduler"};
  error = mesosio::codec::resolve_location(current, text, endpoint);
  if (!error) check_endpoint(endpoint);
  require(!error || !error.message.empty(), "an error says what is wrong");
  return 0;
}
