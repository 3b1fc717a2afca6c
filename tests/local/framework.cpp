#include "local/framework.hpp"

#include "local/master_state.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>

namespace mesosio::local::test {

using mesos::v1::FrameworkInfo;

FrameworkInfo framework_info() {
  FrameworkInfo info;
  info.set_user("root");
  info.set_name("test");
  info.add_roles("*");
  using Capability = FrameworkInfo::Capability;
  for (const auto type : {Capability::MULTI_ROLE, Capability::TASK_KILLING_STATE, Capability::PARTITION_AWARE,
                          Capability::RESERVATION_REFINEMENT}) {
    info.add_capabilities()->set_type(type);
  }
  return info;
}

Call subscribe_call(const FrameworkInfo& info) {
  Call call;
  call.set_type(Call::SUBSCRIBE);
  if (info.has_id()) {
    *call.mutable_framework_id() = info.id();
  }
  *call.mutable_subscribe()->mutable_framework_info() = info;
  return call;
}

mesos::v1::TaskInfo shell_task(const std::string& id, const mesos::v1::Offer& offer,
                               const std::string& command, double cpus, double mem) {
  mesos::v1::TaskInfo task;
  task.set_name(id);
  task.mutable_task_id()->set_value(id);
  *task.mutable_agent_id() = offer.agent_id();
  for (const auto& [name, value] : {std::pair("cpus", cpus), std::pair("mem", mem)}) {
    auto& resource = *task.add_resources();
    resource.set_name(name);
    resource.set_type(mesos::v1::Value::SCALAR);
    resource.mutable_scalar()->set_value(value);
  }
  task.mutable_command()->set_value(command);
  return task;
}

Event parse_record(const std::string& chunk) {
  const auto end = chunk.find('\n');
  Event event;
  if (end == std::string::npos || std::stoul(chunk.substr(0, end)) != chunk.size() - end - 1 ||
      !event.ParseFromString(chunk.substr(end + 1))) {
    throw std::runtime_error("a chunk that is not one record");
  }
  return event;
}

Framework::Framework(std::uint16_t port, const FrameworkInfo& info)
    : info_(info), events_(port), calls_(port) {
  events_.post(subscribe_call(info).SerializeAsString(), protobuf_headers);
  const Answer head = events_.read_head();
  if (head.status != 200) {
    throw std::runtime_error("refused with " + std::to_string(head.status));
  }
  stream_id_ = head.header("Mesos-Stream-Id");
  const Event first = next();
  if (first.type() != Event::SUBSCRIBED) {
    throw std::runtime_error("not subscribed: " + first.error().message());
  }
  id_ = first.subscribed().framework_id().value();
}

FrameworkInfo Framework::info() const {
  FrameworkInfo info = info_;
  info.mutable_id()->set_value(id_);
  return info;
}

Event Framework::next() {
  if (!kept_.empty()) {
    Event event = std::move(kept_.front());
    kept_.pop_front();
    return event;
  }
  return receive();
}

Event Framework::receive() {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (std::chrono::steady_clock::now() < limit) {
    const auto chunk = events_.read_chunk();
    if (!chunk) {
      throw std::runtime_error("the stream has ended");
    }
    Event event = parse_record(*chunk);
    if (event.type() != Event::HEARTBEAT) {
      return event;
    }
  }
  throw std::runtime_error("nothing but heartbeats for a minute");
}

Event Framework::next(Event::Type type) {
  const auto known =
      std::find_if(kept_.begin(), kept_.end(), [&](const Event& e) { return e.type() == type; });
  if (known != kept_.end()) {
    Event event = std::move(*known);
    kept_.erase(known);
    return event;
  }
  for (;;) {
    Event event = receive();
    if (event.type() == type) {
      return event;
    }
    kept_.push_back(std::move(event));
  }
}

mesos::v1::Offer Framework::offer() {
  return next(Event::OFFERS).offers().offers(0);
}

mesos::v1::TaskStatus Framework::update() {
  return next(Event::UPDATE).update().status();
}

std::vector<mesos::v1::TaskStatus> Framework::follow(const std::string& task_id) {
  std::vector<mesos::v1::TaskStatus> seen;
  for (;;) {
    const mesos::v1::TaskStatus status = update();
    acknowledge(status);
    if (status.task_id().value() != task_id) {
      continue;
    }
    seen.push_back(status);
    if (is_terminal(status.state())) {
      return seen;
    }
  }
}

bool Framework::ends() {
  while (events_.read_chunk()) {
  }
  return true;
}

Answer Framework::call(Call call) {
  call.mutable_framework_id()->set_value(id_);
  calls_.post(call.SerializeAsString(), protobuf_headers + "Mesos-Stream-Id: " + stream_id_ + "\r\n");
  return calls_.read_answer();
}

Answer Framework::launch(const mesos::v1::Offer& offer, const std::vector<mesos::v1::TaskInfo>& tasks,
                         double refuse_seconds) {
  Call accept;
  accept.set_type(Call::ACCEPT);
  *accept.mutable_accept()->add_offer_ids() = offer.id();
  auto& operation = *accept.mutable_accept()->add_operations();
  operation.set_type(mesos::v1::Offer::Operation::LAUNCH);
  for (const auto& task : tasks) {
    *operation.mutable_launch()->add_task_infos() = task;
  }
  accept.mutable_accept()->mutable_filters()->set_refuse_seconds(refuse_seconds);
  return call(accept);
}

Answer Framework::kill(const std::string& task_id, double grace_seconds) {
  Call kill;
  kill.set_type(Call::KILL);
  kill.mutable_kill()->mutable_task_id()->set_value(task_id);
  if (grace_seconds >= 0) {
    kill.mutable_kill()->mutable_kill_policy()->mutable_grace_period()->set_nanoseconds(
        static_cast<std::int64_t>(grace_seconds * 1e9));
  }
  return call(kill);
}

Answer Framework::acknowledge(const mesos::v1::TaskStatus& status) {
  if (!status.has_uuid()) {
    return {};
  }
  Call acknowledge;
  acknowledge.set_type(Call::ACKNOWLEDGE);
  *acknowledge.mutable_acknowledge()->mutable_agent_id() = status.agent_id();
  *acknowledge.mutable_acknowledge()->mutable_task_id() = status.task_id();
  acknowledge.mutable_acknowledge()->set_uuid(status.uuid());
  return call(acknowledge);
}

Answer Framework::simple(Call::Type type) {
  Call simple;
  simple.set_type(type);
  return call(simple);
}

}  // namespace mesosio::local::test
