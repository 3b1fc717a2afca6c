// Facts of events, in the names of the index.
#include "captures/facts.hpp"

#include <boost/json/array.hpp>
#include <openssl/evp.h>

#include <stdexcept>

namespace mesosio::captures {
namespace {

namespace json = boost::json;

template <class Offers>
json::object offers_of(const Offers& offers) {
  json::array ids;
  json::array agents;
  for (const auto& offer : offers) {
    ids.emplace_back(offer.id().value());
    agents.emplace_back(offer.agent_id().value());
  }
  return {{"ids", std::move(ids)}, {"agent_ids", std::move(agents)}};
}

json::object update_of(const TaskStatus& status) {
  json::object facts{{"task_id", status.task_id().value()}, {"state", TaskState_Name(status.state())}};
  if (status.has_source()) facts["source"] = TaskStatus::Source_Name(status.source());
  if (status.has_reason()) facts["reason"] = TaskStatus::Reason_Name(status.reason());
  if (status.has_uuid()) facts["uuid"] = hex_of(status.uuid());
  if (status.has_data()) facts["data_hex"] = hex_of(status.data());
  return facts;
}

json::object update_of(const OperationStatus& status) {
  json::object facts{{"state", OperationState_Name(status.state())}};
  if (status.has_operation_id()) facts["operation_id"] = status.operation_id().value();
  if (status.has_uuid()) facts["uuid"] = hex_of(status.uuid().value());
  if (status.has_agent_id()) facts["agent_id"] = status.agent_id().value();
  if (status.has_message()) facts["message"] = status.message();
  return facts;
}

json::object failure_of(const scheduler::Event::Failure& failure) {
  json::object facts;
  if (failure.has_agent_id()) facts["agent_id"] = failure.agent_id().value();
  if (failure.has_executor_id()) facts["executor_id"] = failure.executor_id().value();
  if (failure.has_status()) facts["status"] = failure.status();
  return facts;
}

}  // namespace

std::string hex_of(std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex += digits[byte >> 4];
    hex += digits[byte & 15];
  }
  return hex;
}

std::string sha256_of(std::string_view bytes) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), &size,
                 EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL has no SHA-256");
  }
  digest.resize(size);
  return hex_of(digest);
}

json::object facts_of(const scheduler::Event& event) {
  using Event = scheduler::Event;
  switch (event.type()) {
    case Event::SUBSCRIBED:
      return {{"framework_id", event.subscribed().framework_id().value()},
              {"heartbeat_interval_seconds", event.subscribed().heartbeat_interval_seconds()}};
    case Event::OFFERS:
      return offers_of(event.offers().offers());
    case Event::INVERSE_OFFERS:
      return offers_of(event.inverse_offers().inverse_offers());
    case Event::RESCIND:
      return {{"offer_id", event.rescind().offer_id().value()}};
    case Event::RESCIND_INVERSE_OFFER:
      return {{"inverse_offer_id", event.rescind_inverse_offer().inverse_offer_id().value()}};
    case Event::UPDATE:
      return update_of(event.update().status());
    case Event::UPDATE_OPERATION_STATUS:
      return update_of(event.update_operation_status().status());
    case Event::MESSAGE:
      return {{"agent_id", event.message().agent_id().value()},
              {"executor_id", event.message().executor_id().value()},
              {"data_hex", hex_of(event.message().data())}};
    case Event::FAILURE:
      return failure_of(event.failure());
    case Event::ERROR:
      return {{"message", event.error().message()}};
    default:
      return {};
  }
}

}  // namespace mesosio::captures
