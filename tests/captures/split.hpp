// How recorded bytes are cut into reads.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

namespace mesosio::captures {

enum class SplitKind { recorded, one_byte, random };

inline constexpr SplitKind every_split[] = {SplitKind::recorded, SplitKind::one_byte, SplitKind::random};

[[nodiscard]] std::string to_string(SplitKind kind);
inline std::ostream& operator<<(std::ostream& out, SplitKind kind) {
  return out << to_string(kind);
}

// The bytes of `pieces` cut anew. `seed` is for random alone, whose pieces are for the most part small, some
// long: the same seed gives the same pieces everywhere.
[[nodiscard]] std::vector<std::string> split(const std::vector<std::string>& pieces, SplitKind kind,
                                             std::uint32_t seed);

// Seeds to run a kind of split with.
[[nodiscard]] std::vector<std::uint32_t> seeds(SplitKind kind);

}  // namespace mesosio::captures
