// The rules for scheduler Calls, in the order in which a master tests them.
#include "codec/validate_call.hpp"

#include "codec/message.hpp"
#include "codec/uuid.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace mesosio::codec {
namespace {

using google::protobuf::Message;
using mesos::v1::scheduler::Call;
using Fault = std::optional<CallFault>;

constexpr std::string_view master_prefix = "Failed to validate scheduler::Call: ";

std::string lowered(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

std::string quoted(std::string_view text) {
  return '"' + printable(text, 64) + '"';
}

Fault broken(const Call& call, std::string field, std::string_view rule, std::string master_text = {}) {
  std::string message = "scheduler Call";
  if (call.has_type()) message += ' ' + Call::Type_Name(call.type());
  message += ": " + field + ' ';
  message += rule;
  return CallFault{std::move(field), std::move(message), std::move(master_text)};
}

Fault absent(const Call& call, std::string field, const std::string& name_at_master) {
  return broken(call, std::move(field), "must be set",
                std::string(master_prefix) + "Expecting '" + name_at_master + "' to be present");
}

// The union field of a type is named as the type, in small letters.
bool has_field_of(const Message& message, const std::string& type_name) {
  const auto* const field = message.GetDescriptor()->FindFieldByName(lowered(type_name));
  return field == nullptr || message.GetReflection()->HasField(message, field);
}

Fault check_uuid(const Call& call, const std::string& field, const std::string& uuid) {
  if (is_valid_uuid(uuid)) return std::nullopt;
  const std::string rule = uuid.size() == 16
                               ? "must be a UUID of version 1 to 5, got " + quoted(uuid_text(uuid))
                               : "must be 16 bytes, got " + std::to_string(uuid.size());
  return broken(call, field, rule, std::string(master_prefix) + "Not a valid UUID");
}

Fault check_framework_info(const Call& call, const std::string& parent,
                           const mesos::v1::FrameworkInfo& info) {
  if (info.id().value() == call.framework_id().value()) return std::nullopt;
  return broken(
      call, "framework_id",
      "must equal " + parent + ".framework_info.id, got " + quoted(call.framework_id().value()) + " and " +
          quoted(info.id().value()),
      std::string(master_prefix) + "'framework_id' differs from '" + parent + ".framework_info.id'");
}

Fault check_as_master(const Call& call) {
  if (!call.IsInitialized()) {
    const std::string paths = missing_fields(call);
    return broken(call, paths, "must be set (required)", "Failed to parse body into Call protobuf");
  }
  if (!call.has_type()) return absent(call, "type", "type");
  if (call.type() == Call::SUBSCRIBE) {
    if (!call.has_subscribe()) return absent(call, "subscribe", "subscribe");
    return check_framework_info(call, "subscribe", call.subscribe().framework_info());
  }
  if (!call.has_framework_id()) return absent(call, "framework_id", "framework_id");
  switch (call.type()) {
    case Call::UNKNOWN:
    case Call::TEARDOWN:
    case Call::REVIVE:
    case Call::SUPPRESS:
      return std::nullopt;
    default:
      break;
  }
  const std::string& type_name = Call::Type_Name(call.type());
  if (!has_field_of(call, type_name)) return absent(call, lowered(type_name), lowered(type_name));
  switch (call.type()) {
    case Call::ACKNOWLEDGE:
      return check_uuid(call, "acknowledge.uuid", call.acknowledge().uuid());
    case Call::ACKNOWLEDGE_OPERATION_STATUS: {
      const auto& inner = call.acknowledge_operation_status();
      if (Fault fault = check_uuid(call, "acknowledge_operation_status.uuid", inner.uuid())) return fault;
      if (!inner.has_agent_id()) return absent(call, "acknowledge_operation_status.agent_id", "agent_id");
      return std::nullopt;
    }
    case Call::UPDATE_FRAMEWORK:
      return check_framework_info(call, "update_framework", call.update_framework().framework_info());
    default:
      return std::nullopt;
  }
}

struct NamedId {
  std::string_view field;
  const std::string& value;
};

Fault check_ids(const Call& call, std::initializer_list<NamedId> ids) {
  for (const NamedId& id : ids) {
    if (id.value.empty()) return broken(call, std::string(id.field) + ".value", "must not be empty");
  }
  return std::nullopt;
}

template <typename Ids>
Fault check_offer_ids(const Call& call, const std::string& field, const Ids& ids) {
  for (int i = 0; i < ids.size(); ++i) {
    if (ids[i].value().empty()) {
      return broken(call, field + '[' + std::to_string(i) + "].value", "must not be empty");
    }
  }
  return std::nullopt;
}

Fault check_filters(const Call& call, const std::string& field, const mesos::v1::Filters& filters) {
  if (!std::isnan(filters.refuse_seconds())) return std::nullopt;
  return broken(call, field + ".refuse_seconds", "must be a number of seconds, got NaN");
}

Fault check_accept(const Call& call) {
  const Call::Accept& accept = call.accept();
  if (accept.offer_ids().empty()) return broken(call, "accept.offer_ids", "must name at least one offer");
  if (Fault fault = check_offer_ids(call, "accept.offer_ids", accept.offer_ids())) return fault;
  for (int i = 0; i < accept.operations_size(); ++i) {
    const auto& operation = accept.operations(i);
    const std::string field = "accept.operations[" + std::to_string(i) + ']';
    if (!operation.has_type() || operation.type() == mesos::v1::Offer::Operation::UNKNOWN) {
      return broken(call, field + ".type", "must be set to a known type");
    }
    const std::string& type_name = mesos::v1::Offer::Operation::Type_Name(operation.type());
    if (!has_field_of(operation, type_name)) {
      return broken(call, field + '.' + lowered(type_name),
                    "must be set for an operation of type " + type_name);
    }
  }
  return check_filters(call, "accept.filters", accept.filters());
}

Fault check_as_client(const Call& call) {
  if (call.framework_id().value().empty()) return broken(call, "framework_id.value", "must not be empty");
  switch (call.type()) {
    case Call::ACCEPT:
      return check_accept(call);
    case Call::DECLINE: {
      if (Fault fault = check_offer_ids(call, "decline.offer_ids", call.decline().offer_ids())) return fault;
      return check_filters(call, "decline.filters", call.decline().filters());
    }
    case Call::ACCEPT_INVERSE_OFFERS: {
      const auto& inner = call.accept_inverse_offers();
      if (Fault fault =
              check_offer_ids(call, "accept_inverse_offers.inverse_offer_ids", inner.inverse_offer_ids())) {
        return fault;
      }
      return check_filters(call, "accept_inverse_offers.filters", inner.filters());
    }
    case Call::DECLINE_INVERSE_OFFERS: {
      const auto& inner = call.decline_inverse_offers();
      if (Fault fault =
              check_offer_ids(call, "decline_inverse_offers.inverse_offer_ids", inner.inverse_offer_ids())) {
        return fault;
      }
      return check_filters(call, "decline_inverse_offers.filters", inner.filters());
    }
    case Call::KILL:
      return check_ids(call, {{"kill.task_id", call.kill().task_id().value()}});
    case Call::SHUTDOWN:
      return check_ids(call, {{"shutdown.executor_id", call.shutdown().executor_id().value()},
                              {"shutdown.agent_id", call.shutdown().agent_id().value()}});
    case Call::ACKNOWLEDGE:
      return check_ids(call, {{"acknowledge.agent_id", call.acknowledge().agent_id().value()},
                              {"acknowledge.task_id", call.acknowledge().task_id().value()}});
    case Call::ACKNOWLEDGE_OPERATION_STATUS:
      return check_ids(call, {{"acknowledge_operation_status.agent_id",
                               call.acknowledge_operation_status().agent_id().value()},
                              {"acknowledge_operation_status.operation_id",
                               call.acknowledge_operation_status().operation_id().value()}});
    case Call::MESSAGE:
      return check_ids(call, {{"message.agent_id", call.message().agent_id().value()},
                              {"message.executor_id", call.message().executor_id().value()}});
    default:
      return std::nullopt;
  }
}

}  // namespace

Fault check_call(const Call& call, CallRules rules) {
  if (rules == CallRules::client && call.has_type()) {
    if (call.type() == Call::UNKNOWN) return broken(call, "type", "must be set to a known type");
    if (call.type() == Call::SUBSCRIBE) {
      return broken(call, "type", "must not be SUBSCRIBE: the client itself subscribes when it runs");
    }
  }
  if (Fault fault = check_as_master(call)) return fault;
  return rules == CallRules::client ? check_as_client(call) : std::nullopt;
}

Error validate(const Call& call) {
  Fault fault = check_call(call, CallRules::client);
  if (!fault) return {};
  return {errc::invalid_call, std::move(fault->message), {}};
}

}  // namespace mesosio::codec
