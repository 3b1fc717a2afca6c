// A cluster in this process and a framework that runs 50 short tasks on it, shown as it goes.
#include <mesosio/local/cluster.hpp>
#include <mesosio/scheduler.hpp>
#include <mesosio/scheduler_calls.hpp>
#include <mesosio/scheduler_driver.hpp>
#include <mesosio/scheduler_driver_asio.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <map>

using namespace mesosio;

namespace {

constexpr std::size_t task_count = 50;
constexpr double task_cpus = 0.5;

// Everything here runs on one thread: the driver's callbacks on the io_context of main, as the signals do.
class Demo : public Scheduler {
 public:
  explicit Demo(boost::asio::signal_set& signals) : signals_(signals) {}

  bool succeeded() { return states_[TASK_FINISHED] == task_count; }

  void registered(SchedulerDriver*, const FrameworkID& id, const MasterInfo&) override {
    std::cout << "framework " << id.value() << " runs " << task_count << " tasks" << std::endl;
  }

  void resourceOffers(SchedulerDriver* driver, const std::vector<Offer>& offers) override {
    for (const Offer& offer : offers) {
      agents_[offer.agent_id().value()] = offer.hostname();
      double cpus = 0;
      for (const Resource& resource : offer.resources()) {
        if (resource.name() == "cpus") cpus += resource.scalar().value();
      }
      std::vector<TaskInfo> tasks;
      for (; launched_ < task_count && cpus >= task_cpus; cpus -= task_cpus) {
        tasks.push_back(next_task(offer.agent_id()));
      }
      // What is left over may be offered again at once, as soon as there is more of it.
      driver->launchTasks(offer.id(), tasks, calls::filters(std::chrono::milliseconds(100)));
    }
    if (launched_ == task_count) driver->suppressOffers();
    show_progress();
  }

  void statusUpdate(SchedulerDriver* driver, const TaskStatus& status) override {
    const std::string& id = status.task_id().value();
    const std::string& agent = agents_[status.agent_id().value()];
    if (auto known = tasks_.find(id); known != tasks_.end()) --states_[known->second];
    tasks_[id] = status.state();
    ++states_[status.state()];
    if (!terminal_) {
      std::cout << id << ' ' << TaskState_Name(status.state()) << " on " << agent << std::endl;
    }
    const bool ended = status.state() != TASK_STARTING && status.state() != TASK_RUNNING;
    if (ended) ++ended_by_agent_[agent];
    if (ended) ++ended_;
    show_progress();
    if (ended_ == task_count) leave(driver);
  }

  void error(SchedulerDriver*, const std::string& message) override {
    std::cerr << "\nthe driver has ended: " << message << std::endl;
    signals_.cancel();
  }

  // Removes the framework, and with it the tasks that still run.
  void leave(SchedulerDriver* driver) {
    driver->stop();
    signals_.cancel();
  }

  void print_summary() const {
    const std::chrono::duration<double> took = Clock::now() - start_;
    std::printf("%s%zu of %zu tasks ended in %.1f s\n", terminal_ ? "\r\x1b[K" : "", ended_, task_count,
                took.count());
    for (const auto& [state, count] : states_) {
      if (count > 0) std::printf("  %-16s %3zu\n", TaskState_Name(state).c_str(), count);
    }
    for (const auto& [agent, count] : ended_by_agent_) std::printf("  on %-13s %3zu\n", agent.c_str(), count);
    std::fflush(stdout);
  }

  void reregistered(SchedulerDriver*, const MasterInfo&) override {}
  void disconnected(SchedulerDriver*) override {}
  void offerRescinded(SchedulerDriver*, const OfferID&) override {}
  void frameworkMessage(SchedulerDriver*, const ExecutorID&, const AgentID&, const std::string&) override {}
  void slaveLost(SchedulerDriver*, const AgentID&) override {}
  void executorLost(SchedulerDriver*, const ExecutorID&, const AgentID&, int) override {}

 private:
  using Clock = std::chrono::steady_clock;

  TaskInfo next_task(const AgentID& agent) {
    const std::size_t number = ++launched_;
    TaskInfo task;
    task.set_name("demo");
    task.mutable_task_id()->set_value("task-" + std::to_string(number));
    *task.mutable_agent_id() = agent;
    task.mutable_command()->set_value("sleep 0." + std::to_string(2 + number % 5));
    Resource& cpus = *task.add_resources();
    cpus.set_name("cpus");
    cpus.set_type(Value::SCALAR);
    cpus.mutable_scalar()->set_value(task_cpus);
    return task;
  }

  // One line, written over itself.
  void show_progress() {
    if (!terminal_) return;
    std::string bar(task_count, '.');
    bar.replace(0, ended_, ended_, '#');
    std::printf("\r\x1b[K[%s] %zu/%zu, running %zu", bar.c_str(), ended_, task_count, states_[TASK_RUNNING]);
    std::fflush(stdout);
  }

  boost::asio::signal_set& signals_;
  const bool terminal_ = ::isatty(STDOUT_FILENO) == 1;
  const Clock::time_point start_ = Clock::now();
  std::map<std::string, std::string> agents_;  // host names by agent id
  std::map<std::string, TaskState> tasks_;
  std::map<TaskState, std::size_t> states_;
  std::map<std::string, std::size_t> ended_by_agent_;
  std::size_t launched_ = 0;
  std::size_t ended_ = 0;
};

}  // namespace

int main() {
  local::ClusterConfig cluster_config;
  cluster_config.agents = 2;
  cluster_config.agent_configs = {{"cpus:2;mem:1024", "agent-one", ""}, {"cpus:2;mem:1024", "agent-two", ""}};
  local::Cluster cluster(cluster_config);
  if (const Error error = cluster.start()) {
    std::cerr << error.to_string() << std::endl;
    return 1;
  }
  std::cout << "master at " << cluster.url() << " with 2 agents" << std::endl;

  boost::asio::io_context context(1);
  boost::asio::signal_set signals(context, SIGINT, SIGTERM);
  Demo demo(signals);
  SchedulerConfig config;
  config.master = cluster.url();
  config.framework.set_name("demo");
  config.framework.set_failover_timeout(60);
  DriverOptions options;
  options.executor = callbacks_on(context.get_executor());
  MesosSchedulerDriver driver(&demo, config, options);

  signals.async_wait([&](const error_code& error, int) {
    if (!error) demo.leave(&driver);
  });
  driver.start();
  context.run();  // until the driver has ended
  demo.print_summary();
  return demo.succeeded() ? 0 : 1;
}
