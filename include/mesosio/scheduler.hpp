/// The callback interface of a framework's scheduler, named as in Mesos' own C++ library.
#pragma once

#include <mesosio/call_result.hpp>
#include <mesosio/messages.hpp>
#include <mesosio/scheduler_event.hpp>

#include <string>
#include <vector>

namespace mesosio {

class SchedulerDriver;

/// What a framework implements. The first ten functions are those of `mesos::Scheduler`, letter for letter,
/// with v1 messages; those after them are what the v1 API and this library add, and have defaults that lose
/// nothing.
///
/// **Order.** Callbacks run one at a time, in the order of what the master sent, on the driver's own thread
/// or on the executor that it was given. A callback that takes long keeps the next one waiting; the driver
/// then stops reading, and the master is not held for dead meanwhile.
///
/// **Lifetime.** References are valid until the callback returns. `driver` is the driver that calls, the same
/// in each; every function of it may be called from a callback, and it may be destroyed there.
///
/// **Exceptions.** One that leaves a callback aborts the driver: the status becomes DRIVER_ABORTED, and
/// `error` is called with its text. It never ends the process.
class Scheduler {
 public:
  virtual ~Scheduler() = default;

  /// The driver object's first subscription holds; calls can be made from here on. Also called for a
  /// framework that subscribes with an id it had before. `master_info` is empty with masters before
  /// Mesos 1.1.
  virtual void registered(SchedulerDriver* driver, const FrameworkID& framework_id,
                          const MasterInfo& master_info) = 0;

  /// A later subscription of the same driver object holds, at the same or another master.
  virtual void reregistered(SchedulerDriver* driver, const MasterInfo& master_info) = 0;

  /// The subscription has ended; the driver subscribes again. Offers held from before are void, tasks run on.
  virtual void disconnected(SchedulerDriver* driver) = 0;

  /// Resources that can be used now. Each offer is to be answered: by launchTasks, acceptOffers or
  /// declineOffer.
  virtual void resourceOffers(SchedulerDriver* driver, const std::vector<Offer>& offers) = 0;

  /// An offer no longer holds; using it leads to TASK_LOST or TASK_DROPPED.
  virtual void offerRescinded(SchedulerDriver* driver, const OfferID& offer_id) = 0;

  /// A task's state has changed, or was asked for. Comes at least once for each state: again if it could not
  /// be acknowledged. With implicit acknowledgements the driver acknowledges when this function has returned,
  /// unless it stopped, aborted or destroyed the driver.
  virtual void statusUpdate(SchedulerDriver* driver, const TaskStatus& status) = 0;

  /// Bytes from a custom executor; delivered at most once.
  virtual void frameworkMessage(SchedulerDriver* driver, const ExecutorID& executor_id,
                                const AgentID& agent_id, const std::string& data) = 0;

  /// An agent is lost; the updates of its tasks tell their states.
  virtual void slaveLost(SchedulerDriver* driver, const AgentID& agent_id) = 0;

  /// A custom executor has ended. `status` is in the form of waitpid(2).
  virtual void executorLost(SchedulerDriver* driver, const ExecutorID& executor_id, const AgentID& agent_id,
                            int status) = 0;

  /// The driver has ended for good; its status is DRIVER_ABORTED already. `message` is the master's own text
  /// (untrusted, as it came) for an ERROR event, else ours: a refusal that cannot pass, bad arguments of the
  /// driver (then called inside `start()`, on its thread), or an exception out of a callback. The last
  /// callback.
  virtual void error(SchedulerDriver* driver, const std::string& message) = 0;

  /// The master asks for resources back, for maintenance. Default: nothing; an inverse offer may be left
  /// unanswered.
  virtual void inverseOffers(SchedulerDriver* driver, const std::vector<InverseOffer>& offers);

  /// An inverse offer no longer holds. Default: nothing.
  virtual void inverseOfferRescinded(SchedulerDriver* driver, const OfferID& inverse_offer_id);

  /// The state of an operation that was given an id. Acknowledged as `statusUpdate` is. Default: a warning
  /// in the log of the driver if the operation did not succeed.
  virtual void operationStatusUpdate(SchedulerDriver* driver, const OperationStatus& status);

  /// The master is alive. Default: nothing; the driver itself watches the heartbeats.
  virtual void heartbeat(SchedulerDriver* driver);

  /// A call that a function of the driver took has failed afterwards: refused, not sent, or with an unknown
  /// outcome, as `result` says. Tasks of a launch that was not sent because there was no subscription get a
  /// `statusUpdate` besides. Default: a warning in the log of the driver.
  virtual void callFailed(SchedulerDriver* driver, const scheduler::Call& call, const CallResult& result);

  /// The master sent something that this version does not know, or that is not a message. Default: a warning
  /// in the log of the driver.
  virtual void undecodedEvent(SchedulerDriver* driver, const UndecodedEvent& event);
};

}  // namespace mesosio
