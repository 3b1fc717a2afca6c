// A master for tests: real HTTP on a free loopback port, answers that the test scripts, events that it sends.
#pragma once

#include <mesosio/messages.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mesosio::testing {

// One HTTP request as it came, and the call in it.
struct FakeRequest {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  scheduler::Call call;        // what the body parses to; empty if it does not parse
  std::size_t connection = 0;  // number of the TCP connection, from 0

  // The value of a header, compared without regard to case; empty if it is absent.
  [[nodiscard]] std::string header(const std::string& name) const;
};

// What to do with one request.
struct FakeAnswer {
  enum class Kind {
    respond,  // with status, headers and body
    stream,   // 200 and an event stream that becomes the current one (what a SUBSCRIBE gets by default)
    hold,     // not at all until release(); later requests of the connection wait too
    drop,     // the connection is closed without a word
    bytes,    // `body` is written as it stands, HTTP or not, and the connection is closed
  };
  Kind kind = Kind::respond;
  int status = 202;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  bool close = false;  // close the connection after the answer
};

// All functions may be called from any thread. Waiting functions throw std::runtime_error, with what was
// seen instead, after 30 seconds.
class FakeMaster {
 public:
  struct Options {
    bool send_subscribed = true;  // SUBSCRIBED is the first event of each stream
    std::string framework_id = "fake-0000";
    double heartbeat_interval_seconds = 15;
    std::uint16_t port = 0;  // 0: a free one
  };

  FakeMaster();
  explicit FakeMaster(Options options);
  ~FakeMaster();
  FakeMaster(const FakeMaster&) = delete;
  FakeMaster& operator=(const FakeMaster&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::string address() const;  // "127.0.0.1:port"

  // The next request of this type is answered so; several wait in order. Without a script SUBSCRIBE gets a
  // stream, UPDATE_FRAMEWORK 200, a call without the current stream id 400, TEARDOWN 202 and the end of the
  // stream, and all else 202.
  void answer_next(scheduler::Call::Type type, FakeAnswer answer);
  // Every request is answered so until answer_all() is called without one.
  void answer_all(FakeAnswer answer);
  void answer_all();
  // Answers what was held, by the script as it is now.
  void release();

  // The event, or the bytes (of any number of records, or a part of one), as a chunk of the current stream.
  void send(const scheduler::Event& event);
  void send_bytes(std::string bytes);
  // Ends the current stream as a master does that lives on: last chunk, connection left open.
  void end_stream();
  // Closes the connection of the current stream as a master does that dies.
  void drop_stream();
  // Closes all other connections.
  void drop_calls();

  [[nodiscard]] std::string stream_id() const;  // of the current stream
  [[nodiscard]] std::vector<FakeRequest> requests() const;
  [[nodiscard]] std::vector<scheduler::Call> calls() const;
  [[nodiscard]] std::size_t count(scheduler::Call::Type type) const;
  // Connections that are open now.
  [[nodiscard]] std::size_t connections() const;

  // Waits until so many requests of the type have come and gives the last of them.
  FakeRequest wait_for(scheduler::Call::Type type, std::size_t count = 1);
  // Waits until the n-th stream since the start is open.
  void wait_for_stream(std::size_t count = 1);
  void wait_for_connections(std::size_t count);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

// Events for send().
[[nodiscard]] scheduler::Event subscribed(const std::string& framework_id = "fake-0000");
[[nodiscard]] scheduler::Event heartbeat();
[[nodiscard]] scheduler::Event offers(const std::vector<std::string>& offer_ids);
[[nodiscard]] scheduler::Event update(const std::string& task_id, TaskState state, const std::string& uuid);
[[nodiscard]] scheduler::Event error(const std::string& message);

// 16 bytes that are a valid random UUID, the same ones for the same number.
[[nodiscard]] std::string uuid(std::uint32_t number);

}  // namespace mesosio::testing
