// The signals that ask a command to end.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <functional>

namespace mesosio::tool {

// Calls `handler` for the first SIGINT, SIGTERM or SIGHUP (that one not under nohup) while the context runs.
// From then on the signals do what they do by default: a second one ends the process at once.
class StopSignals {
 public:
  StopSignals(boost::asio::io_context& context, std::function<void(int signal)> handler);

  // Lets the signals do what they do by default from now on.
  void release();

 private:
  boost::asio::signal_set signals_;
};

}  // namespace mesosio::tool
