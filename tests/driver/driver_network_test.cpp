// The whole driver over HTTP: what goes out and what comes in.
#include "driver/driver_fixture.hpp"

#include <mesosio/scheduler_driver_asio.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include <sstream>

namespace mesosio {
namespace {

using namespace ::testing;
using mesosio::testing::FakeAnswer;
using mesosio::testing::update;
using mesosio::testing::uuid;
using scheduler::Call;

using DriverNetwork = DriverFixture;

template <class Id>
Id make_id(const std::string& value) {
  Id id;
  id.set_value(value);
  return id;
}

TaskInfo make_task(const std::string& id) {
  TaskInfo task;
  task.set_name(id);
  *task.mutable_task_id() = make_id<TaskID>(id);
  *task.mutable_agent_id() = make_id<AgentID>("agent-1");
  return task;
}

TEST_F(DriverNetwork, SubscribesAndStops) {
  start_registered();
  const auto subscribe = master.wait_for(Call::SUBSCRIBE).call.subscribe();
  EXPECT_EQ(subscribe.framework_info().user(), "nobody");
  EXPECT_FALSE(subscribe.framework_info().hostname().empty());
  EXPECT_EQ(driver->status(), DRIVER_RUNNING);
  EXPECT_EQ(driver->stop(), DRIVER_STOPPED);
  // It has been sent and answered by now.
  EXPECT_EQ(master.count(Call::TEARDOWN), 1u);
  EXPECT_EQ(driver->join(), DRIVER_STOPPED);
  EXPECT_THAT(scheduler.lines(), ElementsAre("registered fake-0000"));
}

TEST_F(DriverNetwork, ConstructorsAreThoseOfMesos) {
  FrameworkInfo framework = config().framework;
  Credential credential;
  credential.set_principal("principal");
  credential.set_secret("secret");
  RecordingScheduler quiet;
  const auto run = [&](MesosSchedulerDriver& made) {
    RecordingScheduler* const target = &quiet;
    const std::size_t before = target->lines().size();
    ASSERT_EQ(made.start(), DRIVER_RUNNING);
    target->wait_for("registered", before + 1);
    ASSERT_EQ(made.stop(), DRIVER_STOPPED);
  };
  {
    MesosSchedulerDriver made(&quiet, framework, master.address());
    run(made);
    EXPECT_EQ(master.wait_for(Call::SUBSCRIBE, 1).header("Authorization"), "");
  }
  {
    MesosSchedulerDriver made(&quiet, framework, master.address(), false);
    run(made);
  }
  {
    MesosSchedulerDriver made(&quiet, framework, master.address(), credential);
    run(made);
    const auto request = master.wait_for(Call::SUBSCRIBE, 3);
    EXPECT_EQ(request.header("Authorization"), "Basic cHJpbmNpcGFsOnNlY3JldA==");
    EXPECT_EQ(request.call.subscribe().framework_info().principal(), "principal");
  }
  {
    MesosSchedulerDriver made(&quiet, framework, master.address(), true, credential);
    run(made);
  }
  {
    framework.add_roles("a");
    MesosSchedulerDriver made(&quiet, framework, {"a"}, "http://" + master.address(), true, credential);
    run(made);
    EXPECT_THAT(master.wait_for(Call::SUBSCRIBE, 5).call.subscribe().suppressed_roles(), ElementsAre("a"));
  }
}

TEST_F(DriverNetwork, EveryFunctionSendsItsCall) {
  DriverOptions options;
  options.implicit_acknowledgements = false;
  start_registered(options);
  const auto offer = make_id<OfferID>("offer");
  const auto task = make_id<TaskID>("task");
  const auto agent = make_id<AgentID>("agent-1");
  const auto executor = make_id<ExecutorID>("executor");
  KillPolicy policy;
  policy.mutable_grace_period()->set_nanoseconds(1);
  const TaskStatus status = update("task", TASK_RUNNING, uuid(1)).update().status();
  OperationStatus operation;
  operation.set_state(OPERATION_FINISHED);
  *operation.mutable_agent_id() = agent;
  operation.mutable_operation_id()->set_value("operation");
  operation.mutable_uuid()->set_value(uuid(2));

  const std::vector<Status> results{
      driver->requestResources({}),
      driver->launchTasks({offer}, {make_task("task")}),
      driver->launchTasks(offer, {}),
      driver->killTask(task),
      driver->acceptOffers({offer}, {operations::launch({make_task("other")})}),
      driver->declineOffer(offer),
      driver->reviveOffers(),
      driver->reviveOffers({"*"}),
      driver->suppressOffers(),
      driver->suppressOffers({"*"}),
      driver->acknowledgeStatusUpdate(status),
      driver->sendFrameworkMessage(executor, agent, "data"),
      driver->reconcileTasks({status}),
      driver->updateFramework(config().framework, {}),
      driver->updateFramework(config().framework, {}, scheduler::OfferConstraints()),
      driver->acceptInverseOffers({offer}),
      driver->declineInverseOffers({offer}),
      driver->killTask(task, agent),
      driver->killTask(task, agent, policy),
      driver->shutdownExecutor(executor, agent),
      driver->acknowledgeOperationStatus(operation),
      driver->reconcileOperations({}),
      driver->sendCall(calls::reconcile()),
  };
  EXPECT_THAT(results, Each(DRIVER_RUNNING));
  master.wait_for(Call::RECONCILE, 2);
  std::vector<Call::Type> types;
  for (const Call& call : master.calls()) types.push_back(call.type());
  EXPECT_THAT(types, ElementsAreArray({Call::SUBSCRIBE,
                                       Call::REQUEST,
                                       Call::ACCEPT,
                                       Call::ACCEPT,
                                       Call::KILL,
                                       Call::ACCEPT,
                                       Call::DECLINE,
                                       Call::REVIVE,
                                       Call::REVIVE,
                                       Call::SUPPRESS,
                                       Call::SUPPRESS,
                                       Call::ACKNOWLEDGE,
                                       Call::MESSAGE,
                                       Call::RECONCILE,
                                       Call::UPDATE_FRAMEWORK,
                                       Call::UPDATE_FRAMEWORK,
                                       Call::ACCEPT_INVERSE_OFFERS,
                                       Call::DECLINE_INVERSE_OFFERS,
                                       Call::KILL,
                                       Call::KILL,
                                       Call::SHUTDOWN,
                                       Call::ACKNOWLEDGE_OPERATION_STATUS,
                                       Call::RECONCILE_OPERATIONS,
                                       Call::RECONCILE}));
  const auto all = master.calls();
  for (const Call& call : all) {
    EXPECT_EQ(call.framework_id().value(), call.type() == Call::SUBSCRIBE ? "" : "fake-0000");
  }
  EXPECT_EQ(all[2].accept().operations_size(), 1);
  EXPECT_EQ(all[3].accept().operations_size(), 0);
  EXPECT_EQ(all[13].reconcile().tasks(0).agent_id().value(), "agent-1");
  EXPECT_EQ(all[19].kill().kill_policy().grace_period().nanoseconds(), 1);
  EXPECT_EQ(driver->reviveOffers(std::vector<std::string>()), DRIVER_RUNNING);
  driver->stop();
  EXPECT_EQ(driver->reviveOffers(), DRIVER_STOPPED);
  EXPECT_THAT(scheduler.lines(), ElementsAre("registered fake-0000"));
}

TEST_F(DriverNetwork, UpdatesAreDeliveredOnceAndAcknowledgedEachTime) {
  start_registered();
  master.send(update("task", TASK_RUNNING, uuid(1)));
  master.send(update("task", TASK_RUNNING, uuid(1)));
  master.send(update("task", TASK_FINISHED, uuid(2)));
  master.wait_for(Call::ACKNOWLEDGE, 3);
  EXPECT_THAT(scheduler.lines(), ElementsAre("registered fake-0000", "statusUpdate task TASK_RUNNING",
                                             "statusUpdate task TASK_FINISHED"));
}

TEST_F(DriverNetwork, ReregistersAfterADisconnection) {
  start_registered();
  master.drop_stream();
  scheduler.wait_for("reregistered");
  master.end_stream();
  scheduler.wait_for("reregistered", 2);
  EXPECT_THAT(scheduler.lines(), ElementsAre("registered fake-0000", "disconnected", "reregistered",
                                             "disconnected", "reregistered"));
}

TEST_F(DriverNetwork, ARefusedCallReachesCallFailed) {
  start_registered();
  FakeAnswer refusal;
  refusal.status = 400;
  refusal.body = "no such role";
  master.answer_next(Call::SUPPRESS, refusal);
  EXPECT_EQ(driver->suppressOffers(), DRIVER_RUNNING);
  EXPECT_EQ(scheduler.wait_for("callFailed"), "callFailed SUPPRESS refused");
}

TEST_F(DriverNetwork, AnErrorEventAborts) {
  start_registered();
  Status joined = DRIVER_NOT_STARTED;
  std::thread joiner([&] { joined = driver->join(); });
  master.send(mesosio::testing::error("Framework failed over"));
  joiner.join();
  EXPECT_EQ(joined, DRIVER_ABORTED);
  EXPECT_THAT(scheduler.lines(), ElementsAre("registered fake-0000", "error Framework failed over"));
}

TEST_F(DriverNetwork, RunGivesTheRefusal) {
  FakeAnswer refusal;
  refusal.status = 401;
  master.answer_all(refusal);
  MesosSchedulerDriver refused(&scheduler, config());
  EXPECT_EQ(refused.run(), DRIVER_ABORTED);
  EXPECT_THAT(scheduler.lines(), ElementsAre(StartsWith("error ")));
}

TEST_F(DriverNetwork, TasksLaunchedBeforeTheSubscriptionAreLost) {
  FakeAnswer held;
  held.kind = FakeAnswer::Kind::hold;
  master.answer_next(Call::SUBSCRIBE, held);
  start();
  driver->launchTasks(make_id<OfferID>("offer"), {make_task("1"), make_task("2")});
  scheduler.wait_for("statusUpdate", 2);
  EXPECT_THAT(scheduler.lines(), ElementsAre("callFailed ACCEPT not_subscribed", "statusUpdate 1 TASK_LOST",
                                             "statusUpdate 2 TASK_LOST"));
  EXPECT_EQ(master.count(Call::ACCEPT), 0u);
  EXPECT_EQ(driver->stop(), DRIVER_STOPPED);
  EXPECT_EQ(master.count(Call::TEARDOWN), 0u);
}

TEST_F(DriverNetwork, AcknowledgementsAreNeverDroppedForAFullQueue) {
  SchedulerConfig small = config();
  small.limits.max_queued_calls = 2;
  small.limits.max_pipelined_calls = 1;
  start(small);
  scheduler.wait_for("registered");
  constexpr std::uint32_t updates = 300;
  for (std::uint32_t number = 0; number < updates; ++number) {
    master.send(update("task " + std::to_string(number), TASK_RUNNING, uuid(number)));
  }
  master.wait_for(Call::ACKNOWLEDGE, updates);
  std::vector<std::string> expected{"registered fake-0000"};
  for (std::uint32_t number = 0; number < updates; ++number) {
    expected.push_back("statusUpdate task " + std::to_string(number) + " TASK_RUNNING");
  }
  EXPECT_THAT(scheduler.lines(), ElementsAreArray(expected));
}

TEST_F(DriverNetwork, StopWaitsForTeardownNoLongerThanItMay) {
  SchedulerConfig impatient = config();
  impatient.timeouts.teardown = std::chrono::milliseconds(50);
  std::ostringstream log;
  impatient.logger =
      std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log));
  start(impatient);
  scheduler.wait_for("registered");
  FakeAnswer held;
  held.kind = FakeAnswer::Kind::hold;
  master.answer_next(Call::TEARDOWN, held);
  EXPECT_EQ(driver->stop(), DRIVER_STOPPED);
  EXPECT_EQ(driver->join(), DRIVER_STOPPED);
  driver.reset();
  EXPECT_THAT(log.str(), HasSubstr("remains at the master"));
}

TEST_F(DriverNetwork, StopWithFailoverStillSendsWhatWasMade) {
  start_registered();
  for (int count = 0; count < 50; ++count) driver->reviveOffers();
  EXPECT_EQ(driver->stop(true), DRIVER_STOPPED);
  EXPECT_EQ(driver->join(), DRIVER_STOPPED);
  EXPECT_EQ(master.count(Call::REVIVE), 50u);
  EXPECT_EQ(master.count(Call::TEARDOWN), 0u);
}

TEST_F(DriverNetwork, RunsOnTheUsersExecutor) {
  boost::asio::io_context context;
  auto work = boost::asio::make_work_guard(context);
  std::vector<std::thread> threads;
  for (int count = 0; count < 3; ++count) threads.emplace_back([&] { context.run(); });
  DriverOptions options;
  options.executor = callbacks_on(context.get_executor());
  std::mutex mutex;
  std::vector<std::thread::id> callers;
  scheduler.actions["statusUpdate"] = [&](SchedulerDriver*) {
    const std::lock_guard lock(mutex);
    callers.push_back(std::this_thread::get_id());
  };
  start_registered(options);
  for (std::uint32_t number = 0; number < 100; ++number) {
    master.send(update("task", TASK_RUNNING, uuid(number)));
  }
  master.wait_for(Call::ACKNOWLEDGE, 100);
  EXPECT_EQ(driver->stop(), DRIVER_STOPPED);
  EXPECT_EQ(driver->join(), DRIVER_STOPPED);
  EXPECT_EQ(master.count(Call::TEARDOWN), 1u);
  driver.reset();
  for (const std::thread::id& caller : callers) {
    EXPECT_TRUE(std::any_of(threads.begin(), threads.end(),
                            [&](const std::thread& thread) { return thread.get_id() == caller; }));
  }
  work.reset();
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace mesosio
