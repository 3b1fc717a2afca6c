// The texts of the error codes and the escaping of what a peer said.
#include <mesosio/error.hpp>

#include <cstdio>

namespace mesosio {
namespace {

const char* text(errc code) {
  switch (code) {
    case errc::invalid_argument:
      return "invalid argument";
    case errc::invalid_url:
      return "invalid URL of a master";
    case errc::invalid_call:
      return "invalid call, not sent";
    case errc::recordio_empty_length:
      return "RecordIO: empty record length";
    case errc::recordio_bad_length:
      return "RecordIO: record length is not a decimal number";
    case errc::recordio_long_length:
      return "RecordIO: record length has more than 20 digits";
    case errc::recordio_too_large:
      return "RecordIO: record is longer than the limit";
    case errc::recordio_truncated:
      return "RecordIO: stream ended inside a record";
    case errc::too_many_submessages:
      return "record holds too many submessages";
    case errc::malformed_message:
      return "malformed message";
    case errc::resolve_failed:
      return "host name could not be resolved";
    case errc::connect_failed:
      return "could not connect";
    case errc::timeout:
      return "timed out";
    case errc::connection_lost:
      return "connection lost";
    case errc::malformed_response:
      return "malformed HTTP response";
    case errc::response_too_large:
      return "HTTP response is larger than the limit";
    case errc::unexpected_status:
      return "unexpected HTTP status";
    case errc::stream_ended:
      return "event stream ended by the master";
    case errc::heartbeat_timeout:
      return "no heartbeat from the master";
    case errc::master_unavailable:
      return "master is not ready";
    case errc::too_many_redirects:
      return "too many redirects";
    case errc::invalid_redirect:
      return "redirect without a usable location";
    case errc::unauthorized:
      return "master wants other credentials";
    case errc::refused:
      return "subscription refused by the master";
    case errc::error_event:
      return "master sent an ERROR event";
    case errc::not_subscribed:
      return "not subscribed";
    case errc::queue_full:
      return "too many calls are waiting";
    case errc::outcome_unknown:
      return "connection lost after the call was sent, outcome unknown";
    case errc::call_refused:
      return "call refused by the master";
    case errc::already_running:
      return "already running";
    case errc::receive_outstanding:
      return "another receive is outstanding";
    case errc::wrong_receive_mode:
      return "client was configured for the other receive mode";
    case errc::stopped:
      return "stopped";
  }
  return "unknown mesosio error";
}

class Category final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "mesosio"; }
  std::string message(int value) const override { return text(static_cast<errc>(value)); }
};

// Length of the valid UTF-8 sequence of two to four bytes at the start of `text`, or 0.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned char lead = byte(0);
  const std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                             : lead >= 0xE0 && lead <= 0xEF ? 3
                             : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                            : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t at = 1; at < length; ++at) {
    if ((byte(at) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool out_of_range = (lead == 0xED && byte(1) > 0x9F) || (lead == 0xF4 && byte(1) > 0x8F);
  // C1 control characters (U+0080 to U+009F) steer terminals as the ASCII ones do.
  const bool control = lead == 0xC2 && byte(1) < 0xA0;
  return overlong || out_of_range || control ? 0 : length;
}

}  // namespace

const boost::system::error_category& category() noexcept {
  static const Category instance;
  return instance;
}

std::string Error::to_string() const {
  std::string line = message.empty() ? code.message() : message;
  if (!peer_text.empty()) line += ": \"" + peer_text + '"';
  return line;
}

std::string printable(std::string_view text, std::size_t limit) {
  std::string out;
  while (!text.empty() && out.size() < limit) {
    const auto byte = static_cast<unsigned char>(text.front());
    std::size_t taken = 1;
    if (byte >= 0x20 && byte < 0x7F) {
      out += text.front();
    } else if ((taken = utf8_length(text)) > 0) {
      out += text.substr(0, taken);
    } else {
      taken = 1;
      char escaped[5];
      std::snprintf(escaped, sizeof escaped, "\\x%02X", byte);
      out += escaped;
    }
    text.remove_prefix(taken);
  }
  if (!text.empty()) out += "...";
  return out;
}

}  // namespace mesosio
