// Events for the tests that play the master.
#include "support/fake_master.hpp"

namespace mesosio::testing {

scheduler::Event subscribed(const std::string& framework_id) {
  scheduler::Event event;
  event.set_type(scheduler::Event::SUBSCRIBED);
  auto& content = *event.mutable_subscribed();
  content.mutable_framework_id()->set_value(framework_id);
  content.set_heartbeat_interval_seconds(15);
  content.mutable_master_info()->set_id("fake-master");
  content.mutable_master_info()->set_ip(0x0100007F);
  content.mutable_master_info()->set_port(5050);
  return event;
}

scheduler::Event heartbeat() {
  scheduler::Event event;
  event.set_type(scheduler::Event::HEARTBEAT);
  return event;
}

scheduler::Event offers(const std::vector<std::string>& offer_ids) {
  scheduler::Event event;
  event.set_type(scheduler::Event::OFFERS);
  event.mutable_offers();
  for (const std::string& id : offer_ids) {
    Offer& offer = *event.mutable_offers()->add_offers();
    offer.mutable_id()->set_value(id);
    offer.mutable_framework_id()->set_value("fake-0000");
    offer.mutable_agent_id()->set_value("agent-1");
    offer.set_hostname("agent.example.com");
  }
  return event;
}

scheduler::Event update(const std::string& task_id, TaskState state, const std::string& uuid) {
  scheduler::Event event;
  event.set_type(scheduler::Event::UPDATE);
  TaskStatus& status = *event.mutable_update()->mutable_status();
  status.mutable_task_id()->set_value(task_id);
  status.set_state(state);
  status.mutable_agent_id()->set_value("agent-1");
  status.set_source(TaskStatus::SOURCE_EXECUTOR);
  if (!uuid.empty()) status.set_uuid(uuid);
  return event;
}

scheduler::Event error(const std::string& message) {
  scheduler::Event event;
  event.set_type(scheduler::Event::ERROR);
  event.mutable_error()->set_message(message);
  return event;
}

std::string uuid(std::uint32_t number) {
  std::string bytes(16, '\x11');
  for (std::size_t at = 0; at < 4; ++at) bytes[at] = static_cast<char>((number >> (8 * at)) & 0xFF);
  bytes[6] = '\x41';  // version 4
  bytes[8] = '\x81';  // the usual variant
  return bytes;
}

}  // namespace mesosio::testing
