// The signals that ask a command to end, by Asio.
#include "tools/stop_signals.hpp"

#include <csignal>
#include <utility>

namespace mesosio::tool {

StopSignals::StopSignals(boost::asio::io_context& context, std::function<void(int signal)> handler)
    : signals_(context, SIGINT, SIGTERM) {
  struct sigaction hangup {};
  if (::sigaction(SIGHUP, nullptr, &hangup) == 0 && hangup.sa_handler != SIG_IGN) signals_.add(SIGHUP);
  signals_.async_wait(
      [this, handler = std::move(handler)](const boost::system::error_code& error, int signal) {
        if (error) return;
        release();
        handler(signal);
      });
}

void StopSignals::release() {
  boost::system::error_code ignored;
  signals_.clear(ignored);
}

}  // namespace mesosio::tool
