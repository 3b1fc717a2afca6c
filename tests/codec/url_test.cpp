// Master locations as users write them, right and wrong.
#include "codec/url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace mesosio::codec {
namespace {

using testing::HasSubstr;

struct Good {
  std::string text;
  std::string url;
};

TEST(ParseMaster, TakesEveryFormThatPeopleWrite) {
  const Good cases[] = {
      {"localhost", "http://localhost:5050/api/v1/scheduler"},
      {"localhost:8080", "http://localhost:8080/api/v1/scheduler"},
      {"10.0.0.1", "http://10.0.0.1:5050/api/v1/scheduler"},
      {"10.0.0.1:1", "http://10.0.0.1:1/api/v1/scheduler"},
      {"master@10.0.0.1:5050", "http://10.0.0.1:5050/api/v1/scheduler"},
      {"master@[::1]:5050", "http://[::1]:5050/api/v1/scheduler"},
      {"[::1]", "http://[::1]:5050/api/v1/scheduler"},
      {"[::1]:65535", "http://[::1]:65535/api/v1/scheduler"},
      {"http://[2001:DB8:0:0:0:0:0:1]:5050", "http://[2001:db8::1]:5050/api/v1/scheduler"},
      {"http://master.example.com", "http://master.example.com:5050/api/v1/scheduler"},
      {"http://Master.Example.com:5051", "http://master.example.com:5051/api/v1/scheduler"},
      {"HTTP://host:5050", "http://host:5050/api/v1/scheduler"},
      {"http://host:5050/", "http://host:5050/api/v1/scheduler"},
      {"http://host:5050/master/api/v1/scheduler", "http://host:5050/master/api/v1/scheduler"},
      {"http://host/proxy/mesos%20one/api", "http://host:5050/proxy/mesos%20one/api"},
      {"host:5050/api/v1/scheduler", "http://host:5050/api/v1/scheduler"},
      {"host_with-signs.a-1.local.", "http://host_with-signs.a-1.local.:5050/api/v1/scheduler"},
      {"10.0.0.1.nip.io:5050", "http://10.0.0.1.nip.io:5050/api/v1/scheduler"},
      {"http://host:05050", "http://host:5050/api/v1/scheduler"},
  };
  for (const auto& [text, url] : cases) {
    Endpoint endpoint;
    const Error error = parse_master(text, endpoint);
    EXPECT_FALSE(error) << error.to_string();
    EXPECT_EQ(endpoint.to_string(), url) << text;
    Endpoint again;
    EXPECT_FALSE(parse_master(endpoint.to_string(), again));
    EXPECT_EQ(again, endpoint);
  }
}

TEST(ParseMaster, SaysWhatIsWrongAndWhatIsExpected) {
  const struct {
    std::string text;
    const char* words;
  } cases[] = {
      {"", "it is empty"},
      {"two hosts", "a space or another byte"},
      {" host", "a space or another byte"},
      {"host\n", "a space or another byte"},
      {std::string("ho\0st", 5), "a space or another byte"},
      {"h\xC3\xB6st", "a space or another byte"},
      {std::string(3000, 'a'), "longer than 2048 bytes"},
      {"https://host:5050", "https:// is not supported yet"},
      {"zk://h1:2181,h2:2181/mesos", "zk:// is not supported yet"},
      {"file:///etc/mesos/master", "file:// is not supported yet"},
      {"http+unix://%2Frun%2Fmesos.sock/", "http+unix:// is not supported yet"},
      {"ftp://host", "scheme \"ftp\" is unknown"},
      {"://host", "scheme \"\" is unknown"},
      {"http://", "host is missing"},
      {"http:///api", "host is missing"},
      {":5050", "host is missing"},
      {"master@", "host is missing"},
      {"host:", "port \"\" is not a number from 1 to 65535"},
      {"host:0", "port \"0\""},
      {"host:65536", "port \"65536\""},
      {"host:99999999999999999999", "port \"99999999999999999999\""},
      {"host:-1", "port \"-1\""},
      {"host:80a", "port \"80a\""},
      {"http:host", "port \"host\""},
      {"http:/host", "port \"\""},
      {"::1", "more than one colon"},
      {"fe80::1:5050", "more than one colon"},
      {"[::1", "the ] of its IPv6 address is missing"},
      {"[::1]x:5050", "between its ] and the port"},
      {"[::1]:x", "port \"x\""},
      {"[]:5050", "not an IPv6 address"},
      {"[10.0.0.1]:5050", "not an IPv6 address"},
      {"[v1.x]:5050", "not an IPv6 address"},
      {"[fe80::1%eth0]:5050", "not an IPv6 address"},
      {"10.0.0.1;5050", "not a host name"},
      {"300.1.1.1", "neither a name nor an IPv4 address"},
      {"10.0.0:5050", "neither a name nor an IPv4 address"},
      {"5050", "neither a name nor an IPv4 address"},
      {"a..b", "not a host name"},
      {".host", "not a host name"},
      {"h1,h2:5050", "not a host name"},
      {"h%41", "not a host name"},
      {std::string(64, 'a'), "not a host name"},
      {"http://user:secret@host:5050", "user name or password"},
      {"user@host:5050", "user name or password"},
      {"http://master@host:5050", "user name or password"},
      {"http://host:5050/?a=b", "a query"},
      {"http://host:5050?a", "a query"},
      {"http://host:5050/#top", "a fragment"},
      {"http://host:5050/a\\b", "is not one of a URL"},
      {"http://host:5050/%zz", "is not one of a URL"},
      {"http://host:5050/<html>", "is not one of a URL"},
  };
  for (const auto& [text, words] : cases) {
    Endpoint endpoint{"http", "untouched", 1, "/"};
    const Error error = parse_master(text, endpoint);
    EXPECT_EQ(error.code, errc::invalid_url) << text;
    EXPECT_THAT(error.message, HasSubstr(words)) << text;
    EXPECT_THAT(error.message, HasSubstr("expected host:port or http://host:port")) << text;
    if (text.find('@') == std::string::npos) {
      EXPECT_THAT(error.message, HasSubstr("invalid master \"" + printable(text, 200) + '"'));
    }
    EXPECT_LT(error.message.size(), 600U);
    EXPECT_EQ(endpoint, (Endpoint{"http", "untouched", 1, "/"})) << text;
  }
}

TEST(ParseMaster, QuotesNoPassword) {
  Endpoint endpoint;
  EXPECT_THAT(parse_master("zk://user:secret@h1:2181,h2:2181/mesos", endpoint).message,
              HasSubstr("\"zk://user:***@h1:2181,h2:2181/mesos\""));
  EXPECT_THAT(parse_master("http://user:se@cret@host", endpoint).message,
              HasSubstr("\"http://user:***@host\""));
  EXPECT_THAT(parse_master("user:secret@host:1", endpoint).message, HasSubstr("\"user:***@host:1\""));
  EXPECT_THAT(resolve_location({}, "//user:secret@host:1", endpoint).message,
              HasSubstr("\"//user:***@host:1\""));
}

TEST(Endpoint, WritesItsAuthority) {
  EXPECT_EQ((Endpoint{"http", "::1", 5050, "/"}).authority(), "[::1]:5050");
  EXPECT_EQ((Endpoint{"http", "host", 80, "/"}).authority(), "host:80");
}

}  // namespace
}  // namespace mesosio::codec
