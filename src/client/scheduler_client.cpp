// The client's functions: all work is the engine's; calls are checked and encoded here, on the caller's
// thread.
#include "codec/validate_call.hpp"
#include "session/scheduler_engine.hpp"

#include <mesosio/scheduler_client.hpp>

#include <utility>

namespace mesosio {

SchedulerClient::SchedulerClient(executor_type executor, SchedulerConfig config)
    : engine_(session::SchedulerEngine::create(executor, std::move(config))) {}

SchedulerClient::~SchedulerClient() {
  engine_->cancel();
}

SchedulerClient::executor_type SchedulerClient::get_executor() const {
  return engine_->executor();
}

bool SchedulerClient::try_receive(SchedulerReceived& received) {
  return engine_->try_receive(received);
}

void SchedulerClient::cancel() {
  engine_->cancel();
}

ClientStats SchedulerClient::stats() const {
  return engine_->stats();
}

Error SchedulerClient::run_error() const {
  return engine_->run_error();
}

std::string SchedulerClient::framework_id() const {
  return engine_->framework_id();
}

detail::EncodedCall SchedulerClient::encode(scheduler::Call call) {
  detail::EncodedCall encoded;
  encoded.type = call.type();
  if (!call.has_framework_id()) {
    // UPDATE_FRAMEWORK names the id a second time; otherwise something stands for the id that the session
    // adds, so that the other rules can be checked.
    const auto& named = call.update_framework().framework_info().id().value();
    if (call.type() == scheduler::Call::UPDATE_FRAMEWORK && call.has_update_framework() && named.empty()) {
      encoded.error = {errc::invalid_call,
                       "scheduler Call UPDATE_FRAMEWORK: update_framework.framework_info.id must be set",
                       {}};
      return encoded;
    }
    encoded.framework_id = named;
    call.mutable_framework_id()->set_value(named.empty() ? "-" : named);
  } else {
    encoded.framework_id = call.framework_id().value();
  }
  encoded.error = codec::validate(call);
  if (encoded.error) return encoded;
  call.clear_framework_id();
  if (!call.SerializePartialToString(&encoded.body)) {
    encoded.error = {make_error_code(errc::invalid_call),
                     "scheduler Call " + scheduler::Call::Type_Name(call.type()) +
                         " is larger than a protobuf message may be (2 GiB)",
                     {}};
  }
  return encoded;
}

void SchedulerClient::start_run(detail::Completion<error_code> handler) {
  engine_->run(std::move(handler));
}

void SchedulerClient::start_receive(detail::Completion<error_code, SchedulerReceived> handler) {
  engine_->receive(std::move(handler));
}

void SchedulerClient::start_receive_raw(detail::Completion<error_code, SchedulerReceivedRaw> handler) {
  engine_->receive_raw(std::move(handler));
}

void SchedulerClient::start_call(detail::EncodedCall call,
                                 detail::Completion<error_code, CallResult> handler) {
  engine_->call(std::move(call), std::move(handler));
}

}  // namespace mesosio
