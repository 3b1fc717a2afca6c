// A whole framework on the callback face: runs one task on a Mesos master, waits for its end, and leaves.
#include <mesosio/scheduler.hpp>
#include <mesosio/scheduler_driver.hpp>

#include <iostream>

using namespace mesosio;

class HelloScheduler : public Scheduler {
 public:
  bool finished() const { return finished_; }

  void registered(SchedulerDriver*, const FrameworkID& id, const MasterInfo&) override {
    std::cout << "registered as " << id.value() << std::endl;
  }

  void resourceOffers(SchedulerDriver* driver, const std::vector<Offer>& offers) override {
    for (const Offer& offer : offers) {
      std::vector<TaskInfo> tasks;
      if (!launched_ && offered(offer, "cpus") >= 0.1 && offered(offer, "mem") >= 32) {
        tasks.push_back(hello_task(offer));
        launched_ = true;
      }
      driver->launchTasks(offer.id(), tasks);  // what the tasks leave over is declined
    }
  }

  void statusUpdate(SchedulerDriver* driver, const TaskStatus& status) override {
    std::cout << status.task_id().value() << ": " << TaskState_Name(status.state()) << std::endl;
    const TaskState state = status.state();
    if (state == TASK_STAGING || state == TASK_STARTING || state == TASK_RUNNING) return;
    finished_ = state == TASK_FINISHED;
    driver->stop();  // removes the framework; with true it could come back
  }

  void error(SchedulerDriver*, const std::string& message) override {
    std::cerr << "the driver has ended: " << message << std::endl;
  }

  void reregistered(SchedulerDriver*, const MasterInfo&) override {}
  void disconnected(SchedulerDriver*) override {}
  void offerRescinded(SchedulerDriver*, const OfferID&) override {}
  void frameworkMessage(SchedulerDriver*, const ExecutorID&, const AgentID&, const std::string&) override {}
  void slaveLost(SchedulerDriver*, const AgentID&) override {}
  void executorLost(SchedulerDriver*, const ExecutorID&, const AgentID&, int) override {}

 private:
  static double offered(const Offer& offer, const std::string& name) {
    double sum = 0;
    for (const Resource& resource : offer.resources()) {
      if (resource.name() == name) sum += resource.scalar().value();
    }
    return sum;
  }

  static void add_scalar(TaskInfo& task, const std::string& name, double value) {
    Resource& resource = *task.add_resources();
    resource.set_name(name);
    resource.set_type(Value::SCALAR);
    resource.mutable_scalar()->set_value(value);
  }

  static TaskInfo hello_task(const Offer& offer) {
    TaskInfo task;
    task.set_name("hello");
    task.mutable_task_id()->set_value("hello-1");
    *task.mutable_agent_id() = offer.agent_id();
    task.mutable_command()->set_value("echo hello");
    add_scalar(task, "cpus", 0.1);
    add_scalar(task, "mem", 32);
    return task;
  }

  bool launched_ = false;
  bool finished_ = false;
};

int main(int argc, char** argv) {
  FrameworkInfo framework;
  framework.set_name("minimal");
  framework.set_failover_timeout(60);  // seconds for which tasks outlive a lost connection

  HelloScheduler scheduler;
  MesosSchedulerDriver driver(&scheduler, framework, argc > 1 ? argv[1] : "127.0.0.1:5050");
  driver.run();  // until stop(), or an error that cannot pass
  return scheduler.finished() ? 0 : 1;
}
