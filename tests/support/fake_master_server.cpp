#include "support/fake_master_server.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>

#include <cstdio>
#include <stdexcept>

namespace mesosio::testing {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::chrono::seconds patience{30};

std::string chunk(const std::string& bytes) {
  char length[24];
  std::snprintf(length, sizeof length, "%zx\r\n", bytes.size());
  return length + bytes + "\r\n";
}

}  // namespace

FakeMaster::Impl::Impl(Options options)
    : options_(std::move(options)),
      acceptor_(context_, tcp::endpoint(asio::ip::address_v4::loopback(), options_.port)),
      port_(acceptor_.local_endpoint().port()) {
  accept();
  thread_ = std::thread([this] { context_.run(); });
}

void FakeMaster::Impl::stop() {
  context_.stop();
  thread_.join();
}

void FakeMaster::Impl::wait(const std::string& what, const std::function<bool()>& done) {
  std::unique_lock lock(mutex_);
  if (changed_.wait_for(lock, patience, done)) return;
  std::string text = "the fake master waited in vain for " + what + "; it saw";
  for (const FakeRequest& request : requests_) text += ' ' + scheduler::Call::Type_Name(request.call.type());
  throw std::runtime_error(text);
}

std::size_t FakeMaster::Impl::count(scheduler::Call::Type type) const {
  std::size_t found = 0;
  for (const FakeRequest& request : requests_) found += request.call.type() == type ? 1 : 0;
  return found;
}

void FakeMaster::Impl::write(const Pointer& connection, std::string bytes) {
  connection->out.push_back(std::move(bytes));
  if (connection->out.size() == 1) write_next(connection);
}

void FakeMaster::Impl::write_chunk(const std::string& bytes) {
  if (stream_) write(stream_, chunk(bytes));
}

void FakeMaster::Impl::close(const Pointer& connection) {
  boost::system::error_code ignored;
  connection->socket.close(ignored);
  open_.erase(connection);
  const std::lock_guard lock(mutex_);
  if (stream_ == connection) {
    stream_.reset();
    stream_id_.clear();
  }
  open_count_ = open_.size();
  changed_.notify_all();
}

void FakeMaster::Impl::close_calls() {
  for (const Pointer& connection : std::set<Pointer>(open_)) {
    if (connection != stream_) close(connection);
  }
}

void FakeMaster::Impl::end_stream() {
  if (const Pointer connection = std::exchange(stream_, nullptr)) write(connection, "0\r\n\r\n");
  const std::lock_guard lock(mutex_);
  stream_id_.clear();
}

void FakeMaster::Impl::drop_stream() {
  if (const Pointer connection = stream_) close(connection);
}

void FakeMaster::Impl::release() {
  for (const Pointer& connection : std::set<Pointer>(open_)) {
    if (!connection->held) continue;
    const FakeRequest request = *std::exchange(connection->held, std::nullopt);
    answer(connection, request);
  }
}

void FakeMaster::Impl::accept() {
  acceptor_.async_accept([this](boost::system::error_code failed, tcp::socket socket) {
    if (failed) return;
    const auto connection = std::make_shared<Connection>(std::move(socket), accepted_++);
    open_.insert(connection);
    {
      const std::lock_guard lock(mutex_);
      open_count_ = open_.size();
      changed_.notify_all();
    }
    boost::system::error_code ignored;
    connection->socket.set_option(tcp::no_delay(true), ignored);
    read(connection);
    accept();
  });
}

void FakeMaster::Impl::read(const Pointer& connection) {
  connection->parser.emplace();
  connection->parser->body_limit(std::uint64_t{1} << 30);
  boost::beast::http::async_read(connection->socket, connection->buffer, *connection->parser,
                                 [this, connection](boost::system::error_code failed, std::size_t) {
                                   if (failed) return close(connection);
                                   const FakeRequest request = take(*connection);
                                   {
                                     const std::lock_guard lock(mutex_);
                                     requests_.push_back(request);
                                     changed_.notify_all();
                                   }
                                   answer(connection, request);
                                 });
}

FakeRequest FakeMaster::Impl::take(Connection& connection) {
  const auto message = connection.parser->release();
  FakeRequest request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  for (const auto& field : message) {
    request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  }
  request.body = message.body();
  if (!request.call.ParsePartialFromString(request.body)) request.call.Clear();
  request.connection = connection.number;
  return request;
}

void FakeMaster::Impl::answer(const Pointer& connection, const FakeRequest& request) {
  const FakeAnswer answer = choose(request);
  switch (answer.kind) {
    case FakeAnswer::Kind::hold:
      connection->held = request;
      return;
    case FakeAnswer::Kind::drop:
      return close(connection);
    case FakeAnswer::Kind::bytes:
      connection->close_when_written = true;
      return write(connection, answer.body);
    case FakeAnswer::Kind::stream:
      open_stream(connection);
      break;
    case FakeAnswer::Kind::respond:
      respond(connection, answer);
      if (request.call.type() == scheduler::Call::TEARDOWN && answer.status == 202) end_stream();
      break;
  }
  if (!connection->close_when_written) read(connection);
}

FakeAnswer FakeMaster::Impl::choose(const FakeRequest& request) {
  const std::lock_guard lock(mutex_);
  if (answer_all_) return *answer_all_;
  if (auto& waiting = script_[request.call.type()]; !waiting.empty()) {
    FakeAnswer answer = std::move(waiting.front());
    waiting.pop_front();
    return answer;
  }
  FakeAnswer answer;
  if (request.call.type() == scheduler::Call::SUBSCRIBE) {
    answer.kind = FakeAnswer::Kind::stream;
  } else if (stream_id_.empty() || request.header("Mesos-Stream-Id") != stream_id_) {
    answer.status = 400;
    answer.body = "The stream ID included in this request didn't match the stream ID of the framework";
  } else if (request.call.type() == scheduler::Call::UPDATE_FRAMEWORK) {
    answer.status = 200;
  }
  return answer;
}

void FakeMaster::Impl::respond(const Pointer& connection, const FakeAnswer& answer) {
  std::string text = "HTTP/1.1 " + std::to_string(answer.status) + " Scripted\r\n";
  for (const auto& [name, value] : answer.headers) text += name + ": " + value + "\r\n";
  text += "Content-Length: " + std::to_string(answer.body.size()) + "\r\n\r\n" + answer.body;
  connection->close_when_written = answer.close;
  write(connection, std::move(text));
}

void FakeMaster::Impl::open_stream(const Pointer& connection) {
  if (stream_ && stream_ != connection) write(stream_, "0\r\n\r\n");
  stream_ = connection;
  std::string id;
  {
    const std::lock_guard lock(mutex_);
    id = stream_id_ = "stream-" + std::to_string(++streams_);
    changed_.notify_all();
  }
  write(connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nMesos-Stream-Id: " + id +
                        "\r\nContent-Type: application/x-protobuf\r\n\r\n");
  if (!options_.send_subscribed) return;
  scheduler::Event event = subscribed(options_.framework_id);
  event.mutable_subscribed()->set_heartbeat_interval_seconds(options_.heartbeat_interval_seconds);
  event.mutable_subscribed()->mutable_master_info()->set_port(port_);
  const std::string bytes = event.SerializePartialAsString();
  write_chunk(std::to_string(bytes.size()) + '\n' + bytes);
}

void FakeMaster::Impl::write_next(const Pointer& connection) {
  asio::async_write(connection->socket, asio::buffer(connection->out.front()),
                    [this, connection](boost::system::error_code failed, std::size_t) {
                      if (failed) return close(connection);
                      connection->out.pop_front();
                      if (!connection->out.empty()) return write_next(connection);
                      if (connection->close_when_written) close(connection);
                    });
}

}  // namespace mesosio::testing
