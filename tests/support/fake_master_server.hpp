// The engine of the fake master: connections, the script, and the record of what came.
#pragma once

#include "support/fake_master.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

namespace mesosio::testing {

// Sockets are used on the one thread only; what tests look at is guarded by the mutex.
class FakeMaster::Impl {
 public:
  struct Connection {
    Connection(boost::asio::ip::tcp::socket s, std::size_t n) : socket(std::move(s)), number(n) {}
    boost::asio::ip::tcp::socket socket;
    std::size_t number;
    boost::beast::flat_buffer buffer;
    std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser;
    std::deque<std::string> out;
    bool close_when_written = false;
    std::optional<FakeRequest> held;
  };
  using Pointer = std::shared_ptr<Connection>;

  explicit Impl(Options options);
  void stop();

  // Waits with patience; `done` is asked with the mutex held.
  void wait(const std::string& what, const std::function<bool()>& done);
  std::size_t count(scheduler::Call::Type type) const;  // with the mutex held

  template <class Function>
  void on_thread(Function function) {
    boost::asio::post(context_, std::move(function));
  }

  // On the thread only.
  void write(const Pointer& connection, std::string bytes);
  void write_chunk(const std::string& bytes);
  void close(const Pointer& connection);
  void close_calls();
  void end_stream();
  void drop_stream();
  void release();

  Options options_;
  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<int, std::deque<FakeAnswer>> script_;
  std::optional<FakeAnswer> answer_all_;
  std::vector<FakeRequest> requests_;
  std::string stream_id_;
  std::size_t streams_ = 0;
  std::size_t open_count_ = 0;

 private:
  void accept();
  void read(const Pointer& connection);
  static FakeRequest take(Connection& connection);
  void answer(const Pointer& connection, const FakeRequest& request);
  FakeAnswer choose(const FakeRequest& request);
  void respond(const Pointer& connection, const FakeAnswer& answer);
  void open_stream(const Pointer& connection);
  void write_next(const Pointer& connection);

  std::set<Pointer> open_;
  Pointer stream_;
  std::size_t accepted_ = 0;
  std::thread thread_;
};

}  // namespace mesosio::testing
