// Where a redirect leads.
#include "codec/url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace mesosio::codec {
namespace {

using testing::HasSubstr;

const Endpoint current{"http", "10.0.0.1", 5050, "/api/v1/scheduler"};

TEST(ResolveLocation, FollowsWhatServersSend) {
  const struct {
    const char* location;
    const char* url;
  } cases[] = {
      // As in the captures refusal_redirect and refusal_redirect_get.
      {"//127.0.0.1:25620/master/api/v1/scheduler", "http://127.0.0.1:25620/master/api/v1/scheduler"},
      {"//127.0.0.1:25620", "http://127.0.0.1:25620/api/v1/scheduler"},
      {"//127.0.0.1:25620/", "http://127.0.0.1:25620/api/v1/scheduler"},
      {"//[::1]:5050/x", "http://[::1]:5050/x"},
      {"//Leader.example.com/x", "http://leader.example.com:80/x"},
      {"http://leader:5051/master/api/v1/scheduler", "http://leader:5051/master/api/v1/scheduler"},
      {"HTTP://leader:5051", "http://leader:5051/api/v1/scheduler"},
      {"http://leader", "http://leader:80/api/v1/scheduler"},
      {"/master/api/v1/scheduler", "http://10.0.0.1:5050/master/api/v1/scheduler"},
      {"/", "http://10.0.0.1:5050/api/v1/scheduler"},
  };
  for (const auto& [location, url] : cases) {
    Endpoint out;
    const Error error = resolve_location(current, location, out);
    EXPECT_FALSE(error) << error.to_string();
    EXPECT_EQ(out.to_string(), url) << location;
  }
}

TEST(ResolveLocation, KeepsThePathOfTheRequestAndTheSchemeOfTls) {
  const Endpoint secure{"https", "::1", 5050, "/proxy/scheduler"};
  Endpoint out;
  EXPECT_FALSE(resolve_location(secure, "//leader:1", out));
  EXPECT_EQ(out.to_string(), "https://leader:1/proxy/scheduler");
  EXPECT_FALSE(resolve_location(secure, "https://leader/x", out));
  EXPECT_EQ(out.to_string(), "https://leader:443/x");
  EXPECT_FALSE(resolve_location(secure, "/y", out));
  EXPECT_EQ(out.to_string(), "https://[::1]:5050/y");
}

TEST(ResolveLocation, MayWriteOverTheCurrentEndpoint) {
  Endpoint endpoint = current;
  EXPECT_FALSE(resolve_location(endpoint, "//leader:1", endpoint));
  EXPECT_EQ(endpoint.to_string(), "http://leader:1/api/v1/scheduler");
}

TEST(ResolveLocation, SaysWhatIsWrong) {
  const struct {
    std::string location;
    const char* words;
  } cases[] = {
      {"", "it is empty"},
      {"//", "host is missing"},
      {"///path", "host is missing"},
      {"//host:0/", "port \"0\""},
      {"//host:port", "port \"port\""},
      {"//a b", "a space or another byte"},
      {"//host:1/\r\nX-Evil: 1", "a space or another byte"},
      {"//user@host:1", "user name or password"},
      {"//host:1/?q", "a query"},
      {"//host:1/#f", "a fragment"},
      {"/path?q", "a query"},
      {"/path#f", "a fragment"},
      {"path", "neither a URL nor a path"},
      {"host:5050", "neither a URL nor a path"},
      {"?q", "neither a URL nor a path"},
      {"#f", "neither a URL nor a path"},
      {"http:host", "neither a URL nor a path"},
      {"https://host:5050", "https:// is not supported yet"},
      {"zk://host:5050/mesos", "zk:// is not supported yet"},
      {"javascript://x", "scheme \"javascript\" is unknown"},
      {"/%zz", "is not one of a URL"},
      {"//" + std::string(3000, 'a'), "longer than 2048 bytes"},
  };
  for (const auto& [location, words] : cases) {
    Endpoint out{"http", "untouched", 1, "/"};
    const Error error = resolve_location(current, location, out);
    EXPECT_EQ(error.code, errc::invalid_redirect) << location;
    EXPECT_THAT(error.message, HasSubstr(words)) << location;
    EXPECT_THAT(error.message, HasSubstr("redirect from http://10.0.0.1:5050/api/v1/scheduler to \""))
        << location;
    EXPECT_THAT(error.message, HasSubstr("expected //host:port/path")) << location;
    EXPECT_EQ(out.host, "untouched") << location;
  }
}

TEST(ResolveLocation, RefusesToLeaveTls) {
  const Endpoint secure{"https", "host", 5050, "/"};
  Endpoint out;
  const Error error = resolve_location(secure, "http://host:5050/", out);
  EXPECT_EQ(error.code, errc::invalid_redirect);
  EXPECT_THAT(error.message, HasSubstr("it would leave https"));
}

}  // namespace
}  // namespace mesosio::codec
