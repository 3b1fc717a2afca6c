// Values of options: what is taken, and what is said about the rest.
#include "tools/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace mesosio::tool {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// The words of the UsageError; empty if there is none.
template <class Function>
std::string words(Function function) {
  try {
    static_cast<void>(function());
  } catch (const UsageError& error) {
    return error.what();
  }
  return {};
}

TEST(Options, Durations) {
  const std::pair<const char*, milliseconds> cases[] = {
      {"500ms", milliseconds(500)}, {"60s", seconds(60)},       {"1sec", seconds(1)},
      {"0secs", seconds(0)},        {"5mins", minutes(5)},      {"1min", minutes(1)},
      {"1.5hrs", minutes(90)},      {"2h", hours(2)},           {"1hr", hours(1)},
      {"0.5day", hours(12)},        {"2days", hours(48)},       {"1week", hours(168)},
      {"52weeks", hours(52 * 168)}, {"0.25ms", milliseconds(0)}};
  for (const auto& [text, expected] : cases) EXPECT_EQ(parse_duration("--d", text), expected) << text;
}

TEST(Options, WrongDurationsSayWhatIsExpected) {
  for (const char* text : {"", "60", "s", "-1s", "+1s", "1 s", "1S", "1e3s", "0x1s", "nans", "infs", "1.2.3s",
                           "1s ", "1m", "99999999999999999999999999999999999999999x"}) {
    EXPECT_THAT(words([&] { return parse_duration("--timeout", text); }),
                AllOf(HasSubstr("--timeout: '" + std::string(text) + "'"), HasSubstr("500ms, 60s or 1.5hrs")))
        << text;
  }
  EXPECT_THAT(words([] { return parse_duration("--timeout", "53weeks"); }), HasSubstr("at most 365 days"));
  EXPECT_THAT(words([] { return parse_duration("--timeout", std::string(400, '9') + "s"); }), Not(""));
  EXPECT_THAT(words([] { return parse_positive_duration("--timeout", "0s"); }), HasSubstr("above 0"));
}

TEST(Options, Counts) {
  EXPECT_EQ(parse_count("--tasks", "1", 1, 10), 1U);
  EXPECT_EQ(parse_count("--tasks", "0010", 1, 10), 10U);
  for (const char* text : {"", "0", "11", "-1", "+1", "1.0", "1 ", " 1", "one", "99999999999999999999999"}) {
    EXPECT_EQ(words([&] { return parse_count("--tasks", text, 1, 10); }),
              "--tasks: '" + std::string(text) + "' is not a whole number from 1 to 10");
  }
}

TEST(Options, Ports) {
  EXPECT_EQ(parse_port("--port", "0"), 0);
  EXPECT_EQ(parse_port("--port", "65535"), 65535);
  for (const char* text : {"", "65536", "-1", "http", "5050/"}) {
    EXPECT_EQ(words([&] { return parse_port("--port", text); }),
              "--port: '" + std::string(text) +
                  "' is not a port; expected a number from 0 (any free port) to 65535");
  }
}

TEST(Options, AmountsAreKeptInThousandths) {
  EXPECT_EQ(parse_amount("--cpus", "0"), 0);
  EXPECT_EQ(parse_amount("--cpus", "2"), 2);
  EXPECT_EQ(parse_amount("--cpus", "0.12349"), 0.123);
  for (const char* text : {"", "-1", ".5", "1,5", "nan", "inf", "1e3", "two", "1x", "10000000000"}) {
    EXPECT_THAT(words([&] { return parse_amount("--cpus", text); }), HasSubstr("such as 2 or 0.5")) << text;
  }
  EXPECT_THAT(words([] { return parse_amount("--cpus", "0.0001"); }), HasSubstr("smallest is 0.001"));
}

TEST(Options, Memory) {
  EXPECT_EQ(parse_mebibytes("--mem", "64"), 64);
  EXPECT_EQ(parse_mebibytes("--mem", "512MB"), 512);
  EXPECT_EQ(parse_mebibytes("--mem", "1.5GB"), 1536);
  EXPECT_EQ(parse_mebibytes("--mem", "1TB"), 1048576);
  EXPECT_EQ(parse_mebibytes("--mem", "512KB"), 0.5);
  for (const char* text : {"", "-1", "64M", "64 MB", "64mb", "MB", "99999999999TB"}) {
    EXPECT_THAT(words([&] { return parse_mebibytes("--mem", text); }), HasSubstr("512MB or 1.5GB")) << text;
  }
}

TEST(Options, Variables) {
  using Variable = std::pair<std::string, std::string>;
  EXPECT_EQ(parse_variable("--env", "A=b"), Variable("A", "b"));
  EXPECT_EQ(parse_variable("--env", "A="), Variable("A", ""));
  EXPECT_EQ(parse_variable("--env", "A=b=c"), Variable("A", "b=c"));
  for (const char* text : {"", "A", "=b"}) {
    EXPECT_THAT(words([&] { return parse_variable("--env", text); }), HasSubstr("expected NAME=VALUE"))
        << text;
  }
}

TEST(Options, TextIsUtf8) {
  EXPECT_EQ(parse_text("--name", "h\xC3\xA9", "a name"), "h\xC3\xA9");
  EXPECT_EQ(words([] { return parse_text("--name", "", "a name"); }), "--name is empty; expected a name");
  EXPECT_EQ(words([] { return parse_text("--name", "a\xFFz", "a name"); }),
            "--name: 'a\\xFFz' is not valid UTF-8");
  EXPECT_THAT(words([] { return parse_variable("--env", "A=\x80"); }), HasSubstr("is not valid UTF-8"));
}

TEST(Options, WhatIsQuotedIsPrintableAndShort) {
  const std::string text =
      words([] { return parse_count("--tasks", "\x1b[2J" + std::string(5000, '1'), 1, 2); });
  EXPECT_THAT(text, HasSubstr("\\x1B[2J"));
  EXPECT_LT(text.size(), 300U);
}

TEST(Options, Secrets) {
  const std::string path = ::testing::TempDir() + "mesosio_options_secret";
  const auto read = [&](const std::string& contents) {
    std::ofstream(path, std::ios::binary) << contents;
    return read_secret("--secret-file", path);
  };
  EXPECT_EQ(read("secret"), "secret");
  EXPECT_EQ(read("secret\n"), "secret");
  EXPECT_EQ(read("secret\r\n"), "secret");
  EXPECT_EQ(read("two\nlines\n\n"), "two\nlines\n");
  EXPECT_THAT(words([&] { return read("\n"); }), HasSubstr("a secret of 1 to 65536 bytes"));
  EXPECT_THAT(words([&] { return read(std::string(70'000, 'x')); }),
              HasSubstr("a secret of 1 to 65536 bytes"));
  EXPECT_THAT(words([] { return read_secret("--secret-file", "/nowhere/at/all"); }),
              HasSubstr("No such file or directory"));
  EXPECT_THAT(words([] { return read_secret("--secret-file", "/"); }),
              HasSubstr("--secret-file: '/' is not"));
}

TEST(Options, FormattedForPeople) {
  EXPECT_EQ(format_duration(milliseconds(0)), "0 ms");
  EXPECT_EQ(format_duration(milliseconds(999)), "999 ms");
  EXPECT_EQ(format_duration(milliseconds(1500)), "1.5 s");
  EXPECT_EQ(format_duration(seconds(60)), "1 min 0 s");
  EXPECT_EQ(format_duration(seconds(3725)), "62 min 5 s");
  EXPECT_EQ(format_amount(4), "4");
  EXPECT_EQ(format_amount(0.1), "0.1");
  EXPECT_EQ(format_amount(100), "100");
  EXPECT_EQ(format_amount(0), "0");
}

}  // namespace
}  // namespace mesosio::tool
