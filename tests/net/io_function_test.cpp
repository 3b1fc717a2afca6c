#include "net/io_function.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>

namespace mesosio::net {
namespace {

using Function = MoveFunction<int(int)>;

TEST(MoveFunction, CallsSmallAndLargeMoveOnlyTargets) {
  Function small([owned = std::make_unique<int>(1)](int add) { return *owned + add; });
  std::array<int, 64> large_state{};
  large_state[63] = 10;
  Function large(
      [large_state, owned = std::make_unique<int>(1)](int add) { return large_state[63] + *owned + add; });
  EXPECT_EQ(small(1), 2);
  EXPECT_EQ(large(1), 12);
  Function moved(std::move(small));
  EXPECT_FALSE(small);  // NOLINT(bugprone-use-after-move): being empty is the promise.
  EXPECT_EQ(moved(2), 3);
  moved = std::move(large);
  EXPECT_EQ(moved(2), 13);
}

TEST(MoveFunction, DestroysItsTargetOnce) {
  const auto alive = std::make_shared<int>(0);
  std::array<char, 100> padding{};
  {
    Function small([alive](int) { return 0; });
    Function large([alive, padding](int) { return static_cast<int>(padding[0]); });
    EXPECT_EQ(alive.use_count(), 3);
    Function other(std::move(large));
    small = std::move(other);
    EXPECT_EQ(alive.use_count(), 2);
    small = {};
    EXPECT_EQ(alive.use_count(), 1);
  }
  EXPECT_EQ(alive.use_count(), 1);
}

}  // namespace
}  // namespace mesosio::net
