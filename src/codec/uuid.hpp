/// UUIDs as Mesos carries them: 16 raw bytes in messages, text in identifiers.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace mesosio::codec {

/// Makes random (version 4) UUIDs. Not thread-safe. Not for secrets: who sees enough of them can tell the
/// next.
class UuidGenerator {
 public:
  /// Seeded from std::random_device.
  UuidGenerator();

  /// Gives the same UUIDs in the same order for the same seed, for tests.
  explicit UuidGenerator(std::uint64_t seed) : engine_(seed) {}

  /// A new UUID as 16 raw bytes.
  std::string next();

 private:
  std::mt19937_64 engine_;
};

/// Whether a master takes `bytes` as a UUID: 16 bytes with a version from 1 to 5 in them. The variant is not
/// looked at, as a master does not either: what an executor made up and the master passed on must be possible
/// to acknowledge.
[[nodiscard]] bool is_valid_uuid(std::string_view bytes) noexcept;

/// Text as in "123e4567-e89b-42d3-a456-426614174000"; empty when `bytes` are not 16.
[[nodiscard]] std::string uuid_text(std::string_view bytes);

}  // namespace mesosio::codec
