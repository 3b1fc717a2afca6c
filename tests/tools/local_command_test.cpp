// `mesosio local`: its one line, its end, and that it leaves nothing behind.
#include "tools/process.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace mesosio::tool::test {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using Words = std::vector<std::string>;

constexpr const char* ready = "mesosio local: master at ";

Words local(const Words& more = {}) {
  Words all{MESOSIO_COMMAND, "local", "--port", "0"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

std::string master_of(Process& cluster) {
  return cluster.first_line().substr(std::string(ready).size());
}

Words run_on(const std::string& master, const std::string& command, const Words& more = {}) {
  Words all{MESOSIO_COMMAND, "run", "--master", master, "--name", "test", "--command", command};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

TEST(LocalCommand, SaysWhereItIsAndEndsWithSigterm) {
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
    Process cluster(local({"--agents", "2"}));
    EXPECT_THAT(cluster.first_line(),
                MatchesRegex("mesosio local: master at http://127\\.0\\.0\\.1:[1-9][0-9]*"));
    cluster.signal(number);
    EXPECT_EQ(cluster.wait(), 0);
    EXPECT_EQ(cluster.output(), cluster.first_line() + '\n');
    EXPECT_EQ(cluster.error(), "");
  }
}

TEST(LocalCommand, TakesThePortThatItIsGiven) {
  std::string port;
  {
    Process cluster(local());
    port = master_of(cluster);
    port.erase(0, port.rfind(':') + 1);
    cluster.signal(SIGTERM);
    ASSERT_EQ(cluster.wait(), 0);
  }
  Process cluster({MESOSIO_COMMAND, "local", "--port", port});
  EXPECT_EQ(cluster.first_line(), ready + ("http://127.0.0.1:" + port));
}

TEST(LocalCommand, APortInUseIsSaidInOneLine) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(listener, 1), 0);
  ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const std::string port = std::to_string(ntohs(address.sin_port));

  const Ended ended = run({MESOSIO_COMMAND, "local", "--port", port});
  EXPECT_EQ(ended.status, 3);
  EXPECT_EQ(ended.output, "");
  EXPECT_THAT(ended.error, HasSubstr(port));
  EXPECT_THAT(ended.error, HasSubstr("in use"));
  EXPECT_EQ(ended.error.find('\n'), ended.error.size() - 1);
  ::close(listener);
}

class Directory {
 public:
  Directory() : path_(::testing::TempDir() + "mesosio-work-XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("cannot make a directory");
  }
  ~Directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// A task that heeds no SIGTERM, with a child, and with another one in a session of its own.
class LocalCommandWithTasks : public ::testing::Test {
 protected:
  LocalCommandWithTasks()
      : cluster_(local({"--work-dir", directory_.path()})), run_(run_on(master_of(cluster_), command())) {
    for (int i = 0; i < 3; ++i) reported_.wait_for_report();
    EXPECT_TRUE(reported_.alive());
  }

  std::string command() const {
    const std::string sleeps = reported_.command() + "; while :; do sleep 1000; done";
    return "trap '' TERM; setsid sh -c '" + sleeps + "' & sh -c '" + sleeps + "' & " + sleeps;
  }

  Directory directory_;
  Reported reported_;
  Process cluster_;
  Process run_;
};

TEST_F(LocalCommandWithTasks, SigtermLeavesNothing) {
  cluster_.signal(SIGTERM);
  EXPECT_EQ(cluster_.wait(), 0);
  EXPECT_TRUE(reported_.all_end());
}

TEST_F(LocalCommandWithTasks, SigkillLeavesNothing) {
  cluster_.signal(SIGKILL);
  EXPECT_EQ(cluster_.wait(), -SIGKILL);
  EXPECT_TRUE(reported_.all_end());
}

TEST_F(LocalCommandWithTasks, ASecondSignalEndsItAtOnce) {
  cluster_.signal(SIGTERM);
  cluster_.signal(SIGTERM);
  const int status = cluster_.wait();
  // It may have come to its orderly end before the second one.
  EXPECT_TRUE(status == 0 || status == -SIGTERM) << status;
  EXPECT_TRUE(reported_.all_end());
}

TEST(LocalCommand, AClientThatGoesTakesItsTasksWithIt) {
  Reported reported;
  Process cluster(local());
  const std::string child = "sh -c '" + reported.command() + "; sleep 1000' & ";
  Process client(run_on(master_of(cluster), child + reported.command() + "; sleep 1000"));
  reported.wait_for_report();
  reported.wait_for_report();
  client.signal(SIGTERM);
  EXPECT_EQ(client.wait(), 128 + SIGTERM);
  EXPECT_TRUE(reported.all_end());
  cluster.signal(SIGTERM);
  EXPECT_EQ(cluster.wait(), 0);
}

TEST(LocalCommand, OutputThatCannotBeWrittenIsSaid) {
  for (const auto output :
       {ProcessOptions::Output::closed, ProcessOptions::Output::full, ProcessOptions::Output::broken}) {
    ProcessOptions options;
    options.output = output;
    const Ended ended = run(local(), options);
    EXPECT_EQ(ended.status, 3);
    EXPECT_THAT(ended.error, HasSubstr("cannot write to standard output"));
  }
}

TEST(LocalCommand, WorkDirKeepsWhatTasksWrote) {
  const Directory directory;
  Process cluster(local({"--work-dir", directory.path()}));
  EXPECT_EQ(run(run_on(master_of(cluster), "echo words for the sandbox")).status, 0);
  cluster.signal(SIGTERM);
  EXPECT_EQ(cluster.wait(), 0);
  const Ended found = run({"/bin/grep", "-rl", "words for the sandbox", directory.path()});
  EXPECT_THAT(found.output, MatchesRegex(".*/stdout\n"));
}

TEST(LocalCommand, ResourcesAreWhatItOffers) {
  Process cluster(local({"--agents", "2", "--resources", "cpus:1;mem:64"}));
  const Ended ended = run(run_on(master_of(cluster), "true",
                                 {"--tasks", "3", "--cpus", "1.5", "--mem", "32", "--timeout", "5s"}));
  EXPECT_EQ(ended.status, 3);
  EXPECT_THAT(ended.error, HasSubstr("the largest offer had cpus 1, mem 64 MiB"));
}

TEST(LocalCommand, LogsWhatIsAskedFor) {
  ProcessOptions options;
  options.environment["SPDLOG_LEVEL"] = "info";
  Process cluster(local(), options);
  cluster.wait_for_error("info: ");
  EXPECT_THAT(cluster.first_line(), HasSubstr("http://"));
  cluster.signal(SIGTERM);
  EXPECT_EQ(cluster.wait(), 0);
}

}  // namespace
}  // namespace mesosio::tool::test
