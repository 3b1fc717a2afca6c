// The face of the fake master: hands what tests ask for to its thread.
#include "support/fake_master.hpp"

#include "support/fake_master_server.hpp"

#include <boost/beast/core/string.hpp>

namespace mesosio::testing {

std::string FakeRequest::header(const std::string& name) const {
  for (const auto& [key, value] : headers) {
    if (boost::beast::iequals(key, name)) return value;
  }
  return {};
}

FakeMaster::FakeMaster() : FakeMaster(Options{}) {}
FakeMaster::FakeMaster(Options options) : impl_(std::make_shared<Impl>(std::move(options))) {}
FakeMaster::~FakeMaster() {
  impl_->stop();
}

std::uint16_t FakeMaster::port() const {
  return impl_->port_;
}
std::string FakeMaster::address() const {
  return "127.0.0.1:" + std::to_string(port());
}

void FakeMaster::answer_next(scheduler::Call::Type type, FakeAnswer answer) {
  const std::lock_guard lock(impl_->mutex_);
  impl_->script_[type].push_back(std::move(answer));
}

void FakeMaster::answer_all(FakeAnswer answer) {
  const std::lock_guard lock(impl_->mutex_);
  impl_->answer_all_ = std::move(answer);
}

void FakeMaster::answer_all() {
  const std::lock_guard lock(impl_->mutex_);
  impl_->answer_all_.reset();
}

void FakeMaster::release() {
  impl_->on_thread([impl = impl_.get()] { impl->release(); });
}

void FakeMaster::send(const scheduler::Event& event) {
  const std::string bytes = event.SerializePartialAsString();
  send_bytes(std::to_string(bytes.size()) + '\n' + bytes);
}

void FakeMaster::send_bytes(std::string bytes) {
  impl_->on_thread([impl = impl_.get(), text = std::move(bytes)] { impl->write_chunk(text); });
}

void FakeMaster::end_stream() {
  impl_->on_thread([impl = impl_.get()] { impl->end_stream(); });
}

void FakeMaster::drop_stream() {
  impl_->on_thread([impl = impl_.get()] { impl->drop_stream(); });
}

void FakeMaster::drop_calls() {
  impl_->on_thread([impl = impl_.get()] { impl->close_calls(); });
}

std::string FakeMaster::stream_id() const {
  const std::lock_guard lock(impl_->mutex_);
  return impl_->stream_id_;
}

std::vector<FakeRequest> FakeMaster::requests() const {
  const std::lock_guard lock(impl_->mutex_);
  return impl_->requests_;
}

std::vector<scheduler::Call> FakeMaster::calls() const {
  const std::lock_guard lock(impl_->mutex_);
  std::vector<scheduler::Call> calls;
  for (const FakeRequest& request : impl_->requests_) calls.push_back(request.call);
  return calls;
}

std::size_t FakeMaster::count(scheduler::Call::Type type) const {
  const std::lock_guard lock(impl_->mutex_);
  return impl_->count(type);
}

std::size_t FakeMaster::connections() const {
  const std::lock_guard lock(impl_->mutex_);
  return impl_->open_count_;
}

FakeRequest FakeMaster::wait_for(scheduler::Call::Type type, std::size_t count) {
  impl_->wait(std::to_string(count) + " of " + scheduler::Call::Type_Name(type),
              [&] { return impl_->count(type) >= count; });
  const std::lock_guard lock(impl_->mutex_);
  for (const FakeRequest& request : impl_->requests_) {
    if (request.call.type() == type && --count == 0) return request;
  }
  return {};
}

void FakeMaster::wait_for_stream(std::size_t count) {
  impl_->wait("stream " + std::to_string(count), [&] { return impl_->streams_ >= count; });
}

void FakeMaster::wait_for_connections(std::size_t count) {
  impl_->wait(std::to_string(count) + " connections", [&] { return impl_->open_count_ == count; });
}

}  // namespace mesosio::testing
