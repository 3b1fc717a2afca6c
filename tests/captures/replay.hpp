// A scheduler session whose master is a recording: no network, no waiting, one thread.
#pragma once

#include "net/memory_wire.hpp"
#include "session/scheduler_engine.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>

#include <cstddef>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace mesosio::captures {

// When the consumer takes events: as they come, or one each time that nothing else is left to be done.
enum class Consumer { eager, slow };

class Replay {
 public:
  // Each of `reads` is what one read gives, after SUBSCRIBE was written. Then the server closes the
  // connection, or it stays open. Later attempts to connect neither succeed nor fail.
  Replay(SchedulerConfig config, std::vector<std::string> reads, bool server_closes, Consumer consumer);
  Replay(const Replay&) = delete;
  Replay& operator=(const Replay&) = delete;
  ~Replay();

  // Plays until nothing happens any more without waiting. False where that has no end.
  bool play();
  // Waits for the attempts to connect to become so many; false where they do not.
  bool wait_for_attempts(std::size_t count);

  struct Event {
    std::string type;
    std::string bytes;          // the record in raw mode, else what the parsed message serializes to
    boost::json::object facts;  // empty in raw mode
  };
  std::vector<Event> events;
  std::size_t undecoded = 0;
  std::vector<Error> disconnects;
  std::size_t events_before_disconnect = 0;
  std::optional<error_code> run_result;
  std::vector<codec::Endpoint> asked;  // where connections were to go

  [[nodiscard]] const net::testing::Wire& wire() const { return *network_.wires.at(0); }
  [[nodiscard]] ClientStats stats() const { return engine_->stats(); }
  [[nodiscard]] Error run_error() const { return engine_->run_error(); }
  [[nodiscard]] std::string log() const { return log_.str(); }

 private:
  bool poll();
  void receive();
  void take(RawEvent&& event);
  void take(SchedulerEvent&& event);
  void take(Disconnected&& disconnected);
  void take(UndecodedEvent&& event);
  template <class Received>
  void on_received(const error_code& code, Received received);

  boost::asio::io_context context_;
  net::testing::MemoryNetwork network_;
  std::ostringstream log_;
  const ReceiveMode mode_;
  const Consumer consumer_;
  std::size_t handler_limit_;
  bool receiving_ = false;
  bool stopped_ = false;
  std::shared_ptr<session::SchedulerEngine> engine_;
};

}  // namespace mesosio::captures
