// Prints actions.
#include "policy/session_io.hpp"

#include <ostream>

namespace mesosio::policy {
namespace {

const char* name(Timer timer) {
  switch (timer) {
    case Timer::retry:
      return "retry";
    case Timer::response:
      return "response";
    case Timer::heartbeat:
      return "heartbeat";
  }
  return "?";
}

const char* name(action::Log::Level level) {
  switch (level) {
    case action::Log::Level::debug:
      return "debug";
    case action::Log::Level::info:
      return "info";
    case action::Log::Level::warning:
      return "warning";
    case action::Log::Level::error:
      return "error";
  }
  return "?";
}

struct Printer {
  std::ostream& out;

  void operator()(const action::Connect& it) const {
    out << "Connect{" << it.attempt << ", " << it.endpoint.to_string() << "}";
  }
  void operator()(const action::SendSubscribe& it) const {
    out << "SendSubscribe{" << it.attempt << ", '" << it.framework_id << "'}";
  }
  void operator()(const action::CloseStream&) const { out << "CloseStream{}"; }
  void operator()(const action::SetTimer& it) const {
    const auto at = std::chrono::duration_cast<std::chrono::milliseconds>(it.at.time_since_epoch());
    out << "SetTimer{" << name(it.timer) << ", " << it.attempt << ", " << at.count() << " ms}";
  }
  void operator()(const action::CancelTimers&) const { out << "CancelTimers{}"; }
  void operator()(const action::PollStream& it) const { out << "PollStream{" << it.attempt << "}"; }
  void operator()(const action::OpenCalls& it) const {
    out << "OpenCalls{" << it.attempt << ", " << it.endpoint.to_string() << ", " << it.stream_id << ", "
        << it.framework_id << "}";
  }
  void operator()(const action::CloseCalls& it) const { out << "CloseCalls{" << it.why.to_string() << "}"; }
  void operator()(const action::Deliver&) const { out << "Deliver{}"; }
  void operator()(const action::DeliverDisconnected& it) const {
    out << "DeliverDisconnected{" << it.cause.to_string() << "}";
  }
  void operator()(const action::End& it) const {
    out << "End{" << (it.why ? it.why.to_string() : "as asked") << "}";
  }
  void operator()(const action::Log& it) const { out << "Log{" << name(it.level) << ", " << it.text << "}"; }
};

}  // namespace

std::ostream& operator<<(std::ostream& out, const Action& action) {
  std::visit(Printer{out}, action);
  return out;
}

}  // namespace mesosio::policy
