// The driver's functions as calls: each is built here and handed to the core.
#include "driver/client_backend.hpp"
#include "driver/driver_core.hpp"

#include <mesosio/scheduler_calls.hpp>
#include <mesosio/scheduler_driver.hpp>

#include <spdlog/sinks/stdout_sinks.h>

#include <optional>
#include <utility>

namespace mesosio {
namespace {

// For who gave no logger because his constructor takes none: a master that cannot be reached must not be
// silence. Of this driver alone, not registered with spdlog.
std::shared_ptr<spdlog::logger> stderr_logger() {
  auto logger =
      std::make_shared<spdlog::logger>("mesosio", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_level(spdlog::level::warn);
  return logger;
}

SchedulerConfig make_config(const FrameworkInfo& framework, const std::string& master,
                            std::optional<Credential> credential = {},
                            std::vector<std::string> suppressed_roles = {}) {
  SchedulerConfig config;
  config.master = master;
  config.framework = framework;
  config.credential = std::move(credential);
  config.suppressed_roles = std::move(suppressed_roles);
  config.logger = stderr_logger();
  return config;
}

DriverOptions make_options(bool implicit_acknowledgements) {
  DriverOptions options;
  options.implicit_acknowledgements = implicit_acknowledgements;
  return options;
}

}  // namespace

MesosSchedulerDriver::MesosSchedulerDriver(Scheduler* scheduler, const FrameworkInfo& framework,
                                           const std::string& master)
    : MesosSchedulerDriver(scheduler, make_config(framework, master)) {}

MesosSchedulerDriver::MesosSchedulerDriver(Scheduler* scheduler, const FrameworkInfo& framework,
                                           const std::string& master, bool implicit_acknowledgements)
    : MesosSchedulerDriver(scheduler, make_config(framework, master),
                           make_options(implicit_acknowledgements)) {}

MesosSchedulerDriver::MesosSchedulerDriver(Scheduler* scheduler, const FrameworkInfo& framework,
                                           const std::string& master, const Credential& credential)
    : MesosSchedulerDriver(scheduler, make_config(framework, master, credential)) {}

MesosSchedulerDriver::MesosSchedulerDriver(Scheduler* scheduler, const FrameworkInfo& framework,
                                           const std::string& master, bool implicit_acknowledgements,
                                           const Credential& credential)
    : MesosSchedulerDriver(scheduler, make_config(framework, master, credential),
                           make_options(implicit_acknowledgements)) {}

MesosSchedulerDriver::MesosSchedulerDriver(Scheduler* scheduler, const FrameworkInfo& framework,
                                           const std::vector<std::string>& suppressed_roles,
                                           const std::string& master, bool implicit_acknowledgements,
                                           const Credential& credential)
    : MesosSchedulerDriver(scheduler, make_config(framework, master, credential, suppressed_roles),
                           make_options(implicit_acknowledgements)) {}

MesosSchedulerDriver::MesosSchedulerDriver(Scheduler* scheduler, SchedulerConfig config,
                                           DriverOptions options)
    : core_(std::make_shared<driver::DriverCore>(scheduler, this, std::move(config), std::move(options),
                                                 &driver::make_client_backend)) {}

MesosSchedulerDriver::~MesosSchedulerDriver() {
  core_->destroy();
}

// The first five may outlive this object, which a callback or another thread destroys meanwhile: they use
// their own reference to the core.
Status MesosSchedulerDriver::start() {
  const auto core = core_;
  return core->start();
}

Status MesosSchedulerDriver::stop(bool failover) {
  const auto core = core_;
  return core->stop(failover);
}

Status MesosSchedulerDriver::abort() {
  const auto core = core_;
  return core->abort();
}

Status MesosSchedulerDriver::join() {
  const auto core = core_;
  return core->join();
}

Status MesosSchedulerDriver::run() {
  const auto core = core_;
  const Status status = core->start();
  return status == DRIVER_RUNNING ? core->join() : status;
}

Status MesosSchedulerDriver::requestResources(const std::vector<Request>& requests) {
  return core_->send(calls::request(requests));
}

Status MesosSchedulerDriver::launchTasks(const std::vector<OfferID>& offer_ids,
                                         const std::vector<TaskInfo>& tasks, const Filters& filters) {
  std::vector<Offer::Operation> operations;
  if (!tasks.empty()) operations.push_back(operations::launch(tasks));
  return core_->send(calls::accept(offer_ids, std::move(operations), filters));
}

Status MesosSchedulerDriver::launchTasks(const OfferID& offer_id, const std::vector<TaskInfo>& tasks,
                                         const Filters& filters) {
  return launchTasks(std::vector<OfferID>{offer_id}, tasks, filters);
}

Status MesosSchedulerDriver::killTask(const TaskID& task_id) {
  return core_->send(calls::kill(task_id));
}

Status MesosSchedulerDriver::acceptOffers(const std::vector<OfferID>& offer_ids,
                                          const std::vector<Offer::Operation>& operations,
                                          const Filters& filters) {
  return core_->send(calls::accept(offer_ids, operations, filters));
}

Status MesosSchedulerDriver::declineOffer(const OfferID& offer_id, const Filters& filters) {
  return core_->send(calls::decline({offer_id}, filters));
}

Status MesosSchedulerDriver::reviveOffers() {
  return core_->send(calls::revive());
}

// No roles here means none, where no roles in the call mean all of them.
Status MesosSchedulerDriver::reviveOffers(const std::vector<std::string>& roles) {
  return roles.empty() ? status() : core_->send(calls::revive(roles));
}

Status MesosSchedulerDriver::suppressOffers() {
  return core_->send(calls::suppress());
}

Status MesosSchedulerDriver::suppressOffers(const std::vector<std::string>& roles) {
  return roles.empty() ? status() : core_->send(calls::suppress(roles));
}

Status MesosSchedulerDriver::acknowledgeStatusUpdate(const TaskStatus& status) {
  return core_->acknowledge(calls::acknowledge(status));
}

Status MesosSchedulerDriver::sendFrameworkMessage(const ExecutorID& executor_id, const AgentID& agent_id,
                                                  const std::string& data) {
  return core_->send(calls::message(agent_id, executor_id, data));
}

Status MesosSchedulerDriver::reconcileTasks(const std::vector<TaskStatus>& statuses) {
  std::vector<scheduler::Call::Reconcile::Task> tasks(statuses.size());
  for (std::size_t at = 0; at < statuses.size(); ++at) {
    *tasks[at].mutable_task_id() = statuses[at].task_id();
    if (statuses[at].has_agent_id()) *tasks[at].mutable_agent_id() = statuses[at].agent_id();
  }
  return core_->send(calls::reconcile(std::move(tasks)));
}

Status MesosSchedulerDriver::updateFramework(const FrameworkInfo& framework_info,
                                             const std::vector<std::string>& suppressed_roles) {
  return core_->update_framework(calls::update_framework(framework_info, suppressed_roles));
}

Status MesosSchedulerDriver::updateFramework(const FrameworkInfo& framework_info,
                                             const std::vector<std::string>& suppressed_roles,
                                             const scheduler::OfferConstraints& offer_constraints) {
  return core_->update_framework(
      calls::update_framework(framework_info, suppressed_roles, offer_constraints));
}

Status MesosSchedulerDriver::acceptInverseOffers(const std::vector<OfferID>& inverse_offer_ids,
                                                 const Filters& filters) {
  return core_->send(calls::accept_inverse_offers(inverse_offer_ids, filters));
}

Status MesosSchedulerDriver::declineInverseOffers(const std::vector<OfferID>& inverse_offer_ids,
                                                  const Filters& filters) {
  return core_->send(calls::decline_inverse_offers(inverse_offer_ids, filters));
}

Status MesosSchedulerDriver::killTask(const TaskID& task_id, const AgentID& agent_id) {
  return core_->send(calls::kill(task_id, agent_id));
}

Status MesosSchedulerDriver::killTask(const TaskID& task_id, const AgentID& agent_id,
                                      const KillPolicy& kill_policy) {
  return core_->send(calls::kill(task_id, agent_id, kill_policy));
}

Status MesosSchedulerDriver::shutdownExecutor(const ExecutorID& executor_id, const AgentID& agent_id) {
  return core_->send(calls::shutdown(executor_id, agent_id));
}

Status MesosSchedulerDriver::acknowledgeOperationStatus(const OperationStatus& status) {
  return core_->acknowledge(calls::acknowledge_operation_status(status));
}

Status MesosSchedulerDriver::reconcileOperations(
    const std::vector<scheduler::Call::ReconcileOperations::Operation>& operations) {
  return core_->send(calls::reconcile_operations(operations));
}

Status MesosSchedulerDriver::sendCall(const scheduler::Call& call) {
  return core_->send(call);
}

Status MesosSchedulerDriver::status() const {
  return core_->status();
}

void MesosSchedulerDriver::warn(const std::string& text) {
  core_->warn(text);
}

}  // namespace mesosio
