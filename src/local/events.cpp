// Builds the events and statuses that a master itself makes.
#include "local/events.hpp"

#include <boost/asio/ip/address_v4.hpp>

#include <utility>

namespace mesosio::local::events {

Event subscribed(const std::string& framework_id, const MasterConfig& config) {
  Event event;
  event.set_type(Event::SUBSCRIBED);
  auto& body = *event.mutable_subscribed();
  body.mutable_framework_id()->set_value(framework_id);
  body.set_heartbeat_interval_seconds(std::chrono::duration<double>(config.heartbeat_interval).count());

  auto& master = *body.mutable_master_info();
  master.set_id(config.id);
  boost::system::error_code failed;
  const auto ip = boost::asio::ip::make_address_v4(config.address, failed);
  // The old field holds the address as it lies in memory in network order.
  const auto bytes = ip.to_bytes();
  master.set_ip(static_cast<std::uint32_t>(bytes[0]) | static_cast<std::uint32_t>(bytes[1]) << 8U |
                static_cast<std::uint32_t>(bytes[2]) << 16U | static_cast<std::uint32_t>(bytes[3]) << 24U);
  master.set_port(config.port);
  master.set_pid("master@" + config.address + ':' + std::to_string(config.port));
  master.set_hostname(config.address);
  master.set_version(mesos_version);
  master.mutable_address()->set_hostname(config.address);
  master.mutable_address()->set_ip(config.address);
  master.mutable_address()->set_port(config.port);
  using Capability = mesos::v1::MasterInfo::Capability;
  for (const auto type : {Capability::AGENT_UPDATE, Capability::AGENT_DRAINING, Capability::QUOTA_V2}) {
    master.add_capabilities()->set_type(type);
  }
  return event;
}

Event heartbeat() {
  Event event;
  event.set_type(Event::HEARTBEAT);
  return event;
}

Event error(std::string message) {
  Event event;
  event.set_type(Event::ERROR);
  event.mutable_error()->set_message(std::move(message));
  return event;
}

Event rescind(const std::string& offer_id) {
  Event event;
  event.set_type(Event::RESCIND);
  event.mutable_rescind()->mutable_offer_id()->set_value(offer_id);
  return event;
}

Event update(mesos::v1::TaskStatus status) {
  Event event;
  event.set_type(Event::UPDATE);
  *event.mutable_update()->mutable_status() = std::move(status);
  return event;
}

Event operation_status(const mesos::v1::OperationID& id, mesos::v1::OperationState state,
                       std::string message) {
  Event event;
  event.set_type(Event::UPDATE_OPERATION_STATUS);
  auto& status = *event.mutable_update_operation_status()->mutable_status();
  *status.mutable_operation_id() = id;
  status.set_state(state);
  status.set_message(std::move(message));
  return event;
}

Event agent_failure(const std::string& agent_id) {
  Event event;
  event.set_type(Event::FAILURE);
  event.mutable_failure()->mutable_agent_id()->set_value(agent_id);
  return event;
}

mesos::v1::TaskStatus master_status(const std::string& task_id, mesos::v1::TaskState state,
                                    mesos::v1::TaskStatus::Reason reason, std::string message, Now now) {
  mesos::v1::TaskStatus status;
  status.mutable_task_id()->set_value(task_id);
  status.set_state(state);
  status.set_source(mesos::v1::TaskStatus::SOURCE_MASTER);
  status.set_reason(reason);
  status.set_message(std::move(message));
  status.set_timestamp(now.unix_seconds);
  return status;
}

}  // namespace mesosio::local::events
