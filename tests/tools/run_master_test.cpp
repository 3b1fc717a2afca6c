// `mesosio run` and what a master may do to it: refusals, losses, offers of all sizes, peers that are none.
#include "support/fake_master.hpp"
#include "tools/process.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

namespace mesosio::tool::test {
namespace {

using mesosio::testing::FakeAnswer;
using mesosio::testing::FakeMaster;
using scheduler::Call;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Words = std::vector<std::string>;

Words run_on(const std::string& master, const Words& more = {}) {
  Words all{MESOSIO_COMMAND, "run", "--master", master, "--name", "test", "--command", "true"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

scheduler::Event offer(const std::string& id, const std::string& agent, double cpus, double mem) {
  scheduler::Event event = mesosio::testing::offers({id});
  Offer& content = *event.mutable_offers()->mutable_offers(0);
  content.mutable_agent_id()->set_value(agent);
  for (const auto& [name, value] : {std::pair("cpus", cpus), std::pair("mem", mem)}) {
    Resource& resource = *content.add_resources();
    resource.set_name(name);
    resource.set_type(Value::SCALAR);
    resource.mutable_scalar()->set_value(value);
  }
  return event;
}

scheduler::Event update(const std::string& task, TaskState state, std::uint32_t number) {
  return mesosio::testing::update(task, state, mesosio::testing::uuid(number));
}

FakeAnswer respond(int status, const std::string& body) {
  FakeAnswer answer;
  answer.status = status;
  answer.body = body;
  return answer;
}

FakeAnswer bytes(const std::string& text) {
  FakeAnswer answer;
  answer.kind = FakeAnswer::Kind::bytes;
  answer.body = text;
  return answer;
}

int lines(const std::string& text) {
  return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

TEST(RunMaster, SubscribesAsItWasTold) {
  FakeMaster master;
  Process run(
      run_on(master.address(), {"--role", "web", "--user", "someone", "--failover-timeout", "2mins"}));
  const FrameworkInfo info = master.wait_for(Call::SUBSCRIBE).call.subscribe().framework_info();
  EXPECT_EQ(info.name(), "test");
  EXPECT_EQ(info.user(), "someone");
  EXPECT_EQ(info.roles(0), "web");
  EXPECT_EQ(info.failover_timeout(), 120);
  master.wait_for_stream();
}

TEST(RunMaster, UsesSeveralOffersAndWantsNoMoreThen) {
  FakeMaster master;
  Process run(run_on(master.address(), {"--tasks", "3", "--cpus", "1"}));
  master.wait_for_stream();
  master.send(offer("too-small", "agent-0", 0.5, 1000));
  master.send(offer("o1", "agent-1", 2.5, 64));
  master.send(offer("o2", "agent-2", 8, 1000));
  const Call second = master.wait_for(Call::ACCEPT, 2).call;
  ASSERT_EQ(second.accept().operations(0).launch().task_infos_size(), 1);
  EXPECT_EQ(second.accept().operations(0).launch().task_infos(0).agent_id().value(), "agent-2");
  EXPECT_GE(second.accept().filters().refuse_seconds(), 3600);
  master.wait_for(Call::SUPPRESS);
  for (const Call& call : master.calls()) {
    if (call.type() != Call::ACCEPT || call.accept().offer_ids(0).value() != "o1") continue;
    EXPECT_EQ(call.accept().operations(0).launch().task_infos_size(), 2);
    EXPECT_LE(call.accept().filters().refuse_seconds(), 5);
  }
  for (std::uint32_t i = 1; i <= 3; ++i) master.send(update("task-" + std::to_string(i), TASK_FINISHED, i));
  EXPECT_EQ(run.wait(), 0);
  EXPECT_EQ(master.count(Call::TEARDOWN), 1U);
  EXPECT_EQ(master.count(Call::DECLINE), 1U);
}

TEST(RunMaster, OffersOfOneAgentAreUsedTogether) {
  FakeMaster master;
  Process run(run_on(master.address(), {"--cpus", "1"}));
  master.wait_for_stream();
  scheduler::Event both = offer("o1", "agent-1", 0.6, 64);
  *both.mutable_offers()->add_offers() = offer("o2", "agent-1", 0.6, 64).offers().offers(0);
  master.send(both);
  EXPECT_EQ(master.wait_for(Call::ACCEPT).call.accept().offer_ids_size(), 2);
  master.send(update("task-1", TASK_FINISHED, 1));
  EXPECT_EQ(run.wait(), 0);
}

TEST(RunMaster, LostDroppedAndErrorAreNotFinished) {
  for (const TaskState state : {TASK_LOST, TASK_DROPPED, TASK_ERROR, TASK_GONE, TASK_KILLED}) {
    FakeMaster master;
    Process run(run_on(master.address()));
    master.wait_for_stream();
    master.send(offer("o1", "agent-1", 1, 64));
    master.wait_for(Call::ACCEPT);
    master.send(update("task-1", state, 1));
    EXPECT_EQ(run.wait(), 1) << TaskState_Name(state);
    EXPECT_THAT(run.output(), HasSubstr("task-1 " + TaskState_Name(state)));
  }
}

TEST(RunMaster, AsksForOpenTasksAfterADisconnection) {
  FakeMaster master;
  Process run(run_on(master.address(), {"--tasks", "2", "--cpus", "1"}));
  master.wait_for_stream();
  master.send(offer("o1", "agent-1", 2, 64));
  master.wait_for(Call::ACCEPT);
  master.send(update("task-1", TASK_FINISHED, 1));
  run.wait_for_output("task-1 TASK_FINISHED");
  master.drop_stream();
  const Call reconcile = master.wait_for(Call::RECONCILE).call;
  ASSERT_EQ(reconcile.reconcile().tasks_size(), 1);
  EXPECT_EQ(reconcile.reconcile().tasks(0).task_id().value(), "task-2");
  EXPECT_EQ(reconcile.reconcile().tasks(0).agent_id().value(), "agent-1");
  scheduler::Event answer = mesosio::testing::update("task-2", TASK_LOST, {});
  answer.mutable_update()->mutable_status()->set_reason(TaskStatus::REASON_RECONCILIATION);
  master.send(answer);
  EXPECT_EQ(run.wait(), 1);
  EXPECT_THAT(run.error(), HasSubstr("1 finished, 1 lost"));
}

TEST(RunMaster, ALaunchThatIsRefusedIsALostTask) {
  FakeMaster master;
  master.answer_next(Call::ACCEPT, respond(400, "no such offer here"));
  Process run(run_on(master.address(), {"--output", "json"}));
  master.wait_for_stream();
  master.send(offer("o1", "agent-1", 1, 64));
  EXPECT_EQ(run.wait(), 1);
  EXPECT_THAT(run.output(), AllOf(HasSubstr("\"TASK_LOST\""), HasSubstr("no such offer here")));
}

TEST(RunMaster, ALaunchOfUnknownOutcomeIsAskedAbout) {
  FakeMaster master;
  FakeAnswer drop;
  drop.kind = FakeAnswer::Kind::drop;
  master.answer_next(Call::ACCEPT, drop);
  Process run(run_on(master.address()));
  master.wait_for_stream();
  master.send(offer("o1", "agent-1", 1, 64));
  EXPECT_EQ(master.wait_for(Call::RECONCILE).call.reconcile().tasks(0).task_id().value(), "task-1");
  master.send(update("task-1", TASK_FINISHED, 1));
  EXPECT_EQ(run.wait(), 0);
}

TEST(RunMaster, UpdatesOfOtherTasksAreNotItsOwn) {
  FakeMaster master;
  Process run(run_on(master.address()));
  master.wait_for_stream();
  master.send(update("somebody-else", TASK_FAILED, 7));
  master.send(offer("o1", "agent-1", 1, 64));
  master.wait_for(Call::ACCEPT);
  master.send(update("task-1", TASK_FINISHED, 1));
  EXPECT_EQ(run.wait(), 0);
  EXPECT_THAT(run.output(), Not(HasSubstr("somebody-else")));
}

TEST(RunMaster, AnErrorEventEndsItWithTheMastersWords) {
  FakeMaster master;
  Process run(run_on(master.address()));
  master.wait_for_stream();
  master.send(mesosio::testing::error("Framework failed over\x1b[2J"));
  EXPECT_EQ(run.wait(), 3);
  EXPECT_THAT(run.error(), AllOf(HasSubstr("Framework failed over"), Not(HasSubstr("\x1b"))));
  EXPECT_EQ(lines(run.error()), 1) << run.error();
}

TEST(RunMaster, ARefusalEndsItWithTheMastersWords) {
  for (const int status : {400, 401}) {
    FakeMaster master;
    master.answer_next(Call::SUBSCRIBE, respond(status, "not with me"));
    const Ended ended = run(run_on(master.address()));
    EXPECT_EQ(ended.status, 3) << status;
    EXPECT_THAT(ended.error,
                AllOf(HasSubstr("could not subscribe to " + master.address()), HasSubstr("not with me")));
    EXPECT_EQ(lines(ended.error), 1) << ended.error;
  }
}

TEST(RunMaster, PeersThatAreNoMaster) {
  const std::pair<std::string, FakeAnswer> peers[] = {
      {"HTML", respond(200, "<html><body>Welcome to nginx!</body></html>")},
      {"garbage", bytes(std::string("\x00\xFF\x1b[2Jgarbage\r\n\r\n", 18))},
      {"mail server", bytes("220 mail.example ESMTP\r\n")},
      {"nothing", bytes("")},
  };
  for (const auto& [name, answer] : peers) {
    FakeMaster master;
    master.answer_all(answer);
    const Ended ended = run(run_on(master.address(), {"--timeout", "4s"}));
    EXPECT_EQ(ended.status, 3) << name;
    EXPECT_EQ(ended.output, "") << name;
    EXPECT_THAT(ended.error, AllOf(HasSubstr(master.address()), Not(HasSubstr("\x1b")))) << name;
    EXPECT_THAT(ended.error, HasSubstr("could not subscribe to " + master.address())) << name;
    EXPECT_GE(master.requests().size(), 1U) << name;
  }
}

TEST(RunMaster, AnHtmlPageIsTold) {
  FakeMaster master;
  master.answer_all(respond(200, "<html><body>Welcome to nginx!</body></html>"));
  Process run(run_on(master.address()));
  run.wait_for_error("\n");
  EXPECT_THAT(run.error(), HasSubstr(master.address()));
}

TEST(RunMaster, AClosedPortIsToldAndTriedAgainUntilTheTimeIsUp) {
  const int bound = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(bound, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::getsockname(bound, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const std::string place = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));

  Process run(run_on(place, {"--timeout", "6s"}));
  EXPECT_EQ(run.wait(), 3);
  EXPECT_EQ(run.output(), "");
  EXPECT_THAT(run.error(), AllOf(HasSubstr(place), HasSubstr("refused"), HasSubstr("subscribing again")));
  EXPECT_THAT(run.error(), HasSubstr("out of time after 6 s: could not subscribe to " + place));
  ::close(bound);
}

TEST(RunMaster, ASilentPeerRunsOutOfTime) {
  FakeMaster master;
  FakeAnswer hold;
  hold.kind = FakeAnswer::Kind::hold;
  master.answer_all(hold);
  const Ended ended = run(run_on(master.address(), {"--timeout", "1s"}));
  EXPECT_EQ(ended.status, 3);
  EXPECT_THAT(ended.error, HasSubstr("out of time after 1 s: could not subscribe to " + master.address()));
}

TEST(RunMaster, ATaskThatNoOfferFits) {
  FakeMaster master;
  Process run(run_on(master.address(), {"--cpus", "100", "--timeout", "12s"}));
  master.wait_for_stream();
  master.send(offer("o1", "agent-1", 4, 1000));
  EXPECT_EQ(run.wait(), 3);
  EXPECT_THAT(run.error(),
              HasSubstr("1 not launched: each needs cpus 100, mem 32 MiB, the largest offer had cpus 4"));
  EXPECT_EQ(master.count(Call::TEARDOWN), 1U);
}

}  // namespace
}  // namespace mesosio::tool::test
