// A framework on the Asio face, with C++20 coroutines: runs a few tasks and leaves when all have ended.
#include <mesosio/scheduler_calls.hpp>
#include <mesosio/scheduler_client.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <iostream>
#include <set>

namespace asio = boost::asio;
using namespace mesosio;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t wanted = 3;

Resource scalar(const std::string& name, double value) {
  Resource resource;
  resource.set_name(name);
  resource.set_type(Value::SCALAR);
  resource.mutable_scalar()->set_value(value);
  return resource;
}

class Framework {
 public:
  explicit Framework(SchedulerClient& client) : client_(client) {}

  bool succeeded() const { return finished_ == wanted; }

  // Takes one thing after the other; the client reads on from the master while this works.
  asio::awaitable<void> receive() {
    for (;;) {
      auto [error, received] = co_await client_.async_receive(as_result);
      if (error) co_return;  // the run has ended
      if (const auto* event = std::get_if<SchedulerEvent>(&received)) {
        co_await handle(**event);
      } else if (const auto* lost = std::get_if<Disconnected>(&received)) {
        std::cout << "disconnected: " << lost->cause.to_string() << std::endl;
      }
    }
  }

 private:
  asio::awaitable<void> handle(const scheduler::Event& event) {
    if (event.type() == scheduler::Event::SUBSCRIBED) {
      std::cout << "subscribed as " << event.subscribed().framework_id().value() << std::endl;
    } else if (event.type() == scheduler::Event::OFFERS) {
      for (const Offer& offer : event.offers().offers()) co_await use(offer);
    } else if (event.type() == scheduler::Event::UPDATE) {
      co_await update(event.update().status());
    }
  }

  asio::awaitable<void> use(const Offer& offer) {
    double cpus = 0;
    for (const Resource& resource : offer.resources()) {
      if (resource.name() == "cpus") cpus += resource.scalar().value();
    }
    std::vector<TaskInfo> tasks;
    for (; launched_ < wanted && cpus >= 0.1; cpus -= 0.1) tasks.push_back(task(offer, ++launched_));
    const std::vector<OfferID> ids(1, offer.id());
    if (tasks.empty()) {
      co_await call(calls::decline(ids, calls::filters(std::chrono::hours(1))));
    } else {
      const std::vector<Offer::Operation> all(1, operations::launch(std::move(tasks)));
      co_await call(calls::accept(ids, all));
    }
  }

  asio::awaitable<void> update(const TaskStatus& status) {
    std::cout << status.task_id().value() << ": " << TaskState_Name(status.state()) << std::endl;
    // The agent repeats an update, and holds back the task's next one, until this is said.
    if (auto acknowledge = calls::acknowledge(status)) co_await call(std::move(*acknowledge));
    if (status.state() == TASK_STARTING || status.state() == TASK_RUNNING) co_return;
    const bool first = ended_.insert(status.task_id().value()).second;
    if (first && status.state() == TASK_FINISHED) ++finished_;
    if (ended_.size() == wanted) co_await call(calls::teardown());
  }

  asio::awaitable<void> call(scheduler::Call call) {
    auto [error, result] = co_await client_.async_call(std::move(call), as_result);
    if (error) std::cerr << "a call failed: " << result.error.to_string() << std::endl;
  }

  static TaskInfo task(const Offer& offer, std::size_t number) {
    TaskInfo task;
    task.set_name("coroutine");
    task.mutable_task_id()->set_value("task-" + std::to_string(number));
    *task.mutable_agent_id() = offer.agent_id();
    task.mutable_command()->set_value("echo hello from task " + std::to_string(number));
    *task.add_resources() = scalar("cpus", 0.1);
    return task;
  }

  SchedulerClient& client_;
  std::size_t launched_ = 0;
  std::size_t finished_ = 0;
  std::set<std::string> ended_;
};

asio::awaitable<void> run(SchedulerClient& client) {
  // Ends without an error after the TEARDOWN.
  auto [error] = co_await client.async_run(as_result);
  if (error) std::cerr << "the run has ended: " << client.run_error().to_string() << std::endl;
}

void rethrow(std::exception_ptr exception) {
  if (exception) std::rethrow_exception(std::move(exception));
}

}  // namespace

int main(int argc, char** argv) {
  SchedulerConfig config;
  config.master = argc > 1 ? argv[1] : "127.0.0.1:5050";
  config.framework.set_name("coroutines");
  config.framework.set_user(argc > 2 ? argv[2] : "root");  // runs the tasks on the agents
  config.framework.set_failover_timeout(60);

  asio::io_context context(1);
  SchedulerClient client(context, std::move(config));
  Framework framework(client);
  asio::co_spawn(context, run(client), rethrow);
  asio::co_spawn(context, framework.receive(), rethrow);
  context.run();
  return framework.succeeded() ? 0 : 1;
}
