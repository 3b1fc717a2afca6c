// What each answer of a peer to SUBSCRIBE, and of a master to a call, does to the subscription.
#include "policy/session_script.hpp"

namespace mesosio::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Brings the session to the point where the answer to SUBSCRIBE is awaited.
void await_answer(SessionScript& script) {
  if (script.at() == 0) script.step(input::Start{});
  script.step(input::Connected{script.at()});
  ASSERT_EQ(script.session.state(), ConnectionState::subscribing);
}

input::Answered status(Attempt attempt, int code, std::string body = "") {
  return {attempt, code, "", "text/plain", "", "", std::move(body)};
}

input::Answered redirect(Attempt attempt, std::string location) {
  return {attempt, 307, "", "", std::move(location), "", ""};
}

TEST(SchedulerSessionAnswers, TriesAgainWhatCanPass) {
  for (const int code : {404, 503, 500, 502, 504, 429}) {
    SessionScript script;
    await_answer(script);
    const auto actions = script.step(status(1, code, "No leader elected"));
    EXPECT_FALSE(SessionScript::find<action::End>(actions).has_value()) << code;
    EXPECT_THAT(script.logs.back(), HasSubstr("No leader elected")) << code;
    script.retry(actions);
    EXPECT_EQ(script.session.state(), ConnectionState::connecting) << code;
  }
}

TEST(SchedulerSessionAnswers, EndsWithWhatCannotPass) {
  const std::pair<int, errc> refusals[] = {{400, errc::refused}, {401, errc::unauthorized},
                                           {403, errc::refused}, {405, errc::refused},
                                           {406, errc::refused}, {415, errc::refused}};
  for (const auto& [code, expected] : refusals) {
    SessionScript script;
    await_answer(script);
    const auto end = SessionScript::find<action::End>(script.step(status(1, code, "the master's words\n")));
    ASSERT_TRUE(end.has_value()) << code;
    EXPECT_EQ(end->why.code, expected) << code;
    EXPECT_EQ(end->why.peer_text, "the master's words\\x0A") << code;
  }
}

TEST(SchedulerSessionAnswers, TriesAgainWhereThePeerIsNoMaster) {
  for (const int code : {200, 204, 302, 418, 999}) {
    SessionScript script;
    await_answer(script);
    const auto actions =
        script.step(input::Answered{1, code, "", "text/html; charset=utf-8", "", "", "<html>"});
    EXPECT_FALSE(SessionScript::find<action::End>(actions).has_value()) << code;
    EXPECT_EQ(script.session.state(), ConnectionState::disconnected) << code;
    EXPECT_THAT(script.logs.back(), HasSubstr("http://m1:5050/api/v1/scheduler")) << code;
    EXPECT_THAT(script.logs.back(), HasSubstr("subscribing again in")) << code;
  }
}

TEST(SchedulerSessionAnswers, WantsAStreamIdThatCanBeSentBack) {
  for (const std::string& id :
       {std::string(), std::string(129, 'a'), std::string("a b"), std::string("a\r\nb")}) {
    SessionScript script;
    await_answer(script);
    script.step(SessionScript::accepted(1, id));
    EXPECT_EQ(script.session.state(), ConnectionState::disconnected);
    EXPECT_THAT(script.logs.back(), HasSubstr("Mesos-Stream-Id"));
  }
}

TEST(SchedulerSessionAnswers, FollowsRedirectsWithTheirPath) {
  SessionScript script;
  await_answer(script);
  const auto actions = script.step(redirect(1, "//m2:5051/master/api/v1/scheduler"));
  EXPECT_THAT(actions, ElementsAre(action::CloseStream{}, action::CancelTimers{},
                                   action::Connect{2, {"http", "m2", 5051, "/master/api/v1/scheduler"}}));
  EXPECT_THAT(script.step(input::Lost{1, lost()}), ElementsAre()) << "the old connection is stale";
}

TEST(SchedulerSessionAnswers, FollowsFiveRedirectsInARowAndThenWaits) {
  SessionScript script;
  script.step(input::Start{});
  for (int hop = 0; hop < 5; ++hop) {
    await_answer(script);
    EXPECT_TRUE(SessionScript::find<action::Connect>(script.step(redirect(script.at(), "//m2:5050")))) << hop;
  }
  await_answer(script);
  const auto actions = script.step(redirect(script.at(), "//m1:5050"));
  EXPECT_FALSE(SessionScript::find<action::Connect>(actions).has_value());
  EXPECT_THAT(script.logs.back(), HasSubstr("after 5 redirects in a row"));
  // The leader is forgotten with the failure: the next attempt asks the configured master, and may be
  // redirected again.
  script.now = SessionScript::find<action::SetTimer>(actions)->at;
  const auto again = script.step(input::TimerFired{Timer::retry, script.at()});
  EXPECT_EQ(SessionScript::find<action::Connect>(again)->endpoint, SessionScript::default_config().master);
  await_answer(script);
  EXPECT_TRUE(SessionScript::find<action::Connect>(script.step(redirect(script.at(), "//m2:5050"))));
}

TEST(SchedulerSessionAnswers, DoesNotFollowARedirectToNowhere) {
  for (const char* location : {"", "ftp://m2/", "//", "//m2:99999/", "//user:secret@m2:5050/"}) {
    SessionScript script;
    await_answer(script);
    const auto actions = script.step(redirect(1, location));
    EXPECT_FALSE(SessionScript::find<action::Connect>(actions).has_value()) << location;
    EXPECT_EQ(script.session.state(), ConnectionState::disconnected) << location;
    EXPECT_THAT(script.logs.back(), HasSubstr("subscribing again in")) << location;
  }
}

TEST(SchedulerSessionAnswers, WaitsForAnAnswerOnlySoLong) {
  SessionScript script;
  await_answer(script);
  script.pass(std::chrono::seconds{75});
  const auto actions = script.step(input::TimerFired{Timer::response, 1});
  EXPECT_EQ(script.session.state(), ConnectionState::disconnected);
  EXPECT_THAT(script.logs.back(), HasSubstr("did not answer SUBSCRIBE within 75000 ms"));
  script.retry(actions);
  script.subscribe();
  EXPECT_THAT(script.step(input::TimerFired{Timer::response, script.at()}), ElementsAre())
      << "it was answered";
}

TEST(SchedulerSessionAnswers, EndsTheSubscriptionWhenTheMasterKnowsOfNone) {
  SessionScript script;
  script.subscribe();
  const auto actions = script.step(
      input::CallAnswered{script.at(), codec::CallAnswer::not_subscribed, "Framework is not subscribed"});
  const auto disconnected = SessionScript::find<action::DeliverDisconnected>(actions);
  ASSERT_TRUE(disconnected.has_value());
  EXPECT_EQ(disconnected->cause.code, errc::not_subscribed);
  EXPECT_EQ(disconnected->cause.peer_text, "Framework is not subscribed");
}

TEST(SchedulerSessionAnswers, KeepsTheSubscriptionAfterOtherRefusalsOfCalls) {
  SessionScript script;
  script.subscribe();
  for (const auto answer : {codec::CallAnswer::refused, codec::CallAnswer::unauthorized,
                            codec::CallAnswer::unavailable, codec::CallAnswer::accepted}) {
    EXPECT_THAT(script.step(input::CallAnswered{script.at(), answer, "no"}), ElementsAre());
  }
  EXPECT_EQ(script.session.state(), ConnectionState::subscribed);
}

TEST(SchedulerSessionAnswers, TakesASecondSubscribedOnTheSameStream) {
  SessionScript script;
  script.subscribe("fw-1");
  EXPECT_THAT(script.step(input::SubscribedSeen{1, "fw-1", 1.0}),
              ElementsAre(action::SetTimer{Timer::heartbeat, 1, script.now + std::chrono::seconds{5}},
                          action::Deliver{}));
  script.step(input::SubscribedSeen{1, "fw-2", 1.0});
  EXPECT_EQ(script.session.state(), ConnectionState::disconnected);
  EXPECT_THAT(script.logs.back(), HasSubstr("changed the framework id of a stream from fw-1 to fw-2"));
}

TEST(SchedulerSessionAnswers, SaysWhenTheMasterGivesAnotherFrameworkId) {
  SessionScript script;
  script.subscribe("fw-1");
  script.retry(script.step(input::Lost{script.at(), lost()}));
  script.subscribe("fw-2");
  EXPECT_THAT(script.logs, ::testing::Contains(HasSubstr("calls framework fw-1 now fw-2")));
}

TEST(SchedulerSessionAnswers, WaitsForSubscribedOnlySoLong) {
  SessionScript script;
  await_answer(script);
  script.step(SessionScript::accepted(1));
  script.pass(std::chrono::seconds{60});
  script.step(input::EventSeen{1, true});
  // While nobody reads, SUBSCRIBED may be there and wait.
  script.step(input::ReadsPaused{1});
  script.pass(std::chrono::seconds{15});
  EXPECT_THAT(script.step(input::TimerFired{Timer::response, 1}),
              ElementsAre(action::SetTimer{Timer::response, 1, script.now + std::chrono::seconds{75}}));
  script.step(input::ReadsResumed{1});
  script.step(input::EventSeen{1, true});
  script.step(input::TimerFired{Timer::response, 1});
  EXPECT_EQ(script.session.state(), ConnectionState::disconnected);
  EXPECT_THAT(script.logs.back(), HasSubstr("sent no SUBSCRIBED event within 75000 ms"));
}

}  // namespace
}  // namespace mesosio::policy
