// From a task to the request for the helper, the words of its errors, and where the helper is looked for.
#include "local/reaper/helper_path.hpp"
#include "local/reaper/launch_request.hpp"

#include <gmock/gmock.h>

#include <cerrno>
#include <csignal>

namespace mesosio::local::reaper {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TaskProcess task() {
  TaskProcess process;
  process.id = "t1";
  process.value = "echo hello";
  process.environment = {{"A", "1"}, {"B", ""}};
  process.directory = "/work";
  return process;
}

TEST(LaunchRequest, ShellForm) {
  Launch request;
  EXPECT_FALSE(make_launch(task(), 5, request));
  EXPECT_EQ(request.token, 5U);
  EXPECT_EQ(request.program, "/bin/sh");
  EXPECT_THAT(request.arguments, ElementsAre("sh", "-c", "echo hello"));
  EXPECT_THAT(request.environment, ElementsAre("A=1", "B="));
  EXPECT_EQ(request.directory, "/work");
}

TEST(LaunchRequest, ArgvForm) {
  TaskProcess process = task();
  process.shell = false;
  process.value = "echo";
  Launch request;
  EXPECT_FALSE(make_launch(process, 1, request));
  EXPECT_THAT(request.arguments, ElementsAre("echo")) << "argv[0] must exist";
  process.arguments = {"other", "x"};
  EXPECT_FALSE(make_launch(process, 1, request));
  EXPECT_EQ(request.program, "echo");
  EXPECT_THAT(request.arguments, ElementsAre("other", "x"));
}

TEST(LaunchRequest, RefusesWhatExecCannotExpress) {
  const std::string zero("a\0b", 3);
  const auto message = [](const TaskProcess& process) {
    Launch request;
    const Error error = make_launch(process, 1, request);
    EXPECT_EQ(error.code, errc::invalid_argument);
    EXPECT_THAT(error.message, HasSubstr("task 't1' was not started"));
    return error.message;
  };
  TaskProcess process = task();
  process.value = zero;
  EXPECT_THAT(message(process), HasSubstr("its command 'a\\x00b' has a byte of value 0"));
  process = task();
  process.shell = false;
  process.value.clear();
  EXPECT_THAT(message(process), HasSubstr("names no program"));
  process = task();
  process.shell = false;
  process.arguments = {"x", zero};
  EXPECT_THAT(message(process), HasSubstr("its argument"));
  for (const std::string& name : {std::string(), std::string("A=B"), zero}) {
    process = task();
    process.environment = {{name, "1"}};
    EXPECT_THAT(message(process), HasSubstr("a variable named '"));
  }
  process = task();
  process.environment = {{"A", zero}};
  EXPECT_THAT(message(process), HasSubstr("its environment variable 'A=a\\x00b'"));
  for (std::string TaskProcess::*path :
       {&TaskProcess::directory, &TaskProcess::output_file, &TaskProcess::error_file}) {
    process = task();
    process.*path = zero;
    EXPECT_THAT(message(process), HasSubstr("its path"));
  }
}

TEST(LaunchRequest, EveryStageHasItsWords) {
  TaskProcess process = task();
  process.output_file = "/out";
  process.error_file = "/err";
  const auto message = [&](Stage stage) {
    return start_error(process, static_cast<std::uint8_t>(stage), ENOENT).message;
  };
  EXPECT_THAT(message(Stage::process), HasSubstr("no further process: No such file"));
  EXPECT_THAT(message(Stage::session), HasSubstr("session"));
  EXPECT_THAT(message(Stage::output_file), HasSubstr("output file '/out' cannot be written"));
  EXPECT_THAT(message(Stage::error_file), HasSubstr("error output file '/err' cannot be written"));
  EXPECT_THAT(message(Stage::directory), HasSubstr("working directory '/work' cannot be entered"));
  EXPECT_THAT(message(Stage::program), HasSubstr("/bin/sh cannot run it"));
  process.shell = false;
  EXPECT_THAT(message(Stage::program), HasSubstr("program 'echo hello' cannot be run"));
  EXPECT_THAT(start_error(process, 77, ENOENT).message, HasSubstr("unknown cause"));
}

TEST(HelperPath, IsLookedForInTheTreeOfTheLibrary) {
  EXPECT_THAT(places_beside("/opt/m/bin/mesosio"), ElementsAre("/opt/m/libexec/mesosio/mesosio-task-reaper"));
  EXPECT_THAT(places_beside("/opt/m/lib64/libmesosio.so"),
              ElementsAre("/opt/m/libexec/mesosio/mesosio-task-reaper"));
  EXPECT_THAT(places_beside("/usr/lib/x86_64-linux-gnu/libmesosio.so.0"),
              ElementsAre("/usr/lib/libexec/mesosio/mesosio-task-reaper",
                          "/usr/libexec/mesosio/mesosio-task-reaper"));
  EXPECT_THAT(places_beside("/bin/mesosio"), ElementsAre("/libexec/mesosio/mesosio-task-reaper"));
}

TEST(HelperPath, AnOptionIsTheOnlyPlace) {
  std::string path;
  EXPECT_FALSE(find_helper("", path)) << "the build tree has one";
  EXPECT_THAT(path, HasSubstr("mesosio-task-reaper"));
  EXPECT_FALSE(find_helper("/bin/sh", path));
  EXPECT_EQ(path, "/bin/sh");
  const Error missing = find_helper("/nowhere/reaper", path);
  EXPECT_EQ(missing.code, errc::invalid_argument);
  EXPECT_THAT(missing.message, HasSubstr("'/nowhere/reaper', cannot be used: no such file"));
  EXPECT_THAT(find_helper("/", path).message, HasSubstr("not a regular file"));
  EXPECT_THAT(find_helper("/etc/passwd", path).message, HasSubstr("not executable"));
}

}  // namespace
}  // namespace mesosio::local::reaper
