// The local cluster as a framework sees it: real HTTP, real processes.
#include "local/framework.hpp"

#include <mesosio/local/cluster.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace mesosio::local::test {
namespace {

using mesos::v1::TaskState;
using mesos::v1::TaskStatus;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<TaskState> states(const std::vector<TaskStatus>& statuses) {
  std::vector<TaskState> out;
  for (const auto& status : statuses) {
    out.push_back(status.state());
  }
  return out;
}

class ClusterTest : public ::testing::Test {
 protected:
  static ClusterConfig quick() {
    ClusterConfig config;
    config.allocation_interval = std::chrono::milliseconds(10);
    return config;
  }
  void begin(ClusterConfig config = quick()) {
    cluster_.emplace(std::move(config));
    const Error error = cluster_->start();
    ASSERT_FALSE(error) << error.to_string();
  }
  std::string sandbox_file(const std::string& agent, const Framework& framework, const std::string& task,
                           const std::string& file) {
    const auto runs = std::filesystem::path(cluster_->work_dir()) / "slaves" / agent / "frameworks" /
                      framework.id() / "executors" / task / "runs";
    for (const auto& run : std::filesystem::directory_iterator(runs)) {
      std::ifstream in(run.path() / file);
      std::ostringstream text;
      text << in.rdbuf();
      return text.str();
    }
    return "no run";
  }

  std::optional<Cluster> cluster_;
};

TEST_F(ClusterTest, RunsATaskToItsEnd) {
  begin();
  Framework framework(cluster_->port());
  const auto offer = framework.offer();
  EXPECT_EQ(framework.launch(offer, {shell_task("t", offer, "echo $MESOS_TASK_ID; echo $PWD >&2")}).status,
            202U);
  const auto seen = framework.follow("t");
  ASSERT_THAT(states(seen),
              ElementsAre(mesos::v1::TASK_STARTING, mesos::v1::TASK_RUNNING, mesos::v1::TASK_FINISHED));
  EXPECT_EQ(seen.back().message(), "Command exited with status 0");
  EXPECT_EQ(sandbox_file(offer.agent_id().value(), framework, "t", "stdout"), "t\n");
  EXPECT_THAT(sandbox_file(offer.agent_id().value(), framework, "t", "stderr"),
              HasSubstr(cluster_->work_dir()));
}

}  // namespace
}  // namespace mesosio::local::test
