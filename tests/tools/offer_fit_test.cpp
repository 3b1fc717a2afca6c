// A task's resources, taken out of what is offered.
#include "tools/offer_fit.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace mesosio::tool {
namespace {

Resource scalar(const std::string& name, double value, const std::string& reserved_for = {}) {
  Resource resource;
  resource.set_name(name);
  resource.set_type(Value::SCALAR);
  resource.mutable_scalar()->set_value(value);
  if (!reserved_for.empty()) resource.add_reservations()->set_role(reserved_for);
  return resource;
}

TEST(OfferFit, TakesUntilNothingIsLeft) {
  std::vector<Resource> left{scalar("cpus", 0.3), scalar("mem", 100)};
  for (int i = 0; i < 3; ++i) {
    const auto taken = take(left, {0.1, 32});
    ASSERT_TRUE(taken) << i;  // 0.3 is three times 0.1 in thousandths, and is not in doubles
    ASSERT_EQ(taken->size(), 2U);
    EXPECT_EQ(taken->at(0).scalar().value(), 0.1);
    EXPECT_EQ(taken->at(1).scalar().value(), 32);
  }
  EXPECT_FALSE(take(left, {0.1, 1}));
  EXPECT_EQ(available(left).cpus, 0);
  EXPECT_EQ(available(left).mem, 4);
}

TEST(OfferFit, LeavesAllWhenOneIsMissing) {
  std::vector<Resource> left{scalar("cpus", 2), scalar("mem", 16)};
  EXPECT_FALSE(take(left, {1, 32}));
  EXPECT_EQ(available(left).cpus, 2);
  EXPECT_EQ(available(left).mem, 16);
}

TEST(OfferFit, PiecesKeepTheirReservation) {
  std::vector<Resource> left{scalar("cpus", 0.5, "role"), scalar("cpus", 1)};
  const auto taken = take(left, {1.2, 0});
  ASSERT_TRUE(taken);
  ASSERT_EQ(taken->size(), 2U);
  EXPECT_EQ(taken->at(0).scalar().value(), 0.5);
  EXPECT_EQ(taken->at(0).reservations(0).role(), "role");
  EXPECT_EQ(taken->at(1).scalar().value(), 0.7);
  EXPECT_EQ(taken->at(1).reservations_size(), 0);
  EXPECT_EQ(available(left).cpus, 0.3);
}

TEST(OfferFit, LeavesAloneWhatIsNotPlain) {
  std::vector<Resource> left{scalar("cpus", 1), scalar("cpus", 1), scalar("cpus", 1), scalar("gpus", 1)};
  left[0].mutable_revocable();
  left[1].mutable_shared();
  left[2].mutable_provider_id()->set_value("p");
  EXPECT_EQ(available(left).cpus, 0);
  EXPECT_FALSE(take(left, {0.001, 0}));
}

TEST(OfferFit, NumbersThatAreNone) {
  std::vector<Resource> left{scalar("cpus", std::numeric_limits<double>::quiet_NaN()),
                             scalar("cpus", std::numeric_limits<double>::infinity()), scalar("cpus", -5),
                             scalar("cpus", 1e300)};
  EXPECT_TRUE(take(left, {1000, 0}));
  left.resize(3);
  EXPECT_FALSE(take(left, {0.001, 0}));
}

}  // namespace
}  // namespace mesosio::tool
