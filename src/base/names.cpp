// The names of enumerators that users see.
#include <mesosio/call_result.hpp>

namespace mesosio {

const char* to_string(CallOutcome outcome) noexcept {
  switch (outcome) {
    case CallOutcome::accepted:
      return "accepted";
    case CallOutcome::refused:
      return "refused";
    case CallOutcome::invalid:
      return "invalid";
    case CallOutcome::not_subscribed:
      return "not_subscribed";
    case CallOutcome::queue_full:
      return "queue_full";
    case CallOutcome::not_sent:
      return "not_sent";
    case CallOutcome::unknown:
      return "unknown";
    case CallOutcome::cancelled:
      return "cancelled";
  }
  return "?";
}

const char* to_string(ConnectionState state) noexcept {
  switch (state) {
    case ConnectionState::disconnected:
      return "disconnected";
    case ConnectionState::connecting:
      return "connecting";
    case ConnectionState::connected:
      return "connected";
    case ConnectionState::subscribing:
      return "subscribing";
    case ConnectionState::subscribed:
      return "subscribed";
  }
  return "?";
}

}  // namespace mesosio
