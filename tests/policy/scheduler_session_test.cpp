// The life of a subscription: what is done in which order, what ends it, and what of the past is ignored.
#include "policy/session_script.hpp"

namespace mesosio::policy {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(SchedulerSession, SubscribesInMesosOrder) {
  SessionScript script;
  const codec::Endpoint master = SessionScript::default_config().master;
  EXPECT_EQ(script.session.state(), ConnectionState::disconnected);
  EXPECT_THAT(script.step(input::Start{}), ElementsAre(action::Connect{1, master}));
  EXPECT_EQ(script.session.state(), ConnectionState::connecting);
  EXPECT_THAT(script.step(input::Connected{1}),
              ElementsAre(action::SendSubscribe{1, ""},
                          action::SetTimer{Timer::response, 1, script.now + seconds{75}}));
  EXPECT_EQ(script.session.state(), ConnectionState::subscribing);
  EXPECT_THAT(script.step(SessionScript::accepted(1)),
              ElementsAre(action::SetTimer{Timer::heartbeat, 1, script.now + seconds{75}}));
  EXPECT_EQ(script.session.state(), ConnectionState::subscribing);
  EXPECT_THAT(script.step(input::SubscribedSeen{1, "fw-1", 2.0}),
              ElementsAre(action::SetTimer{Timer::heartbeat, 1, script.now + seconds{10}},
                          action::OpenCalls{1, master, "stream-1", "fw-1"}, action::Deliver{}));
  EXPECT_EQ(script.session.state(), ConnectionState::subscribed);
  EXPECT_THAT(script.step(input::EventSeen{1, false}), ElementsAre(action::Deliver{}));
  EXPECT_THAT(script.logs,
              ElementsAre(HasSubstr("connecting to http://m1:5050"), HasSubstr("connected to m1:5050"),
                          "subscribed to m1:5050 as framework fw-1"));
}

TEST(SchedulerSession, SubscribesAgainWithItsFrameworkId) {
  SessionScript script;
  script.subscribe("fw-9");
  const auto actions = script.step(input::Lost{script.at(), lost()});
  EXPECT_EQ(script.session.state(), ConnectionState::disconnected);
  ASSERT_EQ(actions.size(), 5U);
  EXPECT_EQ(actions[0], Action(action::CloseStream{}));
  EXPECT_EQ(actions[1], Action(action::CancelTimers{}));
  EXPECT_EQ(actions[2], Action(action::CloseCalls{lost()}));
  EXPECT_EQ(actions[3], Action(action::DeliverDisconnected{lost()}));
  script.retry(actions);
  EXPECT_EQ(script.session.state(), ConnectionState::connecting);
  EXPECT_THAT(script.step(input::Connected{script.at()}),
              ::testing::Contains(Action(action::SendSubscribe{script.at(), "fw-9"})));
}

TEST(SchedulerSession, SubscribesWithTheConfiguredFrameworkId) {
  auto config = SessionScript::default_config();
  config.framework_id = "fw-old";
  SessionScript script(config);
  script.step(input::Start{});
  EXPECT_THAT(script.step(input::Connected{1}),
              ::testing::Contains(Action(action::SendSubscribe{1, "fw-old"})));
}

TEST(SchedulerSession, FailsAtEveryStepAndSubscribesAgain) {
  // The same script, cut after each of its steps.
  for (int steps = 1; steps <= 4; ++steps) {
    SessionScript script;
    script.step(input::Start{});
    if (steps > 1) script.step(input::Connected{1});
    if (steps > 2) script.step(SessionScript::accepted(1));
    if (steps > 3) script.step(input::SubscribedSeen{1, "fw-1", 15.0});
    const auto actions = script.step(input::Lost{1, lost()});
    EXPECT_EQ(script.session.state(), ConnectionState::disconnected) << steps;
    EXPECT_EQ(SessionScript::find<action::DeliverDisconnected>(actions).has_value(), steps == 4) << steps;
    EXPECT_EQ(SessionScript::find<action::CloseCalls>(actions).has_value(), steps == 4) << steps;
    EXPECT_THAT(script.logs.back(), HasSubstr("m1:5050: gone; subscribing again in "));
    script.retry(actions);
    script.subscribe();
  }
}

TEST(SchedulerSession, DropsWhatStaleAttemptsSay) {
  SessionScript script;
  script.subscribe();
  const Attempt stale = script.at();
  script.retry(script.step(input::Lost{stale, lost()}));
  script.subscribe();
  const Input inputs[] = {input::Connected{stale},
                          SessionScript::accepted(stale, "old"),
                          input::Lost{stale, lost()},
                          input::SubscribedSeen{stale, "other", 1.0},
                          input::ErrorSeen{stale, "Framework failed over"},
                          input::EventSeen{stale, false},
                          input::UndecodedSeen{stale},
                          input::TimerFired{Timer::retry, stale},
                          input::TimerFired{Timer::response, stale},
                          input::TimerFired{Timer::heartbeat, stale},
                          input::Polled{stale, false},
                          input::ReadsPaused{stale},
                          input::ReadsResumed{stale},
                          input::CallAnswered{stale, codec::CallAnswer::not_subscribed, "not subscribed"},
                          input::TeardownSent{stale},
                          input::TeardownEnded{stale, true}};
  for (const auto& input : inputs) {
    EXPECT_THAT(script.step(input), ElementsAre()) << input.index();
    EXPECT_EQ(script.session.state(), ConnectionState::subscribed) << input.index();
  }
}

TEST(SchedulerSession, EndsWithTheWordsOfEveryErrorEvent) {
  for (const char* words : {"Framework failed over", "Framework has been removed", "anything else"}) {
    SessionScript script;
    script.subscribe();
    const auto actions = script.step(input::ErrorSeen{script.at(), words});
    ASSERT_FALSE(actions.empty());
    EXPECT_EQ(actions.front(), Action(action::Deliver{}));
    const auto end = SessionScript::find<action::End>(actions);
    ASSERT_TRUE(end.has_value());
    EXPECT_EQ(end->why.code, errc::error_event);
    EXPECT_EQ(end->why.peer_text, words);
    EXPECT_FALSE(SessionScript::find<action::SetTimer>(actions).has_value()) << "it must not subscribe again";
    EXPECT_EQ(script.session.state(), ConnectionState::disconnected);
  }
}

TEST(SchedulerSession, EndsWithAnErrorEventBeforeSubscribed) {
  SessionScript script;
  script.step(input::Start{});
  script.step(input::Connected{1});
  script.step(SessionScript::accepted(1));
  const auto end =
      SessionScript::find<action::End>(script.step(input::ErrorSeen{1, "Role 'a b' is invalid"}));
  ASSERT_TRUE(end.has_value());
  EXPECT_EQ(end->why.to_string(), "the master at m1:5050 ended the subscription: \"Role 'a b' is invalid\"");
}

TEST(SchedulerSession, TakesHeartbeatsBeforeSubscribedAndNothingElse) {
  SessionScript script;
  script.step(input::Start{});
  script.step(input::Connected{1});
  script.step(SessionScript::accepted(1));
  EXPECT_THAT(script.step(input::EventSeen{1, true}), ElementsAre(action::Deliver{}));
  const auto actions = script.step(input::EventSeen{1, false});
  EXPECT_FALSE(SessionScript::find<action::Deliver>(actions).has_value());
  EXPECT_THAT(script.logs.back(), HasSubstr("sent an event before SUBSCRIBED; subscribing again"));
}

TEST(SchedulerSession, RefusesSubscribedWithoutAFrameworkId) {
  SessionScript script;
  script.step(input::Start{});
  script.step(input::Connected{1});
  script.step(SessionScript::accepted(1));
  script.step(input::SubscribedSeen{1, "", 15.0});
  EXPECT_EQ(script.session.state(), ConnectionState::disconnected);
  EXPECT_THAT(script.logs.back(), HasSubstr("without a framework id"));
}

TEST(SchedulerSession, PollsTheSocketBeforeItCallsAMasterDead) {
  SessionScript script;
  script.subscribe();
  script.pass(seconds{75});
  const Attempt attempt = script.at();
  EXPECT_THAT(script.step(input::TimerFired{Timer::heartbeat, attempt}),
              ElementsAre(action::PollStream{attempt}));
  // Something waits: this process was slow.
  EXPECT_THAT(script.step(input::Polled{attempt, true}),
              ElementsAre(action::SetTimer{Timer::heartbeat, attempt, script.now + seconds{75}}));
  script.pass(seconds{75});
  script.step(input::TimerFired{Timer::heartbeat, attempt});
  const auto actions = script.step(input::Polled{attempt, false});
  const auto disconnected = SessionScript::find<action::DeliverDisconnected>(actions);
  ASSERT_TRUE(disconnected.has_value());
  EXPECT_EQ(disconnected->cause.code, errc::heartbeat_timeout);
  EXPECT_EQ(disconnected->cause.message, "no event from m1:5050 for 75000 ms, the time of 5 heartbeats");
}

TEST(SchedulerSession, MovesTheWatchWithEveryEvent) {
  SessionScript script;
  script.subscribe();
  script.pass(seconds{60});
  script.step(input::EventSeen{1, false});
  script.pass(seconds{15});
  EXPECT_THAT(script.step(input::TimerFired{Timer::heartbeat, 1}),
              ElementsAre(action::SetTimer{Timer::heartbeat, 1, script.now + seconds{60}}));
}

TEST(SchedulerSession, DoesNotTakeASlowConsumerForADeadMaster) {
  SessionScript script;
  script.subscribe();
  script.pass(seconds{10});
  EXPECT_THAT(script.step(input::ReadsPaused{1}), ElementsAre());
  script.pass(seconds{65});
  EXPECT_THAT(script.step(input::TimerFired{Timer::heartbeat, 1}), ElementsAre());
  script.pass(std::chrono::hours{1});
  EXPECT_THAT(script.step(input::ReadsResumed{1}),
              ElementsAre(action::SetTimer{Timer::heartbeat, 1, script.now + seconds{65}}));
  // A pause while the timer is set needs no new timer afterwards.
  script.step(input::ReadsPaused{1});
  EXPECT_THAT(script.step(input::ReadsResumed{1}), ElementsAre());
}

TEST(SchedulerSession, GrowsTheDelayUntilASubscriptionHasHeld) {
  SessionScript script;
  script.step(input::Start{});
  std::vector<milliseconds> ends;
  for (int attempt = 0; attempt < 12; ++attempt) {
    const auto actions = script.step(input::Lost{script.at(), lost(errc::connect_failed)});
    const auto delay = SessionScript::find<action::SetTimer>(actions)->at - script.now;
    EXPECT_LE(delay, milliseconds{15'000});
    script.retry(actions);
  }
  // A subscription that ends at once does not start the delays again ...
  script.subscribe();
  auto actions = script.step(input::Lost{script.at(), lost()});
  script.retry(actions);
  // ... one that held for as long as the longest delay does.
  script.subscribe();
  script.pass(seconds{15});
  actions = script.step(input::Lost{script.at(), lost()});
  EXPECT_LE(SessionScript::find<action::SetTimer>(actions)->at - script.now, milliseconds{500});
}

TEST(SchedulerSession, StopsInEveryState) {
  for (int steps = 0; steps <= 5; ++steps) {
    SessionScript script;
    script.step(input::Start{});
    if (steps > 0) script.step(input::Connected{1});
    if (steps > 1) script.step(SessionScript::accepted(1));
    if (steps > 2) script.step(input::SubscribedSeen{1, "fw-1", 15.0});
    if (steps > 3) script.step(input::Lost{1, lost()});
    const auto end = SessionScript::find<action::End>(script.step(input::Stop{}));
    ASSERT_TRUE(end.has_value()) << steps;
    EXPECT_FALSE(end->why) << steps;
    EXPECT_THAT(script.step(input::Stop{}), ElementsAre()) << steps;
    EXPECT_THAT(script.step(input::TimerFired{Timer::retry, script.at()}), ElementsAre()) << steps;
  }
}

TEST(SchedulerSession, CanRunAgain) {
  SessionScript script;
  script.subscribe("fw-1");
  script.step(input::Stop{});
  const auto connect = SessionScript::find<action::Connect>(script.step(input::Start{}));
  ASSERT_TRUE(connect.has_value());
  EXPECT_EQ(connect->attempt, script.at());
  EXPECT_THAT(script.step(input::Connected{script.at()}),
              ::testing::Contains(Action(action::SendSubscribe{script.at(), "fw-1"})));
}

TEST(SchedulerSession, EndsAfterATeardownWhicheverComesFirst) {
  for (const bool stream_first : {false, true}) {
    SessionScript script;
    script.subscribe();
    const Attempt attempt = script.at();
    script.step(input::TeardownSent{attempt});
    if (stream_first) {
      const auto actions = script.step(input::Lost{attempt, lost(errc::stream_ended)});
      EXPECT_FALSE(SessionScript::find<action::SetTimer>(actions).has_value()) << "it waits for the answer";
      EXPECT_TRUE(SessionScript::find<action::DeliverDisconnected>(actions).has_value());
    }
    const auto end = SessionScript::find<action::End>(script.step(input::TeardownEnded{attempt, true}));
    ASSERT_TRUE(end.has_value());
    EXPECT_FALSE(end->why);
  }
}

TEST(SchedulerSession, GoesOnAfterATeardownThatWasNotAccepted) {
  SessionScript script;
  script.subscribe();
  script.step(input::TeardownSent{script.at()});
  EXPECT_THAT(script.step(input::TeardownEnded{script.at(), false}), ElementsAre());
  EXPECT_EQ(script.session.state(), ConnectionState::subscribed);
  const Attempt attempt = script.at();
  script.step(input::TeardownSent{attempt});
  script.step(input::Lost{attempt, lost()});
  script.retry(script.step(input::TeardownEnded{attempt, false}));
  EXPECT_EQ(script.session.state(), ConnectionState::connecting);
}

TEST(SchedulerSession, PrintsItsActions) {
  std::ostringstream out;
  out << Action(action::SetTimer{Timer::retry, 3, TimePoint{milliseconds{5}}}) << ' '
      << Action(action::Connect{2, {"http", "h", 1, "/p"}}) << ' ' << Action(action::End{});
  EXPECT_EQ(out.str(), "SetTimer{retry, 3, 5 ms} Connect{2, http://h:1/p} End{as asked}");
}

}  // namespace
}  // namespace mesosio::policy
