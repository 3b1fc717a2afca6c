// Words for what went wrong on the network: peer, phase, and the system's message.
#pragma once

#include "codec/url.hpp"

#include <mesosio/error.hpp>

#include <boost/asio/error.hpp>

#include <string>
#include <string_view>

namespace mesosio::net {

// The peer's name for error texts; it can come from a redirect, hence the escaping.
inline std::string peer_name(const codec::Endpoint& endpoint) {
  return printable(endpoint.authority(), 300);
}

inline std::string system_text(const error_code& error) {
  if (error == boost::asio::error::eof) return "the peer closed the connection";
  return error.message();
}

// "127.0.0.1:5050: connection lost while reading events: Connection reset by peer"
inline Error connection_lost(const std::string& peer, std::string_view phase, const error_code& error) {
  std::string text = peer;
  text += ": connection lost while ";
  text += phase;
  text += ": ";
  text += system_text(error);
  return {make_error_code(errc::connection_lost), std::move(text), {}};
}

}  // namespace mesosio::net
