/// The driver of a framework's scheduler, named as in Mesos' own C++ library: the callback face of mesosio.
#pragma once

#include <mesosio/messages.hpp>
#include <mesosio/scheduler_config.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace mesosio {

class Scheduler;
class CallbackExecutor;

namespace driver {
class DriverCore;
}

/// What a scheduler may ask of its driver; abstract, so that tests of a scheduler can mock it.
///
/// **Results.** Each function gives the driver's status and does something only while that is
/// DRIVER_RUNNING (`start`, `stop` and `status` apart). DRIVER_RUNNING means that the call was taken, not
/// that it succeeded: what becomes of it comes as callbacks, a failure as `Scheduler::callFailed`.
///
/// **Thread safety.** All functions may be called from any thread, and from inside callbacks.
class SchedulerDriver {
 public:
  virtual ~SchedulerDriver() = default;

  /// Starts the driver: DRIVER_RUNNING. Arguments that cannot be right end it here: DRIVER_ABORTED, after
  /// `Scheduler::error` was called with what is wrong. A driver can be started once.
  virtual Status start() = 0;

  /// Ends the driver. With `failover` false the framework and all its tasks are ended at the master: a
  /// TEARDOWN goes out after the calls made before, and its answer is awaited for `timeouts.teardown` (5 s)
  /// at most. With `failover` true the framework stays known to the master until its `failover_timeout` has
  /// passed; calls made before are still sent. No callback begins after this. Gives DRIVER_STOPPED, or
  /// DRIVER_ABORTED where the driver was aborted before.
  virtual Status stop(bool failover = false) = 0;

  /// Ends the driver at once, without a word to the master: DRIVER_ABORTED. `error` is not called.
  virtual Status abort() = 0;

  /// Waits until the driver has ended (stopped, aborted, or being destroyed) and gives its status. Inside a
  /// callback it returns at once.
  virtual Status join() = 0;

  /// `start()` and then `join()`.
  virtual Status run() = 0;

  /// Asks for resources; the allocator of Mesos itself ignores it.
  virtual Status requestResources(const std::vector<Request>& requests) = 0;

  /// Launches tasks on offers of one agent; whatever they leave over is declined with `filters`, all of it
  /// where there are no tasks. While there is no subscription each task gets a TASK_DROPPED (frameworks with
  /// PARTITION_AWARE) or TASK_LOST with REASON_MASTER_DISCONNECTED, later and as a callback of its own.
  virtual Status launchTasks(const std::vector<OfferID>& offer_ids, const std::vector<TaskInfo>& tasks,
                             const Filters& filters = Filters()) = 0;

  /// The same for one offer.
  virtual Status launchTasks(const OfferID& offer_id, const std::vector<TaskInfo>& tasks,
                             const Filters& filters = Filters()) = 0;

  /// Kills a task; the outcome comes as an update.
  virtual Status killTask(const TaskID& task_id) = 0;

  /// Applies operations in order to offers of one agent. Tasks in it are treated as by `launchTasks`.
  virtual Status acceptOffers(const std::vector<OfferID>& offer_ids,
                              const std::vector<Offer::Operation>& operations,
                              const Filters& filters = Filters()) = 0;

  /// Gives an offer back; its resources are not offered again for the time that `filters` says (5 s).
  virtual Status declineOffer(const OfferID& offer_id, const Filters& filters = Filters()) = 0;

  /// Ends all filters and suppression, for all roles or for some (no roles: does nothing).
  virtual Status reviveOffers() = 0;
  virtual Status reviveOffers(const std::vector<std::string>& roles) = 0;

  /// Stops offers until they are revived, for all roles or for some (no roles: does nothing). Holds beyond a
  /// disconnection.
  virtual Status suppressOffers() = 0;
  virtual Status suppressOffers(const std::vector<std::string>& roles) = 0;

  /// Acknowledges an update, for drivers with explicit acknowledgements; with implicit ones it does nothing
  /// but log a warning. Does nothing for a status without a uuid, which needs no acknowledgement.
  virtual Status acknowledgeStatusUpdate(const TaskStatus& status) = 0;

  /// Sends bytes to a custom executor, at most once.
  virtual Status sendFrameworkMessage(const ExecutorID& executor_id, const AgentID& agent_id,
                                      const std::string& data) = 0;

  /// Asks for the states of these tasks (`task_id` and, where set, `agent_id` are used); of all if empty.
  virtual Status reconcileTasks(const std::vector<TaskStatus>& statuses) = 0;

  /// Replaces the framework's description and its suppressed roles (Mesos 1.9 and later), and its offer
  /// constraints: by none in the short form. Id, user, hostname and principal are filled in where they are
  /// empty. Holds beyond a disconnection once the master has taken it.
  virtual Status updateFramework(const FrameworkInfo& framework_info,
                                 const std::vector<std::string>& suppressed_roles) = 0;
  virtual Status updateFramework(const FrameworkInfo& framework_info,
                                 const std::vector<std::string>& suppressed_roles,
                                 const scheduler::OfferConstraints& offer_constraints) = 0;

  // What the v1 API added.

  /// Promises to give the resources of inverse offers back in time, or says that this will not be.
  virtual Status acceptInverseOffers(const std::vector<OfferID>& inverse_offer_ids,
                                     const Filters& filters = Filters()) = 0;
  virtual Status declineInverseOffers(const std::vector<OfferID>& inverse_offer_ids,
                                      const Filters& filters = Filters()) = 0;

  /// Kills a task on a known agent, which the master finds faster and also just after its failover; with a
  /// kill policy instead of the one given at launch.
  virtual Status killTask(const TaskID& task_id, const AgentID& agent_id) = 0;
  virtual Status killTask(const TaskID& task_id, const AgentID& agent_id, const KillPolicy& kill_policy) = 0;

  /// Ends a custom executor and all its tasks.
  virtual Status shutdownExecutor(const ExecutorID& executor_id, const AgentID& agent_id) = 0;

  /// As `acknowledgeStatusUpdate`, for operations.
  virtual Status acknowledgeOperationStatus(const OperationStatus& status) = 0;

  /// Asks for the states of these operations; of all if empty.
  virtual Status reconcileOperations(
      const std::vector<scheduler::Call::ReconcileOperations::Operation>& operations) = 0;

  /// Sends any call, as built by `mesosio::calls`.
  virtual Status sendCall(const scheduler::Call& call) = 0;

  /// Where the driver stands.
  [[nodiscard]] virtual Status status() const = 0;

  /// Writes a warning to the driver's log; what the defaults of `Scheduler` use. Default: nothing.
  virtual void warn(const std::string& text);
};

/// How a driver behaves towards its scheduler; how it connects is in `SchedulerConfig`.
struct DriverOptions {
  /// Whether the driver acknowledges each update when the callback has returned (the default, as in Mesos),
  /// or leaves that to `acknowledgeStatusUpdate` and `acknowledgeOperationStatus`.
  bool implicit_acknowledgements = true;

  /// Mesos delivers updates at least once. So many updates whose acknowledgement was sent are remembered;
  /// when one comes again it is acknowledged again and not delivered again. Default 10,000, which is about
  /// 1 MiB; 0 delivers every update that comes.
  std::size_t remembered_acknowledgements = 10'000;

  /// Where callbacks and all else run, from `callbacks_on()` in <mesosio/scheduler_driver_asio.hpp>. Default:
  /// a thread of the driver's own.
  std::shared_ptr<const CallbackExecutor> executor;
};

/// The driver that talks to a Mesos master. One object is one run: once stopped or aborted it stays so.
///
/// **Missing values.** An empty `user` becomes the current user's name, an unset `hostname` that of this
/// machine, an unset `principal` that of the credential.
///
/// **Waiting.** `stop(false)` waits for the answer to TEARDOWN itself, unless it was called inside a callback
/// or the driver runs on a user's executor; then `join()` does. On a user's executor, `join()`, `run()` and
/// the destructor must not be called where they would keep that executor from running.
///
/// **Destruction.** Ends the driver without TEARDOWN (as `stop(true)`, at once) if it runs, waits for a
/// callback that is running and for a `stop` that is not finished, and wakes who waits in `join()` or
/// `run()`. Inside a callback it waits for nothing: no callback and no implicit acknowledgement follows, and
/// what is left to do is done behind it. `scheduler` must live until the driver is destroyed; a user's
/// executor and its context longer.
class MesosSchedulerDriver : public SchedulerDriver {
 public:
  /// As in Mesos' library. `master` is `host:port` or what else `SchedulerConfig::master` may be. Warnings
  /// and errors are written to standard error, as Mesos' library does; for another log, or none, use the
  /// constructor that takes a `SchedulerConfig`.
  MesosSchedulerDriver(Scheduler* scheduler, const FrameworkInfo& framework, const std::string& master);
  MesosSchedulerDriver(Scheduler* scheduler, const FrameworkInfo& framework, const std::string& master,
                       bool implicit_acknowledgements);
  MesosSchedulerDriver(Scheduler* scheduler, const FrameworkInfo& framework, const std::string& master,
                       const Credential& credential);
  MesosSchedulerDriver(Scheduler* scheduler, const FrameworkInfo& framework, const std::string& master,
                       bool implicit_acknowledgements, const Credential& credential);
  MesosSchedulerDriver(Scheduler* scheduler, const FrameworkInfo& framework,
                       const std::vector<std::string>& suppressed_roles, const std::string& master,
                       bool implicit_acknowledgements, const Credential& credential);

  /// With everything that can be configured. `receive_mode` is ignored. Nothing is done before `start()`.
  MesosSchedulerDriver(Scheduler* scheduler, SchedulerConfig config, DriverOptions options = {});

  ~MesosSchedulerDriver() override;
  MesosSchedulerDriver(const MesosSchedulerDriver&) = delete;
  MesosSchedulerDriver& operator=(const MesosSchedulerDriver&) = delete;

  Status start() override;
  Status stop(bool failover = false) override;
  Status abort() override;
  Status join() override;
  Status run() override;

  Status requestResources(const std::vector<Request>& requests) override;
  Status launchTasks(const std::vector<OfferID>& offer_ids, const std::vector<TaskInfo>& tasks,
                     const Filters& filters = Filters()) override;
  Status launchTasks(const OfferID& offer_id, const std::vector<TaskInfo>& tasks,
                     const Filters& filters = Filters()) override;
  Status killTask(const TaskID& task_id) override;
  Status acceptOffers(const std::vector<OfferID>& offer_ids, const std::vector<Offer::Operation>& operations,
                      const Filters& filters = Filters()) override;
  Status declineOffer(const OfferID& offer_id, const Filters& filters = Filters()) override;
  Status reviveOffers() override;
  Status reviveOffers(const std::vector<std::string>& roles) override;
  Status suppressOffers() override;
  Status suppressOffers(const std::vector<std::string>& roles) override;
  Status acknowledgeStatusUpdate(const TaskStatus& status) override;
  Status sendFrameworkMessage(const ExecutorID& executor_id, const AgentID& agent_id,
                              const std::string& data) override;
  Status reconcileTasks(const std::vector<TaskStatus>& statuses) override;
  Status updateFramework(const FrameworkInfo& framework_info,
                         const std::vector<std::string>& suppressed_roles) override;
  Status updateFramework(const FrameworkInfo& framework_info,
                         const std::vector<std::string>& suppressed_roles,
                         const scheduler::OfferConstraints& offer_constraints) override;

  Status acceptInverseOffers(const std::vector<OfferID>& inverse_offer_ids,
                             const Filters& filters = Filters()) override;
  Status declineInverseOffers(const std::vector<OfferID>& inverse_offer_ids,
                              const Filters& filters = Filters()) override;
  Status killTask(const TaskID& task_id, const AgentID& agent_id) override;
  Status killTask(const TaskID& task_id, const AgentID& agent_id, const KillPolicy& kill_policy) override;
  Status shutdownExecutor(const ExecutorID& executor_id, const AgentID& agent_id) override;
  Status acknowledgeOperationStatus(const OperationStatus& status) override;
  Status reconcileOperations(
      const std::vector<scheduler::Call::ReconcileOperations::Operation>& operations) override;
  Status sendCall(const scheduler::Call& call) override;

  [[nodiscard]] Status status() const override;
  void warn(const std::string& text) override;

 private:
  const std::shared_ptr<driver::DriverCore> core_;
};

}  // namespace mesosio
