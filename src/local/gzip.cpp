// The gzip framing (RFC 1952) around the raw deflate streams of Beast.
#include "local/gzip.hpp"

#include <boost/beast/zlib/deflate_stream.hpp>
#include <boost/beast/zlib/inflate_stream.hpp>
#include <boost/crc.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

namespace mesosio::local {
namespace {

namespace zlib = boost::beast::zlib;

constexpr unsigned char flag_crc = 2;
constexpr unsigned char flag_extra = 4;
constexpr unsigned char flag_name = 8;
constexpr unsigned char flag_comment = 16;

std::uint32_t crc_of(std::string_view data) {
  boost::crc_32_type crc;
  crc.process_bytes(data.data(), data.size());
  return crc.checksum();
}

std::uint32_t little_endian(std::string_view four) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) {
    value = value << 8U | static_cast<unsigned char>(four[i]);
  }
  return value;
}

bool skip(std::string_view& data, std::size_t count) {
  if (data.size() < count) {
    return false;
  }
  data.remove_prefix(count);
  return true;
}

bool skip_header(std::string_view& data) {
  if (data.size() < 10 || data.substr(0, 3) != std::string_view("\x1f\x8b\x08", 3)) {
    return false;
  }
  const auto flags = static_cast<unsigned char>(data[3]);
  data.remove_prefix(10);
  if ((flags & flag_extra) != 0) {
    if (data.size() < 2) {
      return false;
    }
    const std::size_t length =
        static_cast<unsigned char>(data[0]) + 256U * static_cast<unsigned char>(data[1]);
    if (!skip(data, 2 + length)) {
      return false;
    }
  }
  for (const unsigned char flag : {flag_name, flag_comment}) {
    if ((flags & flag) != 0) {
      const auto end = data.find('\0');
      if (end == std::string_view::npos) {
        return false;
      }
      data.remove_prefix(end + 1);
    }
  }
  return (flags & flag_crc) == 0 || skip(data, 2);
}

}  // namespace

std::optional<std::string> gunzip(std::string_view data, std::size_t limit) {
  if (!skip_header(data)) {
    return {};
  }
  zlib::inflate_stream inflater;
  zlib::z_params state;
  state.next_in = data.data();
  state.avail_in = data.size();
  std::string out;
  std::array<char, 16 * 1024> block;
  boost::beast::error_code failed;
  while (!failed) {
    state.next_out = block.data();
    state.avail_out = block.size();
    inflater.write(state, zlib::Flush::sync, failed);
    const std::size_t made = block.size() - state.avail_out;
    if (out.size() + made > limit) {
      return {};
    }
    out.append(block.data(), made);
    if (!failed && made == 0 && state.avail_in == 0) {
      return {};  // it ends in the middle
    }
  }
  const std::string_view trailer = data.substr(data.size() - state.avail_in);
  const bool whole = failed == zlib::error::end_of_stream && trailer.size() == 8 &&
                     little_endian(trailer) == crc_of(out) &&
                     little_endian(trailer.substr(4)) == static_cast<std::uint32_t>(out.size());
  return whole ? std::optional(std::move(out)) : std::nullopt;
}

std::string gzip(std::string_view data) {
  zlib::deflate_stream deflater;
  zlib::z_params state;
  std::string packed(deflater.upper_bound(data.size()) + 64, '\0');
  state.next_in = data.data();
  state.avail_in = data.size();
  state.next_out = packed.data();
  state.avail_out = packed.size();
  boost::beast::error_code done;
  deflater.write(state, zlib::Flush::finish, done);
  packed.resize(packed.size() - state.avail_out);

  std::string out("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
  out += packed;
  for (const std::uint32_t word : {crc_of(data), static_cast<std::uint32_t>(data.size())}) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
      out += static_cast<char>(word >> shift & 0xffU);
    }
  }
  return out;
}

}  // namespace mesosio::local
