// The master on a manual clock: scripts of calls and the events that they cause.
#include "local/master.hpp"

#include "local/framework.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mesosio::local {
namespace {

using namespace std::chrono_literals;
using mesos::v1::FrameworkInfo;
using mesos::v1::TaskStatus;
using mesos::v1::scheduler::Call;
using mesos::v1::scheduler::Event;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// Tells effects in short words and keeps the last offers and statuses.
class MasterTest : public ::testing::Test {
 protected:
  static MasterConfig config() {
    MasterConfig config;
    config.id = "M";
    config.port = 5050;
    config.heartbeat_interval = 15s;
    config.allocation_interval = 1s;
    config.max_frameworks = 3;
    return config;
  }

  std::string tell(const SendEvent& send) {
    const Event& event = send.event;
    std::string out = std::to_string(send.stream) + ' ' + Event::Type_Name(event.type());
    switch (event.type()) {
      case Event::SUBSCRIBED:
        return out + ' ' + event.subscribed().framework_id().value();
      case Event::OFFERS:
        for (const auto& offer : event.offers().offers()) {
          offers_.push_back(offer);
          out += ' ' + offer.id().value();
        }
        return out;
      case Event::RESCIND:
        return out + ' ' + event.rescind().offer_id().value();
      case Event::UPDATE:
        status_ = event.update().status();
        return out + ' ' + status_.task_id().value() + ' ' + mesos::v1::TaskState_Name(status_.state());
      case Event::UPDATE_OPERATION_STATUS:
        return out + ' ' + event.update_operation_status().status().message();
      case Event::ERROR:
        return out + ": " + event.error().message();
      default:
        return out;
    }
  }
  std::vector<std::string> told(const MasterEffects& effects) {
    std::vector<std::string> out;
    for (const MasterEffect& effect : effects) {
      if (const auto* send = std::get_if<SendEvent>(&effect)) {
        out.push_back(tell(*send));
      } else if (const auto* end = std::get_if<EndStream>(&effect)) {
        out.push_back(std::to_string(end->stream) + " end");
      } else if (const auto* run = std::get_if<RunTask>(&effect)) {
        out.push_back("run " + run->task.task_id().value() + " on " + run->agent_id);
      } else if (const auto* kill = std::get_if<KillTask>(&effect)) {
        out.push_back("kill " + kill->task_id + " on " + kill->agent_id);
      } else if (const auto* acknowledge = std::get_if<AcknowledgeUpdate>(&effect)) {
        out.push_back("acknowledge " + acknowledge->task_id + " on " + acknowledge->agent_id);
      } else if (const auto* resend = std::get_if<ResendUpdates>(&effect)) {
        out.push_back("resend " + resend->agent_id);
      } else {
        out.push_back("shutdown " + std::get<ShutdownFramework>(effect).framework_id);
      }
    }
    return out;
  }
  template <class Step>
  std::vector<std::string> after(Step step) {
    MasterEffects effects;
    step(effects);
    return told(effects);
  }

  void add_agent(const std::string& id, const char* text = "cpus:4;mem:1024") {
    AgentDescription agent;
    agent.id = id;
    agent.hostname = "host-" + id;
    ASSERT_FALSE(parse_resources(text, agent.resources));
    after([&](auto& out) { master_.add_agent(agent, now_, out); });
  }
  std::vector<std::string> subscribe(StreamNumber stream, const FrameworkInfo& info,
                                     const std::vector<std::string>& suppressed = {}) {
    Call call = test::subscribe_call(info);
    for (const auto& role : suppressed) {
      call.mutable_subscribe()->add_suppressed_roles(role);
    }
    return after([&](auto& out) { stream_id_ = master_.subscribe(call, stream, now_, out); });
  }
  std::vector<std::string> call(Call call, const CallAnswer& expected = {202, {}},
                                const std::string& id = "M-0000") {
    call.mutable_framework_id()->set_value(id);
    return after(
        [&](auto& out) { EXPECT_EQ(master_.call(call, stream_id_, now_, out), expected) << expected.text; });
  }
  std::vector<std::string> simple(Call::Type type) {
    Call it;
    it.set_type(type);
    return call(it);
  }
  std::vector<std::string> decline(double seconds) {
    Call it;
    it.set_type(Call::DECLINE);
    for (const auto& offer : std::exchange(offers_, {})) {
      *it.mutable_decline()->add_offer_ids() = offer.id();
    }
    it.mutable_decline()->mutable_filters()->set_refuse_seconds(seconds);
    return call(it);
  }
  static Call accept_of(const mesos::v1::Offer& offer, const std::vector<mesos::v1::TaskInfo>& tasks) {
    Call it;
    it.set_type(Call::ACCEPT);
    *it.mutable_accept()->add_offer_ids() = offer.id();
    auto& operation = *it.mutable_accept()->add_operations();
    operation.set_type(mesos::v1::Offer::Operation::LAUNCH);
    for (const auto& task : tasks) {
      *operation.mutable_launch()->add_task_infos() = task;
    }
    return it;
  }
  std::vector<std::string> launch(const std::string& task_id) {
    const auto offer = offers_.at(0);
    offers_.clear();
    return call(accept_of(offer, {test::shell_task(task_id, offer, "true")}));
  }
  std::vector<std::string> update(const std::string& task, mesos::v1::TaskState state,
                                  std::optional<mesos::v1::TaskState> latest = {}) {
    ForwardUpdate update{"M-0000", {}, latest.value_or(state)};
    update.status.mutable_task_id()->set_value(task);
    update.status.mutable_agent_id()->set_value("S0");
    update.status.set_state(state);
    update.status.set_uuid(std::string(15, 'u') + static_cast<char>(state));
    return after([&](auto& out) { master_.update("S0", update, now_, out); });
  }
  std::vector<std::string> acknowledge(const std::string& task, mesos::v1::TaskState state) {
    Call it;
    it.set_type(Call::ACKNOWLEDGE);
    it.mutable_acknowledge()->mutable_agent_id()->set_value("S0");
    it.mutable_acknowledge()->mutable_task_id()->set_value(task);
    it.mutable_acknowledge()->set_uuid(std::string(15, 'u') + static_cast<char>(state));
    return call(it);
  }
  std::vector<std::string> pass(Duration time) {
    now_.steady += time;
    return after([&](auto& out) { master_.tick(now_, out); });
  }
  FrameworkInfo known_info(double failover_timeout = 0) {
    FrameworkInfo info = test::framework_info();
    info.mutable_id()->set_value("M-0000");
    info.set_failover_timeout(failover_timeout);
    return info;
  }

  Now now_{TimePoint{} + 1h, 1000.25};
  Master master_{config()};
  std::string stream_id_;
  std::vector<mesos::v1::Offer> offers_;
  TaskStatus status_;
};

TEST_F(MasterTest, SubscribesAndOffersAtOnce) {
  add_agent("S0");
  EXPECT_EQ(master_.next_deadline(), TimePoint::max());
  EXPECT_THAT(subscribe(1, test::framework_info()),
              ElementsAre("1 SUBSCRIBED M-0000", "1 HEARTBEAT", "1 OFFERS M-O0"));
  EXPECT_EQ(stream_id_.size(), 36U);
  const auto& offer = offers_.at(0);
  EXPECT_EQ(offer.agent_id().value(), "S0");
  EXPECT_EQ(offer.hostname(), "host-S0");
  EXPECT_EQ(offer.allocation_info().role(), "*");
  EXPECT_EQ(offer.resources(0).allocation_info().role(), "*");
  EXPECT_THAT(subscribe(2, test::framework_info()), ElementsAre("2 SUBSCRIBED M-0001", "2 HEARTBEAT"));
  add_agent("S1");
  EXPECT_EQ(offers_.size(), 2U);
}

TEST_F(MasterTest, OldFrameworksSeeTheOldFormat) {
  add_agent("S0");
  FrameworkInfo old;
  old.set_user("u");
  old.set_name("old");
  subscribe(1, old);
  const auto& offer = offers_.at(0);
  EXPECT_FALSE(offer.has_allocation_info());
  EXPECT_EQ(offer.resources(0).ShortDebugString(),
            R"(name: "cpus" type: SCALAR scalar { value: 4 } role: "*")");
  EXPECT_THAT(launch("t"), ElementsAre("run t on S0"));
}

TEST_F(MasterTest, HeartbeatsInTime) {
  subscribe(1, test::framework_info());
  EXPECT_THAT(pass(14999ms), IsEmpty());
  EXPECT_THAT(pass(1ms), ElementsAre("1 HEARTBEAT"));
  EXPECT_THAT(pass(15s), ElementsAre("1 HEARTBEAT"));
}

TEST_F(MasterTest, DeclinedResourcesComeBackWhenTheFilterIsOver) {
  add_agent("S0");
  subscribe(1, test::framework_info());
  EXPECT_THAT(decline(3), IsEmpty());
  EXPECT_THAT(pass(2s), IsEmpty());
  EXPECT_THAT(pass(999ms), IsEmpty());
  EXPECT_THAT(pass(1s), ElementsAre("1 OFFERS M-O1"));
  decline(3600);
  EXPECT_THAT(simple(Call::SUPPRESS), IsEmpty());
  EXPECT_THAT(simple(Call::REVIVE), ElementsAre("1 OFFERS M-O2"));
}

TEST_F(MasterTest, SuppressedFromTheStart) {
  add_agent("S0");
  EXPECT_THAT(subscribe(1, test::framework_info(), {"*"}), ElementsAre("1 SUBSCRIBED M-0000", "1 HEARTBEAT"));
  EXPECT_THAT(
      subscribe(2, test::framework_info(), {"role7"}),
      ElementsAre("2 ERROR: Suppressed roles { role7 } are not contained in the set of roles", "2 end"));
}

TEST_F(MasterTest, ATasksWay) {
  add_agent("S0");
  subscribe(1, test::framework_info());
  EXPECT_THAT(launch("t"), ElementsAre("run t on S0"));
  EXPECT_EQ(master_.free_of("S0").to_string(), "cpus:3.9; mem:992");
  EXPECT_THAT(update("t", mesos::v1::TASK_RUNNING), ElementsAre("1 UPDATE t TASK_RUNNING"));
  EXPECT_THAT(acknowledge("t", mesos::v1::TASK_RUNNING), ElementsAre("acknowledge t on S0"));
  // The resources are free as soon as the agent knows of the end, before the framework does.
  update("t", mesos::v1::TASK_RUNNING, mesos::v1::TASK_FINISHED);
  EXPECT_EQ(master_.free_of("S0").to_string(), "cpus:4; mem:1024");
  update("t", mesos::v1::TASK_FINISHED);
  EXPECT_EQ(master_.free_of("S0").to_string(), "cpus:4; mem:1024");
  EXPECT_EQ(master_.frameworks().at("M-0000").tasks.size(), 1U);
  acknowledge("t", mesos::v1::TASK_RUNNING);
  EXPECT_EQ(master_.frameworks().at("M-0000").tasks.size(), 1U);
  acknowledge("t", mesos::v1::TASK_FINISHED);
  EXPECT_TRUE(master_.frameworks().at("M-0000").tasks.empty());
}

TEST_F(MasterTest, InvalidTasksAreErrorsEachForItself) {
  add_agent("S0", "ports:[1-2];cpus:4;mem:2048");
  subscribe(1, test::framework_info());
  const auto offer = offers_.at(0);
  const auto task = [&](const std::string& id, double cpus = 0.1) {
    return test::shell_task(id, offer, "true", cpus, 32);
  };
  const auto with = [&](mesos::v1::TaskInfo it, auto change) {
    change(it);
    return it;
  };
  MasterEffects effects;
  Call accept = accept_of(
      offer,
      {task("good"), task("good"), task(""), task("a/b"), task("big", 1000),
       with(task("agent"), [](auto& t) { t.mutable_agent_id()->set_value("no-such-agent"); }),
       with(task("empty"), [](auto& t) { t.clear_resources(); }),
       with(task("nothing"), [](auto& t) { t.clear_command(); }),
       with(task("both"), [](auto& t) { t.mutable_executor()->mutable_executor_id()->set_value("e"); }),
       with(task("no command"), [](auto& t) { t.mutable_command()->clear_value(); }),
       with(task("nul"), [](auto& t) { t.mutable_command()->set_value(std::string("a\0b", 3)); }),
       with(task("grace"),
            [](auto& t) { t.mutable_kill_policy()->mutable_grace_period()->set_nanoseconds(-1); }),
       with(task("negative"), [](auto& t) { t.mutable_resources(0)->mutable_scalar()->set_value(-1); }),
       with(task("role"), [](auto& t) { t.mutable_resources(0)->mutable_allocation_info()->set_role("x"); }),
       with(task("variable"),
            [](auto& t) { t.mutable_command()->mutable_environment()->add_variables()->set_name("X"); }),
       task("second")});
  accept.mutable_framework_id()->set_value("M-0000");
  EXPECT_EQ(master_.call(accept, stream_id_, now_, effects), (CallAnswer{202, {}}));
  std::vector<std::string> words;
  for (const MasterEffect& effect : effects) {
    if (const auto* run = std::get_if<RunTask>(&effect)) {
      words.push_back("run " + run->task.task_id().value());
      continue;
    }
    const auto& status = std::get<SendEvent>(effect).event.update().status();
    EXPECT_EQ(status.state(), mesos::v1::TASK_ERROR);
    EXPECT_EQ(status.source(), TaskStatus::SOURCE_MASTER);
    EXPECT_EQ(status.reason(), TaskStatus::REASON_TASK_INVALID);
    EXPECT_FALSE(status.has_uuid());
    EXPECT_FALSE(status.has_executor_id());
    words.push_back(status.message());
  }
  EXPECT_THAT(
      words,
      ElementsAre(
          "run good", "Task has duplicate ID: good", "ID must not be empty",
          "'a/b' contains invalid characters",
          "Total resources cpus(allocated: *):1000; mem(allocated: *):32 required by task and its executor "
          "is "
          "more than available ports(allocated: *):[1-2]; cpus(allocated: *):3.9; mem(allocated: *):2016",
          "Task uses invalid agent no-such-agent while agent S0 is expected", "Task uses no resources",
          "Task should have at least one (but not both) of CommandInfo or ExecutorInfo present",
          "Task should have at least one (but not both) of CommandInfo or ExecutorInfo present",
          HasSubstr("'CommandInfo.value' is not set"), HasSubstr("NUL byte"),
          "Task's 'kill_policy.grace_period' must be non-negative", HasSubstr("a scalar needs a value"),
          HasSubstr("allocated to role 'x', the offer to role '*'"), HasSubstr("variable 'X'"),
          "run second"));
  EXPECT_EQ(master_.free_of("S0").to_string(), "ports:[1-2]; cpus:3.8; mem:1984");
}

TEST_F(MasterTest, OffersAreGoodOnce) {
  add_agent("S0");
  subscribe(1, test::framework_info());
  const auto offer = offers_.at(0);
  launch("t");
  EXPECT_THAT(call(accept_of(offer, {test::shell_task("u", offer, "true")})),
              ElementsAre("1 UPDATE u TASK_DROPPED"));
  EXPECT_EQ(status_.message(), "Task launched with invalid offers: Offer M-O0 is no longer valid");
  EXPECT_EQ(status_.reason(), TaskStatus::REASON_INVALID_OFFERS);
  EXPECT_EQ(status_.agent_id().value(), "S0");
  EXPECT_FALSE(status_.has_uuid());
  // Declining it does nothing.
  offers_ = {offer};
  decline(0);
  EXPECT_EQ(master_.free_of("S0").to_string(), "cpus:3.9; mem:992");
}

TEST_F(MasterTest, OffersThatDoNotGoTogether) {
  add_agent("S0");
  add_agent("S1");
  subscribe(1, test::framework_info());
  Call both = accept_of(offers_.at(0), {test::shell_task("t", offers_.at(0), "true")});
  *both.mutable_accept()->add_offer_ids() = offers_.at(1).id();
  EXPECT_THAT(call(both), ElementsAre("1 UPDATE t TASK_DROPPED"));
  EXPECT_THAT(status_.message(), HasSubstr("Aggregated offers must belong to one single agent"));
  EXPECT_TRUE(master_.offers().empty());
  EXPECT_THAT(pass(1s), ElementsAre("1 OFFERS M-O2 M-O3"));
  Call twice = accept_of(offers_.at(2), {});
  *twice.mutable_accept()->add_offer_ids() = offers_.at(2).id();
  EXPECT_THAT(call(twice), IsEmpty());
  EXPECT_EQ(master_.offers().size(), 1U);
}

TEST_F(MasterTest, AnothersOfferIsNoOffer) {
  add_agent("S0");
  subscribe(1, test::framework_info());
  const auto offer = offers_.at(0);
  subscribe(2, test::framework_info());
  Call accept = accept_of(offer, {test::shell_task("t", offer, "true")});
  EXPECT_THAT(call(accept, {202, {}}, "M-0001"), ElementsAre("2 UPDATE t TASK_DROPPED"));
  EXPECT_EQ(master_.offers().count("M-O0"), 1U);
}

TEST_F(MasterTest, OtherOperationsAreRefused) {
  add_agent("S0");
  subscribe(1, test::framework_info());
  Call accept;
  accept.set_type(Call::ACCEPT);
  *accept.mutable_accept()->add_offer_ids() = offers_.at(0).id();
  auto& reserve = *accept.mutable_accept()->add_operations();
  reserve.set_type(mesos::v1::Offer::Operation::RESERVE);
  reserve.mutable_id()->set_value("op");
  accept.mutable_accept()->add_operations()->set_type(mesos::v1::Offer::Operation::CREATE);
  auto& group = *accept.mutable_accept()->add_operations();
  group.set_type(mesos::v1::Offer::Operation::LAUNCH_GROUP);
  *group.mutable_launch_group()->mutable_task_group()->add_tasks() =
      test::shell_task("g", offers_.at(0), "true");
  EXPECT_THAT(call(accept),
              ElementsAre("1 UPDATE_OPERATION_STATUS Operation RESERVE is not supported by this local master",
                          "1 UPDATE g TASK_ERROR"));
  EXPECT_EQ(status_.reason(), TaskStatus::REASON_TASK_GROUP_INVALID);
  EXPECT_EQ(master_.free_of("S0").to_string(), "cpus:4; mem:1024");
}

TEST_F(MasterTest, ReconcilesByTheRules) {
  add_agent("S0");
  subscribe(1, test::framework_info());
  launch("t");
  Call explicit_call;
  explicit_call.set_type(Call::RECONCILE);
  for (const auto& [task, agent] :
       {std::pair("t", ""), std::pair("x", ""), std::pair("y", "S0"), std::pair("z", "S9")}) {
    auto& each = *explicit_call.mutable_reconcile()->add_tasks();
    each.mutable_task_id()->set_value(task);
    if (*agent != '\0') {
      each.mutable_agent_id()->set_value(agent);
    }
  }
  EXPECT_THAT(call(explicit_call), ElementsAre("1 UPDATE t TASK_STAGING", "1 UPDATE x TASK_UNKNOWN",
                                               "1 UPDATE y TASK_GONE", "1 UPDATE z TASK_UNKNOWN"));
  update("t", mesos::v1::TASK_RUNNING, mesos::v1::TASK_FINISHED);
  Call implicit;
  implicit.set_type(Call::RECONCILE);
  implicit.mutable_reconcile();
  // What was forwarded counts, not what the agent knows beyond it.
  EXPECT_THAT(call(implicit), ElementsAre("1 UPDATE t TASK_RUNNING"));
  EXPECT_EQ(status_.message(), "Reconciliation: Latest task state");
  EXPECT_EQ(status_.reason(), TaskStatus::REASON_RECONCILIATION);
  EXPECT_FALSE(status_.has_uuid());
  EXPECT_FALSE(status_.has_executor_id());
  EXPECT_DOUBLE_EQ(status_.timestamp(), 1000.25);
}

TEST_F(MasterTest, WithoutPartitionAwarenessEverythingIsLost) {
  add_agent("S0");
  FrameworkInfo info = test::framework_info();
  info.clear_capabilities();
  info.clear_roles();
  subscribe(1, info);
  Call kill;
  kill.set_type(Call::KILL);
  kill.mutable_kill()->mutable_task_id()->set_value("x");
  EXPECT_THAT(call(kill), ElementsAre("1 UPDATE x TASK_LOST"));
  launch("t");
  EXPECT_THAT(after([&](auto& out) { master_.remove_agent("S0", "gone", now_, out); }),
              ElementsAre("1 UPDATE t TASK_LOST", "1 FAILURE"));
}

TEST_F(MasterTest, KillsGoToTheTasksAgent) {
  add_agent("S0");
  subscribe(1, test::framework_info());
  launch("t");
  Call kill;
  kill.set_type(Call::KILL);
  kill.mutable_kill()->mutable_task_id()->set_value("t");
  EXPECT_THAT(call(kill), ElementsAre("kill t on S0"));
  kill.mutable_kill()->mutable_agent_id()->set_value("S9");
  EXPECT_THAT(call(kill), IsEmpty());
  kill.mutable_kill()->mutable_task_id()->set_value("unknown");
  EXPECT_THAT(call(kill), ElementsAre("1 UPDATE unknown TASK_UNKNOWN"));
  Call shutdown;
  shutdown.set_type(Call::SHUTDOWN);
  shutdown.mutable_shutdown()->mutable_executor_id()->set_value("t");
  shutdown.mutable_shutdown()->mutable_agent_id()->set_value("S0");
  EXPECT_THAT(call(shutdown), ElementsAre("kill t on S0"));
}

TEST_F(MasterTest, FailsOver) {
  add_agent("S0");
  subscribe(1, test::framework_info());
  launch("t");
  pass(6s);
  EXPECT_EQ(offers_.size(), 1U);
  const std::string old_id = stream_id_;
  EXPECT_THAT(subscribe(2, known_info()), ElementsAre("1 ERROR: Framework failed over", "1 end",
                                                      "2 SUBSCRIBED M-0000", "2 HEARTBEAT", "resend S0"));
  EXPECT_NE(stream_id_, old_id);
  const std::string new_id = std::exchange(stream_id_, old_id);
  Call revive;
  revive.set_type(Call::REVIVE);
  call(revive, {400, "The stream ID '" + stream_id_ +
                         "' included in this request didn't match the stream ID currently associated with "
                         "framework ID M-0000"});
  // The end of the old stream is not the end of the subscription.
  EXPECT_THAT(after([&](auto& out) { master_.stream_closed(1, now_, out); }), IsEmpty());
  EXPECT_THAT(pass(1s), ElementsAre("2 OFFERS M-O2"));
  EXPECT_THAT(update("t", mesos::v1::TASK_RUNNING), ElementsAre("2 UPDATE t TASK_RUNNING"));
}

TEST_F(MasterTest, WithoutATimeoutADisconnectedFrameworkIsRemoved) {
  add_agent("S0");
  subscribe(1, test::framework_info());
  launch("t");
  EXPECT_THAT(after([&](auto& out) { master_.stream_closed(1, now_, out); }), ElementsAre("shutdown M-0000"));
  EXPECT_EQ(master_.free_of("S0").to_string(), "cpus:4; mem:1024");
  EXPECT_THAT(update("t", mesos::v1::TASK_RUNNING), IsEmpty());
  EXPECT_THAT(subscribe(2, known_info()), ElementsAre("2 ERROR: Framework has been removed", "2 end"));
}

TEST_F(MasterTest, AFailoverTimeoutKeepsTheTasks) {
  add_agent("S0");
  FrameworkInfo info = test::framework_info();
  info.set_failover_timeout(60);
  subscribe(1, info);
  launch("t");
  EXPECT_THAT(after([&](auto& out) { master_.stream_closed(1, now_, out); }), IsEmpty());
  Call revive;
  revive.set_type(Call::REVIVE);
  call(revive, {403, "Framework is not subscribed"});
  EXPECT_THAT(update("t", mesos::v1::TASK_RUNNING), IsEmpty());
  EXPECT_EQ(master_.next_deadline(), now_.steady + 60s);
  EXPECT_THAT(pass(59s), IsEmpty());
  EXPECT_THAT(subscribe(2, known_info(60)), ElementsAre("2 SUBSCRIBED M-0000", "2 HEARTBEAT", "resend S0"));
  pass(5s);
  after([&](auto& out) { master_.stream_closed(2, now_, out); });
  EXPECT_THAT(pass(60s), ElementsAre("shutdown M-0000"));
}

TEST_F(MasterTest, Teardown) {
  add_agent("S0");
  subscribe(1, test::framework_info());
  launch("t");
  EXPECT_THAT(simple(Call::TEARDOWN), ElementsAre("1 end", "shutdown M-0000"));
  Call revive;
  revive.set_type(Call::REVIVE);
  call(revive, {400, "Framework cannot be found"});
  EXPECT_EQ(master_.free_of("S0").to_string(), "cpus:4; mem:1024");
}

TEST_F(MasterTest, UpdateFrameworkRescindsOffersOfRolesThatGo) {
  add_agent("S0");
  FrameworkInfo info = test::framework_info();
  info.clear_roles();
  info.add_roles("role1");
  subscribe(1, info);
  Call update;
  update.set_type(Call::UPDATE_FRAMEWORK);
  auto& changed = *update.mutable_update_framework()->mutable_framework_info();
  changed = info;
  changed.mutable_id()->set_value("M-0000");
  changed.set_roles(0, "role2");
  EXPECT_THAT(call(update, {200, {}}), ElementsAre("1 RESCIND M-O0", "1 OFFERS M-O1"));
  EXPECT_EQ(offers_.back().allocation_info().role(), "role2");

  update.mutable_update_framework()->add_suppressed_roles("role9");
  call(update, {400,
                "'UpdateFramework' call is not valid: Suppressed roles { role9 } are not contained in the "
                "set of roles"});
  update.mutable_update_framework()->clear_suppressed_roles();
  changed.set_user("nobody");
  call(
      update,
      {400,
       "FrameworkInfo update is not valid: Updating 'FrameworkInfo.user' is unsupported; attempted to update "
       "from 'root' to 'nobody'"});
  changed.set_user("root");
  changed.add_roles("-bad");
  call(update, {400,
                "Supplied FrameworkInfo is not valid: 'FrameworkInfo.roles' contains invalid role: Role "
                "component '-bad' "
                "is invalid because it starts with a dash"});
}

TEST_F(MasterTest, AnAgentThatGoes) {
  add_agent("S0");
  subscribe(1, test::framework_info());
  launch("t");
  pass(6s);
  EXPECT_THAT(after([&](auto& out) { master_.remove_agent("S0", "gone", now_, out); }),
              ElementsAre("1 RESCIND M-O1", "1 UPDATE t TASK_GONE", "1 FAILURE"));
  after([&](auto& out) { master_.remove_agent("S0", "gone", now_, out); });
  EXPECT_THAT(pass(6s), IsEmpty());
}

TEST_F(MasterTest, BoundsTheFrameworks) {
  for (StreamNumber stream = 1; stream <= 3; ++stream) {
    subscribe(stream, test::framework_info());
  }
  EXPECT_THAT(subscribe(4, test::framework_info()),
              ElementsAre("4 ERROR: This local master takes at most 3 frameworks", "4 end"));
  EXPECT_THAT(subscribe(5, known_info()), ::testing::Contains("5 SUBSCRIBED M-0000"));
}

TEST_F(MasterTest, ChosenIdsAreNotGivenAgain) {
  FrameworkInfo info = test::framework_info();
  info.mutable_id()->set_value("M-0000");
  subscribe(1, info);
  EXPECT_THAT(subscribe(2, test::framework_info()), ::testing::Contains("2 SUBSCRIBED M-0001"));
}

TEST_F(MasterTest, PrincipalsCannotChange) {
  subscribe(1, test::framework_info());
  FrameworkInfo other = known_info();
  other.set_principal("somebody");
  EXPECT_THAT(subscribe(2, other),
              ElementsAre("2 ERROR: Changing framework's principal is not allowed.", "2 end"));
}

TEST_F(MasterTest, CallsThatDoNothingAreTaken) {
  subscribe(1, test::framework_info());
  for (const auto type : {Call::MESSAGE, Call::REQUEST, Call::ACCEPT_INVERSE_OFFERS,
                          Call::DECLINE_INVERSE_OFFERS, Call::ACKNOWLEDGE_OPERATION_STATUS}) {
    EXPECT_THAT(simple(type), IsEmpty());
  }
}

TEST_F(MasterTest, UnknownOperationsStayUnknown) {
  add_agent("S0");
  subscribe(1, test::framework_info());
  Call reconcile;
  reconcile.set_type(Call::RECONCILE_OPERATIONS);
  for (const char* agent : {"S0", "S9"}) {
    auto& operation = *reconcile.mutable_reconcile_operations()->add_operations();
    operation.mutable_operation_id()->set_value("op");
    operation.mutable_agent_id()->set_value(agent);
  }
  EXPECT_THAT(call(reconcile),
              ElementsAre("1 UPDATE_OPERATION_STATUS Reconciliation: Operation is unknown",
                          "1 UPDATE_OPERATION_STATUS Reconciliation: Both operation and agent are unknown"));
}

}  // namespace
}  // namespace mesosio::local
