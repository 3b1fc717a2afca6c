// The master of the local cluster as a pure state machine: frameworks, offers and tasks; calls in, effects
// out.
#pragma once

#include "codec/uuid.hpp"
#include "local/allocator.hpp"
#include "local/effects.hpp"
#include "local/master_state.hpp"
#include "local/task_validation.hpp"

#include <mesos/v1/scheduler/scheduler.pb.h>

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace mesosio::local {

// The HTTP status of a call's answer, and its body.
struct CallAnswer {
  unsigned status = 202;
  std::string text;
  friend bool operator==(const CallAnswer&, const CallAnswer&) = default;
};

// Knows neither sockets nor clocks. Effects are to be carried out in order, after the answer to the call was
// given.
class Master {
 public:
  explicit Master(MasterConfig config);

  void add_agent(AgentDescription agent, Now now, MasterEffects& out);
  // The agent is gone for good: its offers are rescinded, its tasks lost, and every framework hears of it.
  void remove_agent(const std::string& agent_id, const std::string& why, Now now, MasterEffects& out);

  // Always a 200 whose event stream is `stream`; returns its Mesos-Stream-Id. A refusal is an ERROR event on
  // it. The call has passed `codec::check_call`, here and in `call`.
  [[nodiscard]] std::string subscribe(const mesos::v1::scheduler::Call& call, StreamNumber stream, Now now,
                                      MasterEffects& out);
  // Any other call. An absent stream id is nullopt.
  [[nodiscard]] CallAnswer call(mesos::v1::scheduler::Call call, std::optional<std::string_view> stream_id,
                                Now now, MasterEffects& out);
  // The client has gone, or its stream was cut.
  void stream_closed(StreamNumber stream, Now now, MasterEffects& out);

  // From an agent: see ForwardUpdate.
  void update(const std::string& agent_id, const ForwardUpdate& update, Now now, MasterEffects& out);

  // Does what is due: heartbeats, allocation, removal of frameworks that did not come back.
  void tick(Now now, MasterEffects& out);
  [[nodiscard]] TimePoint next_deadline() const;

  [[nodiscard]] const MasterConfig& config() const noexcept { return config_; }
  [[nodiscard]] const std::map<std::string, Framework>& frameworks() const noexcept { return frameworks_; }
  [[nodiscard]] const std::map<std::string, AgentDescription>& agents() const noexcept { return agents_; }
  [[nodiscard]] const Offers& offers() const noexcept { return offers_; }
  [[nodiscard]] Resources free_of(const std::string& agent_id) const { return allocator_.free_of(agent_id); }

 private:
  using Call = mesos::v1::scheduler::Call;
  using Event = mesos::v1::scheduler::Event;

  // master_frameworks.cpp
  [[nodiscard]] std::optional<std::string> check_subscribe(const Call& call) const;
  Framework& adopt(const Call::Subscribe& subscribe, const std::string& id);
  [[nodiscard]] CallAnswer update_framework(Framework& framework, const Call::UpdateFramework& update,
                                            Now now, MasterEffects& out);
  void disconnect(Framework& framework, Now now);
  void remove_framework(const std::string& framework_id, Now now, MasterEffects& out);

  // master_offers.cpp
  void accept(Framework& framework, const Call::Accept& accept, Now now, MasterEffects& out);
  void decline(Framework& framework, const Call::Decline& decline, Now now);
  void launch(Framework& framework, const Allocation& offered, Resources& left,
              const mesos::v1::TaskInfo& task, Now now, MasterEffects& out);
  void refuse_operation(Framework& framework, const mesos::v1::Offer::Operation& operation,
                        mesos::v1::TaskStatus::Reason reason, const std::string& words, Now now,
                        MasterEffects& out) const;
  void allocate(Now now, MasterEffects& out);
  [[nodiscard]] mesos::v1::Offer make_offer(const OutstandingOffer& offer, const Framework& framework) const;
  // Takes the framework's offers back, all or those of one role; tells the framework of it when `rescind`.
  void take_back_offers(Framework& framework, std::optional<std::string> role, bool rescind, Now now,
                        MasterEffects& out);

  // master_tasks.cpp
  void kill(Framework& framework, const Call::Kill& kill, Now now, MasterEffects& out);
  void shutdown(Framework& framework, const Call::Shutdown& shutdown, MasterEffects& out);
  void acknowledge(Framework& framework, const Call::Acknowledge& acknowledge, MasterEffects& out);
  void reconcile(Framework& framework, const Call::Reconcile& reconcile, Now now, MasterEffects& out);
  void reconcile_task(Framework& framework, const std::string& task_id, const std::string& agent_id, Now now,
                      MasterEffects& out);
  void reconcile_operations(Framework& framework, const Call::ReconcileOperations& reconcile,
                            MasterEffects& out);
  void end_task(Framework& framework, Task& task, Now now);

  void send(const Framework& framework, Event event, MasterEffects& out) const;
  // TASK_LOST takes the place of the finer states for frameworks that do not know them.
  [[nodiscard]] static mesos::v1::TaskState aware(const Framework& framework, mesos::v1::TaskState state);

  MasterConfig config_;
  codec::UuidGenerator uuids_;
  Allocator allocator_;
  std::map<std::string, AgentDescription> agents_;
  std::map<std::string, Framework> frameworks_;
  Offers offers_;
  std::set<std::string> completed_;          // ids that can never subscribe again
  std::deque<std::string> completed_order_;  // the same, oldest first
  std::uint64_t next_framework_ = 0;
  std::uint64_t next_offer_ = 0;
  TimePoint next_allocation_ = TimePoint::max();
};

}  // namespace mesosio::local
