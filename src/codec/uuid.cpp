// UUIDs by Boost.UUID.
#include "codec/uuid.hpp"

#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid.hpp>
#include <boost/uuid/uuid_io.hpp>

#include <algorithm>

namespace mesosio::codec {
namespace {

std::mt19937_64 seeded_engine() {
  std::random_device device;
  std::seed_seq seed{device(), device(), device(), device(), device(), device(), device(), device()};
  return std::mt19937_64(seed);
}

boost::uuids::uuid from_bytes(std::string_view bytes) {
  boost::uuids::uuid out{};
  std::transform(bytes.begin(), bytes.end(), out.begin(),
                 [](char c) { return static_cast<std::uint8_t>(c); });
  return out;
}

}  // namespace

UuidGenerator::UuidGenerator() : engine_(seeded_engine()) {}

std::string UuidGenerator::next() {
  const boost::uuids::uuid made = boost::uuids::basic_random_generator<std::mt19937_64>(engine_)();
  std::string out;
  std::transform(made.begin(), made.end(), std::back_inserter(out),
                 [](std::uint8_t b) { return static_cast<char>(b); });
  return out;
}

bool is_valid_uuid(std::string_view bytes) noexcept {
  return bytes.size() == boost::uuids::uuid::static_size() &&
         from_bytes(bytes).version() != boost::uuids::uuid::version_unknown;
}

std::string uuid_text(std::string_view bytes) {
  if (bytes.size() != boost::uuids::uuid::static_size()) return {};
  return boost::uuids::to_string(from_bytes(bytes));
}

}  // namespace mesosio::codec
