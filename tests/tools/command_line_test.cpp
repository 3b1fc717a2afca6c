// The options of one subcommand: help, lists, defaults and what is said about mistakes.
#include "tools/command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mesosio::tool {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

CommandLine make() {
  CommandLine line("summary\n", "notes\n");
  line.add_required("master", "MASTER", "Where.");
  line.add("tasks", "K", "1", "How many.");
  line.add("role", "ROLE", "Which.");
  line.add_list("env", "NAME=VALUE", "A variable.");
  return line;
}

std::string words(const Arguments& arguments) {
  CommandLine line = make();
  try {
    return line.parse(arguments) ? "" : "help";
  } catch (const UsageError& error) {
    return error.what();
  }
}

TEST(CommandLineTest, ValuesDefaultsAndLists) {
  CommandLine line = make();
  ASSERT_TRUE(line.parse({"--master", "a b", "--env=A=1", "--env", "B=2"}));
  EXPECT_EQ(line.text("master"), "a b");
  EXPECT_EQ(line.text("tasks"), "1");
  EXPECT_FALSE(line.has("role"));
  EXPECT_EQ(line.text("role"), "");
  EXPECT_THAT(line.list("env"), ElementsAre("A=1", "B=2"));
}

TEST(CommandLineTest, AnEmptyValueIsAValue) {
  CommandLine line = make();
  ASSERT_TRUE(line.parse({"--master", ""}));
  EXPECT_TRUE(line.has("master"));
  EXPECT_EQ(line.text("master"), "");
}

TEST(CommandLineTest, HelpNeedsNothingElse) {
  EXPECT_EQ(words({"--help"}), "help");
  EXPECT_EQ(words({"-h", "--tasks", "x"}), "help");
  const std::string help = make().help();
  for (const char* part : {"summary", "--master MASTER", "Where.", "--env NAME=VALUE", "notes"}) {
    EXPECT_THAT(help, HasSubstr(part));
  }
}

TEST(CommandLineTest, MistakesAreNamed) {
  EXPECT_THAT(words({}), HasSubstr("'--master' is required"));
  EXPECT_THAT(words({"--master"}), HasSubstr("argument for option '--master' is missing"));
  EXPECT_THAT(words({"--master", "m", "--colour", "x"}), HasSubstr("unrecognised option '--colour'"));
  EXPECT_THAT(words({"--master", "m", "--task", "1"}), HasSubstr("unrecognised option '--task'"));
  EXPECT_THAT(words({"--master", "m", "--tasks", "1", "--tasks", "2"}), HasSubstr("more than once"));
  EXPECT_THAT(words({"--master", "m", "extra"}), HasSubstr("'extra' is not an option"));
  EXPECT_THAT(words({"--master", "m", "--", "--x"}), HasSubstr("'--x' is not an option"));
  EXPECT_THAT(words({"--master", "m", "--\x1b[2J"}), HasSubstr("\\x1B"));
}

}  // namespace
}  // namespace mesosio::tool
