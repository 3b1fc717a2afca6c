#include "local/allocator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace mesosio::local {
namespace {

using namespace std::chrono_literals;

Resources resources(const char* text) {
  Resources out;
  EXPECT_FALSE(parse_resources(text, out));
  return out;
}

class AllocatorTest : public ::testing::Test {
 protected:
  // "framework/role@agent cpus:4; ..." for each allocation.
  std::vector<std::string> allocate() {
    std::vector<std::string> out;
    for (const Allocation& each : allocator_.allocate(now_)) {
      last_.push_back(each);
      out.push_back(each.framework_id + '/' + each.role + '@' + each.agent_id + ' ' +
                    each.resources.to_string());
    }
    return out;
  }
  void give_back(std::optional<Duration> refuse = {}) {
    for (const Allocation& each : std::exchange(last_, {})) {
      allocator_.recover(now_, each, refuse);
    }
  }
  void pass(Duration time) { now_.steady += time; }

  Now now_{TimePoint{} + 1h, 0.0};
  Allocator allocator_{100ms};
  std::vector<Allocation> last_;
};

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(AllocatorTest, OffersWhatIsFree) {
  allocator_.add_agent("S0", resources("cpus:4;mem:10"));
  EXPECT_THAT(allocate(), IsEmpty());
  allocator_.set_framework("f", {"*"}, {}, false);
  EXPECT_THAT(allocate(), ElementsAre("f/*@S0 cpus:4; mem:10"));
  EXPECT_THAT(allocate(), IsEmpty());
  give_back();
  EXPECT_THAT(allocate(), ElementsAre("f/*@S0 cpus:4; mem:10"));
}

TEST_F(AllocatorTest, PassesOverCrumbs) {
  allocator_.add_agent("S0", resources("cpus:0.009;mem:31.999;ports:[1-100];disk:1000"));
  allocator_.add_agent("S1", resources("cpus:0.01"));
  allocator_.add_agent("S2", resources("mem:32"));
  allocator_.set_framework("f", {"*"}, {}, false);
  EXPECT_THAT(allocate(), ElementsAre("f/*@S1 cpus:0.01", "f/*@S2 mem:32"));
}

TEST_F(AllocatorTest, AFilterHoldsForItsTimeAndForWhatItRefused) {
  allocator_.add_agent("S0", resources("cpus:4;mem:100"));
  allocator_.set_framework("f", {"*"}, {}, false);
  allocate();
  last_.clear();
  // Half of it is refused for a second, the other half is in use.
  allocator_.recover(now_, {"f", "*", "S0", resources("cpus:2;mem:50")}, 1s);
  EXPECT_THAT(allocate(), IsEmpty());
  pass(999ms);
  EXPECT_THAT(allocate(), IsEmpty());
  // More than was refused is not filtered.
  allocator_.recover(now_, {"f", "*", "S0", resources("cpus:0.1")}, {});
  EXPECT_THAT(allocate(), ElementsAre("f/*@S0 cpus:2.1; mem:50"));
  give_back(1s);
  pass(1s);
  EXPECT_THAT(allocate(), ElementsAre("f/*@S0 cpus:2.1; mem:50"));
}

TEST_F(AllocatorTest, AFilterIsOfOneFrameworkRoleAndAgent) {
  allocator_.add_agent("S0", resources("cpus:4"));
  allocator_.set_framework("f", {"a", "b"}, {}, false);
  EXPECT_THAT(allocate(), ElementsAre("f/a@S0 cpus:4"));
  give_back(1h);
  EXPECT_THAT(allocate(), ElementsAre("f/b@S0 cpus:4"));
  give_back(1h);
  EXPECT_THAT(allocate(), IsEmpty());
  allocator_.add_agent("S1", resources("cpus:4"));
  EXPECT_THAT(allocate(), ElementsAre("f/a@S1 cpus:4"));
  allocator_.set_framework("g", {"a"}, {}, false);
  EXPECT_THAT(allocate(), ElementsAre("g/a@S0 cpus:4"));
}

TEST_F(AllocatorTest, AShortFilterHoldsForOneInterval) {
  allocator_.add_agent("S0", resources("cpus:4"));
  allocator_.set_framework("f", {"*"}, {}, false);
  allocate();
  give_back(1ms);
  pass(99ms);
  EXPECT_THAT(allocate(), IsEmpty());
  pass(1ms);
  EXPECT_EQ(allocate().size(), 1U);
  give_back(0ms);
  EXPECT_EQ(allocate().size(), 1U);
}

TEST_F(AllocatorTest, SuppressAndRevive) {
  allocator_.add_agent("S0", resources("cpus:4"));
  allocator_.set_framework("f", {"a", "b"}, {"a"}, false);
  EXPECT_THAT(allocate(), ElementsAre("f/b@S0 cpus:4"));
  give_back(1h);
  allocator_.revive("f", {"a"});
  EXPECT_THAT(allocate(), ElementsAre("f/a@S0 cpus:4"));
  give_back();
  allocator_.suppress("f", {"not-mine"});
  EXPECT_THAT(allocate(), ElementsAre("f/a@S0 cpus:4"));
  give_back();
  allocator_.suppress("f", {});
  allocator_.revive("f", {"not-mine"});
  EXPECT_THAT(allocate(), IsEmpty());
  allocator_.revive("f", {});
  EXPECT_EQ(allocate().size(), 1U);
  allocator_.suppress("nobody", {});
  allocator_.revive("nobody", {});
}

TEST_F(AllocatorTest, TheSmallestShareComesFirst) {
  for (const char* agent : {"S0", "S1", "S2", "S3"}) {
    allocator_.add_agent(agent, resources("cpus:4;mem:100"));
  }
  allocator_.set_framework("old", {"*"}, {}, false);
  allocator_.set_framework("a-new", {"*"}, {}, false);
  EXPECT_THAT(allocate(), ElementsAre("old/*@S0 cpus:4; mem:100", "a-new/*@S1 cpus:4; mem:100",
                                      "old/*@S2 cpus:4; mem:100", "a-new/*@S3 cpus:4; mem:100"));
}

TEST_F(AllocatorTest, RolesShareBeforeFrameworks) {
  for (const char* agent : {"S0", "S1", "S2"}) {
    allocator_.add_agent(agent, resources("cpus:4"));
  }
  allocator_.set_framework("f", {"a"}, {}, false);
  allocator_.set_framework("g", {"a"}, {}, false);
  allocator_.set_framework("h", {"b"}, {}, false);
  EXPECT_THAT(allocate(), ElementsAre("f/a@S0 cpus:4", "h/b@S1 cpus:4", "g/a@S2 cpus:4"));
}

TEST_F(AllocatorTest, InactiveFrameworksAndOldRolesGetNothing) {
  allocator_.add_agent("S0", resources("cpus:4"));
  allocator_.set_framework("f", {"a"}, {}, false);
  allocator_.set_active("f", false);
  EXPECT_THAT(allocate(), IsEmpty());
  allocator_.set_active("f", true);
  EXPECT_EQ(allocate().size(), 1U);
  allocator_.set_framework("f", {"b"}, {}, false);
  give_back(1h);  // in role a, which is no longer its own
  EXPECT_THAT(allocate(), ElementsAre("f/b@S0 cpus:4"));
  allocator_.remove_framework("f");
  give_back(1h);
  EXPECT_THAT(allocate(), IsEmpty());
  EXPECT_EQ(allocator_.free_of("S0").to_string(), "cpus:4");
}

TEST_F(AllocatorTest, GpusAreForThoseWhoAskForThem) {
  allocator_.add_agent("S0", resources("cpus:4;gpus:1"));
  allocator_.set_framework("f", {"*"}, {}, false);
  EXPECT_THAT(allocate(), IsEmpty());
  allocator_.set_framework("f", {"*"}, {}, true);
  EXPECT_EQ(allocate().size(), 1U);
}

TEST_F(AllocatorTest, ARemovedAgentTakesItsResourcesAlong) {
  allocator_.add_agent("S0", resources("cpus:4"));
  allocator_.set_framework("f", {"*"}, {}, false);
  allocate();
  allocator_.remove_agent("S0");
  allocator_.remove_agent("S0");
  give_back(1h);
  EXPECT_THAT(allocate(), IsEmpty());
  EXPECT_TRUE(allocator_.free_of("S0").empty());
}

TEST_F(AllocatorTest, ManyFiltersAreBounded) {
  allocator_.add_agent("S0", resources("cpus:1000;mem:100000"));
  allocator_.set_framework("f", {"*"}, {}, false);
  allocate();
  // None of these covers another, since cpus grow as mem shrinks.
  for (int i = 1; i <= 100; ++i) {
    const std::string text = "cpus:" + std::to_string(i) + ";mem:" + std::to_string(101 - i);
    allocator_.recover(now_, {"f", "*", "S0", resources(text.c_str())}, 1h);
  }
  EXPECT_EQ(allocate().size(), 1U);
}

TEST(RefuseDuration, HasMesosDefaultAndCap) {
  EXPECT_EQ(refuse_duration({}), Duration(5s));
  EXPECT_EQ(refuse_duration(-1.0), Duration(5s));
  EXPECT_EQ(refuse_duration(std::nan("")), Duration(5s));
  EXPECT_EQ(refuse_duration(0.0), Duration(0s));
  EXPECT_EQ(refuse_duration(0.5), Duration(500ms));
  EXPECT_EQ(refuse_duration(1e300), Duration(24h * 365));
  EXPECT_EQ(refuse_duration(std::numeric_limits<double>::infinity()), Duration(24h * 365));
}

}  // namespace
}  // namespace mesosio::local
