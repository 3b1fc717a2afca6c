// Error codes with their texts, and peers' words made safe to print.
#include <mesosio/call_result.hpp>
#include <mesosio/error.hpp>

#include <gtest/gtest.h>

#include <set>

namespace mesosio {
namespace {

TEST(Error, EveryCodeHasATextOfItsOwn) {
  std::set<std::string> texts;
  const int last = static_cast<int>(errc::stopped);
  for (int value = 1; value <= last; ++value) {
    const std::string text = error_code(value, category()).message();
    EXPECT_NE(text, "unknown mesosio error") << value;
    EXPECT_TRUE(texts.insert(text).second) << text;
  }
  EXPECT_EQ(error_code(last + 1, category()).message(), "unknown mesosio error");
  EXPECT_STREQ(category().name(), "mesosio");
}

TEST(Error, TellsItsContextAndThePeersWords) {
  EXPECT_FALSE(Error());
  const Error bare{errc::timeout, "", ""};
  EXPECT_TRUE(bare);
  EXPECT_EQ(bare.to_string(), "timed out");
  EXPECT_EQ((Error{errc::refused, "m:5050 refused", "no"}.to_string()), "m:5050 refused: \"no\"");
}

TEST(Printable, KeepsTextAndEscapesTheRest) {
  EXPECT_EQ(printable("plain text ~"), "plain text ~");
  EXPECT_EQ(printable("a\n\t\r\x1B[31m\x7F"), "a\\x0A\\x09\\x0D\\x1B[31m\\x7F");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
  EXPECT_EQ(printable("gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x98\x80"),
            "gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x98\x80");
}

TEST(Printable, EscapesWhatIsNoUtf8) {
  EXPECT_EQ(printable("\xC3"), "\\xC3") << "cut off";
  EXPECT_EQ(printable("\xC0\x80"), "\\xC0\\x80") << "overlong";
  EXPECT_EQ(printable("\xE0\x80\x80"), "\\xE0\\x80\\x80") << "overlong";
  EXPECT_EQ(printable("\xED\xA0\x80"), "\\xED\\xA0\\x80") << "surrogate";
  EXPECT_EQ(printable("\xF4\x90\x80\x80"), "\\xF4\\x90\\x80\\x80") << "beyond Unicode";
  EXPECT_EQ(printable("\xC2\x9B"), "\\xC2\\x9B") << "a control character of a terminal";
  EXPECT_EQ(printable("\xFFz"), "\\xFFz");
}

TEST(Printable, CutsWhatIsLong) {
  EXPECT_EQ(printable("abcdef", 3), "abc...");
  EXPECT_EQ(printable("abc", 3), "abc");
  EXPECT_LE(printable(std::string(1'000'000, '\n')).size(), 520U);
}

TEST(Names, AreThoseOfTheEnumerators) {
  EXPECT_STREQ(to_string(CallOutcome::queue_full), "queue_full");
  EXPECT_STREQ(to_string(CallOutcome::cancelled), "cancelled");
  EXPECT_STREQ(to_string(ConnectionState::subscribing), "subscribing");
}

}  // namespace
}  // namespace mesosio
