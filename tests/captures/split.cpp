// Cuts recorded bytes.
#include "captures/split.hpp"

#include <algorithm>
#include <numeric>
#include <random>

namespace mesosio::captures {
namespace {

constexpr std::size_t piece_limits[] = {3, 20, 200, 3'000, 40'000};

}  // namespace

std::string to_string(SplitKind kind) {
  switch (kind) {
    case SplitKind::recorded:
      return "recorded";
    case SplitKind::one_byte:
      return "one_byte";
    case SplitKind::random:
      break;
  }
  return "random";
}

std::vector<std::string> split(const std::vector<std::string>& pieces, SplitKind kind, std::uint32_t seed) {
  if (kind == SplitKind::recorded) return pieces;
  const std::string all = std::accumulate(pieces.begin(), pieces.end(), std::string());
  std::mt19937 random(seed);
  std::vector<std::string> cut;
  for (std::size_t at = 0; at < all.size(); at += cut.back().size()) {
    std::size_t size = 1;
    if (kind == SplitKind::random) {
      // Plain remainders: the library's distributions differ from one to the next.
      const std::size_t limit = piece_limits[random() % std::size(piece_limits)];
      size = std::min<std::size_t>(1 + random() % limit, all.size() - at);
    }
    cut.push_back(all.substr(at, size));
  }
  return cut;
}

std::vector<std::uint32_t> seeds(SplitKind kind) {
  if (kind != SplitKind::random) return {0};
  return {1, 2, 3, 4};
}

}  // namespace mesosio::captures
