// How a driver starts, or does not: everything that can be known beforehand surfaces in start().
#include "driver/core_fixture.hpp"

#include <stdexcept>

namespace mesosio::driver {
namespace {

using namespace ::testing;

class DriverStart : public CoreTest {
 protected:
  // Starts it in vain and gives what error() was told.
  std::string refused() {
    make();
    std::string message;
    EXPECT_CALL(scheduler, error(driver, _)).WillOnce([&](SchedulerDriver*, const std::string& text) {
      EXPECT_EQ(core->status(), DRIVER_ABORTED);
      EXPECT_EQ(core->join(), DRIVER_ABORTED);
      message = text;
    });
    EXPECT_EQ(core->start(), DRIVER_ABORTED);
    EXPECT_EQ(core->status(), DRIVER_ABORTED);
    EXPECT_EQ(core->start(), DRIVER_ABORTED);
    EXPECT_EQ(core->join(), DRIVER_ABORTED);
    EXPECT_THAT(log(), HasSubstr(message));
    return message;
  }
};

TEST_F(DriverStart, BeforeStartNothingIsDone) {
  make();
  EXPECT_EQ(core->status(), DRIVER_NOT_STARTED);
  EXPECT_EQ(core->send(scheduler::Call()), DRIVER_NOT_STARTED);
  EXPECT_EQ(core->stop(false), DRIVER_NOT_STARTED);
  EXPECT_EQ(core->abort(), DRIVER_NOT_STARTED);
  EXPECT_EQ(core->join(), DRIVER_NOT_STARTED);
}

TEST_F(DriverStart, CanBeStartedOnce) {
  subscribe();
  EXPECT_EQ(core->start(), DRIVER_RUNNING);
  EXPECT_EQ(core->stop(true), DRIVER_STOPPED);
  EXPECT_EQ(core->start(), DRIVER_STOPPED);
}

TEST_F(DriverStart, FillsInWhatTheFrameworkLeavesOpen) {
  config.framework.clear_user();
  config.credential.emplace().set_principal("principal");
  make();
  ASSERT_EQ(core->start(), DRIVER_RUNNING);
  EXPECT_FALSE(world->config.framework.user().empty());
  EXPECT_FALSE(world->config.framework.hostname().empty());
  EXPECT_EQ(world->config.framework.principal(), "principal");
}

TEST_F(DriverStart, ABadMasterIsSaidToBeOne) {
  config.master = "http://";
  EXPECT_THAT(refused(), AllOf(HasSubstr("invalid master"), HasSubstr("expected")));
}

TEST_F(DriverStart, ANamelessFrameworkIsRefused) {
  config.framework.clear_name();
  EXPECT_THAT(refused(), HasSubstr("name"));
}

TEST_F(DriverStart, AThreadThatCannotBeMadeIsAnError) {
  world->fail_to_launch = true;
  EXPECT_THAT(refused(), HasSubstr("no thread"));
}

TEST_F(DriverStart, AnExceptionOutOfErrorIsCaught) {
  config.master = "";
  make();
  EXPECT_CALL(scheduler, error).WillOnce(Throw(std::runtime_error("once more")));
  EXPECT_EQ(core->start(), DRIVER_ABORTED);
  EXPECT_THAT(log(), HasSubstr("once more"));
}

TEST_F(DriverStart, WithoutASchedulerItOnlyLogs) {
  make({}, nullptr);
  EXPECT_EQ(core->start(), DRIVER_ABORTED);
  EXPECT_THAT(log(), HasSubstr("null pointer"));
}

TEST_F(DriverStart, WarnsOfAFailoverTimeoutOfZero) {
  make();
  core->start();
  EXPECT_THAT(log(), Not(HasSubstr("failover_timeout")));
  discard();
  config.framework.clear_failover_timeout();
  make();
  core->start();
  EXPECT_THAT(log(), HasSubstr("failover_timeout is 0"));
}

TEST_F(DriverStart, ErrorMayDestroyTheDriver) {
  config.master = "";
  make();
  EXPECT_CALL(scheduler, error).WillOnce([&] { core->destroy(); });
  EXPECT_EQ(core->start(), DRIVER_ABORTED);
}

}  // namespace
}  // namespace mesosio::driver
