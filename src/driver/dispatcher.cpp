// One case for each event.
#include "driver/dispatcher.hpp"

#include <utility>

namespace mesosio::driver {
namespace {

using scheduler::Event;

// Holds the messages of a field in a vector for as long as it lives.
template <class Message>
class Borrowed {
 public:
  Borrowed(google::protobuf::RepeatedPtrField<Message>& field, std::vector<Message>& vector)
      : field_(field), vector_(vector) {
    vector_.resize(static_cast<std::size_t>(field_.size()));
    swap();
  }
  ~Borrowed() {
    swap();
    // A flood of offers once is no reason to keep the memory for it.
    if (vector_.size() > kept) std::vector<Message>().swap(vector_);
  }
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;

 private:
  void swap() {
    for (int at = 0; at < field_.size(); ++at) field_[at].Swap(&vector_[static_cast<std::size_t>(at)]);
  }

  static constexpr std::size_t kept = 4096;
  google::protobuf::RepeatedPtrField<Message>& field_;
  std::vector<Message>& vector_;
};

// Whether the member that the type announces is there.
bool has_content(const Event& event) {
  switch (event.type()) {
    case Event::SUBSCRIBED:
      return event.has_subscribed();
    case Event::OFFERS:
      return event.has_offers();
    case Event::INVERSE_OFFERS:
      return event.has_inverse_offers();
    case Event::RESCIND:
      return event.has_rescind();
    case Event::RESCIND_INVERSE_OFFER:
      return event.has_rescind_inverse_offer();
    case Event::UPDATE:
      return event.has_update();
    case Event::UPDATE_OPERATION_STATUS:
      return event.has_update_operation_status();
    case Event::MESSAGE:
      return event.has_message();
    case Event::FAILURE:
      return event.has_failure();
    case Event::ERROR:
    case Event::HEARTBEAT:
      return true;
    case Event::UNKNOWN:
      break;
  }
  return false;
}

}  // namespace

void Dispatcher::deliver(Event& event) {
  if (!has_content(event)) {
    return deliver_unknown(event, event.type() == Event::UNKNOWN
                                      ? "an event of a type that this version does not know"
                                      : "an event of type " + Event::Type_Name(event.type()) +
                                            " without the content of that type");
  }
  switch (event.type()) {
    case Event::SUBSCRIBED:
      return deliver_subscribed(event.subscribed());
    case Event::OFFERS: {
      const Borrowed borrowed(*event.mutable_offers()->mutable_offers(), offers_);
      return scheduler_->resourceOffers(driver_, offers_);
    }
    case Event::INVERSE_OFFERS: {
      const Borrowed borrowed(*event.mutable_inverse_offers()->mutable_inverse_offers(), inverse_offers_);
      return scheduler_->inverseOffers(driver_, inverse_offers_);
    }
    case Event::RESCIND:
      return scheduler_->offerRescinded(driver_, event.rescind().offer_id());
    case Event::RESCIND_INVERSE_OFFER:
      return scheduler_->inverseOfferRescinded(driver_, event.rescind_inverse_offer().inverse_offer_id());
    case Event::UPDATE:
      return scheduler_->statusUpdate(driver_, event.update().status());
    case Event::UPDATE_OPERATION_STATUS:
      return scheduler_->operationStatusUpdate(driver_, event.update_operation_status().status());
    case Event::MESSAGE:
      return scheduler_->frameworkMessage(driver_, event.message().executor_id(), event.message().agent_id(),
                                          event.message().data());
    case Event::FAILURE:
      return deliver_failure(event.failure());
    case Event::HEARTBEAT:
      return scheduler_->heartbeat(driver_);
    case Event::ERROR:
    case Event::UNKNOWN:
      return;
  }
}

void Dispatcher::deliver(const UndecodedEvent& event) {
  scheduler_->undecodedEvent(driver_, event);
}

void Dispatcher::deliver_disconnected() {
  scheduler_->disconnected(driver_);
}

void Dispatcher::deliver_status(const TaskStatus& status) {
  scheduler_->statusUpdate(driver_, status);
}

void Dispatcher::deliver_failed(const scheduler::Call& call, const CallResult& result) {
  scheduler_->callFailed(driver_, call, result);
}

void Dispatcher::deliver_error(const std::string& message) {
  scheduler_->error(driver_, message);
}

// As in libmesos it is the driver object that counts, not the framework's id: a framework that failed over
// sees registered() too.
void Dispatcher::deliver_subscribed(const Event::Subscribed& subscribed) {
  if (std::exchange(registered_, true)) {
    scheduler_->reregistered(driver_, subscribed.master_info());
  } else {
    scheduler_->registered(driver_, subscribed.framework_id(), subscribed.master_info());
  }
}

void Dispatcher::deliver_failure(const Event::Failure& failure) {
  if (failure.has_executor_id()) {
    scheduler_->executorLost(driver_, failure.executor_id(), failure.agent_id(), failure.status());
  } else {
    scheduler_->slaveLost(driver_, failure.agent_id());
  }
}

void Dispatcher::deliver_unknown(const Event& event, const std::string& what) {
  constexpr std::size_t shown = 4096;
  UndecodedEvent undecoded;
  undecoded.cause = {errc::malformed_message, "the master sent " + what, {}};
  undecoded.record = event.SerializePartialAsString();
  undecoded.size = undecoded.record.size();
  if (undecoded.size > shown) undecoded.record.resize(shown);
  deliver(undecoded);
}

const char* Dispatcher::callback_name(const Event& event, bool registered_before) {
  switch (event.type()) {
    case Event::SUBSCRIBED:
      return registered_before ? "reregistered" : "registered";
    case Event::OFFERS:
      return "resourceOffers";
    case Event::INVERSE_OFFERS:
      return "inverseOffers";
    case Event::RESCIND:
      return "offerRescinded";
    case Event::RESCIND_INVERSE_OFFER:
      return "inverseOfferRescinded";
    case Event::UPDATE:
      return "statusUpdate";
    case Event::UPDATE_OPERATION_STATUS:
      return "operationStatusUpdate";
    case Event::MESSAGE:
      return "frameworkMessage";
    case Event::FAILURE:
      return event.failure().has_executor_id() ? "executorLost" : "slaveLost";
    case Event::HEARTBEAT:
      return "heartbeat";
    case Event::ERROR:
      return "error";
    case Event::UNKNOWN:
      break;
  }
  return "undecodedEvent";
}

}  // namespace mesosio::driver
