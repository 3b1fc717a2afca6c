// Which answers to SUBSCRIBE there are among the recordings, and how a session has to end with each.
#pragma once

#include "captures/capture.hpp"

#include <mesosio/error.hpp>

#include <cstddef>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace mesosio::captures {

struct StreamCase {
  const Capture* capture = nullptr;
  std::size_t number = 0;  // of the answer on its connection

  [[nodiscard]] const Response& response() const { return capture->responses.at(number); }
  [[nodiscard]] std::string name() const;
  friend std::ostream& operator<<(std::ostream& out, const StreamCase& it) { return out << it.name(); }
};

[[nodiscard]] std::vector<StreamCase> stream_cases();
// Those alone that the master accepted: it sent SUBSCRIBED.
[[nodiscard]] std::vector<StreamCase> accepted_cases();

// The server's reads of this answer.
[[nodiscard]] std::vector<std::string> reads_of(const StreamCase& stream, const Recording& recording);

struct StreamEnd {
  enum class Kind {
    open,          // the recording ends while the stream goes on
    disconnected,  // the consumer is told, and the client subscribes again
    ended,         // the run ends
    retried,       // the client subscribes again; there was no subscription
    redirected,    // the client goes to `location`
  };
  Kind kind = Kind::open;
  errc code{};            // for disconnected and ended: why
  std::string peer_text;  // the master's words
  std::string location;
};

[[nodiscard]] StreamEnd end_of(const StreamCase& stream, const std::vector<ExpectedEvent>& events);

}  // namespace mesosio::captures
