// Calls of the Asio face: what is sent, in which order, and the one result of each.
#include "client/client_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <thread>

namespace mesosio {
namespace {

using ::testing::HasSubstr;
using Kind = testing::FakeAnswer::Kind;

TEST_F(ClientTest, SendsCallsWithFrameworkAndStreamId) {
  make();
  subscribe();
  const auto result = call(calls::revive({"r1"}));
  EXPECT_EQ(result.outcome, CallOutcome::accepted);
  EXPECT_EQ(result.status, 202);
  EXPECT_FALSE(result.error);
  const auto request = master.wait_for(scheduler::Call::REVIVE);
  EXPECT_EQ(request.call.framework_id().value(), "fake-0000");
  EXPECT_EQ(request.call.revive().roles(0), "r1");
  EXPECT_EQ(request.header("Mesos-Stream-Id"), master.stream_id());
  EXPECT_EQ(request.header("Content-Type"), "application/x-protobuf");
  EXPECT_NE(request.connection, master.wait_for(scheduler::Call::SUBSCRIBE).connection);
}

TEST_F(ClientTest, RefusesCallsThatBreakARuleAndSendsNothing) {
  make();
  subscribe();
  scheduler::Call unknown;
  scheduler::Call subscribe_call;
  subscribe_call.set_type(scheduler::Call::SUBSCRIBE);
  auto acknowledge = scheduler::Call();
  acknowledge.set_type(scheduler::Call::ACKNOWLEDGE);
  acknowledge.mutable_acknowledge()->mutable_agent_id()->set_value("a");
  acknowledge.mutable_acknowledge()->mutable_task_id()->set_value("t");
  acknowledge.mutable_acknowledge()->set_uuid("short");
  auto foreign = calls::revive();
  foreign.mutable_framework_id()->set_value("another");
  const std::pair<scheduler::Call, std::string> faulty[] = {{unknown, "type"},
                                                            {subscribe_call, "SUBSCRIBE"},
                                                            {acknowledge, "acknowledge.uuid"},
                                                            {foreign, "framework_id"}};
  for (const auto& [bad, field] : faulty) {
    const auto result = call(bad);
    EXPECT_EQ(result.outcome, CallOutcome::invalid) << bad.ShortDebugString();
    EXPECT_EQ(result.error.code, errc::invalid_call);
    EXPECT_THAT(result.error.message, HasSubstr(field));
  }
  EXPECT_EQ(call(calls::revive()).outcome, CallOutcome::accepted);
  EXPECT_EQ(master.calls().size(), 2U) << "only SUBSCRIBE and REVIVE";
}

TEST_F(ClientTest, KnowsEmptySuccessOfUpdateFramework) {
  make();
  subscribe();
  auto info = config_for("").framework;
  info.mutable_id()->set_value("fake-0000");
  const auto result = call(calls::update_framework(info));
  EXPECT_EQ(result.outcome, CallOutcome::accepted);
  EXPECT_EQ(result.status, 200);
}

TEST_F(ClientTest, GivesTheMastersWords) {
  make();
  subscribe();
  master.answer_next(scheduler::Call::REVIVE, {Kind::respond, 400, "Framework cannot be found\n", {}});
  const auto result = call(calls::revive());
  EXPECT_EQ(result.outcome, CallOutcome::refused);
  EXPECT_EQ(result.status, 400);
  EXPECT_EQ(result.error.code, errc::call_refused);
  EXPECT_EQ(result.error.peer_text, "Framework cannot be found\\x0A");
  EXPECT_EQ(client->stats().state, ConnectionState::subscribed);
}

TEST_F(ClientTest, SubscribesAgainWhenTheMasterKnowsOfNoSubscription) {
  make();
  subscribe();
  master.answer_next(scheduler::Call::REVIVE, {Kind::respond, 403, "Framework is not subscribed", {}});
  const auto result = call(calls::revive());
  EXPECT_EQ(result.outcome, CallOutcome::not_subscribed);
  EXPECT_EQ(result.status, 403);
  auto received = receive();
  EXPECT_TRUE(std::holds_alternative<Disconnected>(received));
  receive_event(scheduler::Event::SUBSCRIBED);
}

TEST_F(ClientTest, RefusesCallsWhileNotSubscribed) {
  make();
  EXPECT_EQ(call(calls::revive()).outcome, CallOutcome::not_subscribed);
  subscribe();
  master.answer_all({Kind::respond, 503, "", {}});
  master.drop_stream();
  EXPECT_TRUE(std::holds_alternative<Disconnected>(receive()));
  const auto result = call(calls::revive());
  EXPECT_EQ(result.outcome, CallOutcome::not_subscribed);
  EXPECT_EQ(result.error.code, errc::not_subscribed);
}

TEST_F(ClientTest, SendsInTheOrderOfMaking) {
  make();
  subscribe();
  constexpr std::size_t count = 500;
  std::vector<std::size_t> answered;
  for (std::size_t number = 0; number < count; ++number) {
    client->async_call(calls::revive({std::to_string(number)}), [&, number](error_code code, CallResult) {
      EXPECT_FALSE(code);
      answered.push_back(number);
    });
  }
  ASSERT_TRUE(until([&] { return answered.size() == count; }));
  std::size_t number = 0;
  for (const auto& sent : master.calls()) {
    if (sent.type() != scheduler::Call::REVIVE) continue;
    EXPECT_EQ(sent.revive().roles(0), std::to_string(number++));
  }
  EXPECT_EQ(number, count);
  EXPECT_TRUE(std::is_sorted(answered.begin(), answered.end()));
}

TEST_F(ClientTest, BoundsTheCallsThatWait) {
  auto config = config_for(master.address());
  config.limits.max_queued_calls = 3;
  config.limits.max_pipelined_calls = 1;
  make(config);
  subscribe();
  master.answer_next(scheduler::Call::REVIVE, {Kind::hold, 0, "", {}});
  std::vector<CallOutcome> outcomes;
  const auto note = [&](error_code, CallResult result) { outcomes.push_back(result.outcome); };
  client->async_call(calls::revive(), note);
  ASSERT_TRUE(until([&] { return master.count(scheduler::Call::REVIVE) == 1; }));
  for (int number = 0; number < 4; ++number) client->async_call(calls::revive(), note);
  ASSERT_TRUE(until([&] { return outcomes.size() == 1; }));
  EXPECT_EQ(outcomes.front(), CallOutcome::queue_full);
  master.release();
  ASSERT_TRUE(until([&] { return outcomes.size() == 5; }));
  EXPECT_EQ(std::count(outcomes.begin(), outcomes.end(), CallOutcome::accepted), 4);
}

TEST_F(ClientTest, SaysThatTheOutcomeIsUnknownAndKeepsTheSubscription) {
  make();
  subscribe();
  master.answer_next(scheduler::Call::REVIVE, {Kind::drop, 0, "", {}});
  const auto result = call(calls::revive());
  EXPECT_EQ(result.outcome, CallOutcome::unknown);
  EXPECT_EQ(result.error.code, errc::outcome_unknown);
  EXPECT_EQ(client->stats().state, ConnectionState::subscribed);
  EXPECT_EQ(call(calls::suppress()).outcome, CallOutcome::accepted);
  EXPECT_EQ(client->stats().disconnections, 0U);
}

TEST_F(ClientTest, WaitsForAnswersAfterTheStreamHasEnded) {
  make();
  subscribe();
  master.answer_next(scheduler::Call::REVIVE, {Kind::hold, 0, "", {}});
  std::optional<CallResult> held;
  client->async_call(calls::revive(), [&](error_code, CallResult result) { held = std::move(result); });
  ASSERT_TRUE(until([&] { return master.count(scheduler::Call::REVIVE) == 1; }));
  master.drop_stream();
  EXPECT_TRUE(std::holds_alternative<Disconnected>(receive()));
  receive_event(scheduler::Event::SUBSCRIBED);
  EXPECT_FALSE(held.has_value());
  master.release();
  ASSERT_TRUE(until([&] { return held.has_value(); }));
  // The stream id is an old one by now, which the master says in its own words.
  EXPECT_EQ(held->outcome, CallOutcome::refused);
  EXPECT_EQ(held->status, 400);
}

TEST_F(ClientTest, EndsTheRunAfterATeardown) {
  make();
  subscribe();
  EXPECT_EQ(call(calls::teardown()).outcome, CallOutcome::accepted);
  ASSERT_TRUE(until([&] { return run_result.has_value(); }));
  EXPECT_FALSE(*run_result) << run_result->message();
  EXPECT_FALSE(client->run_error());
  receive();
  EXPECT_EQ(receive_result, errc::stopped);
  EXPECT_EQ(master.count(scheduler::Call::SUBSCRIBE), 1U);
}

TEST_F(ClientTest, CancelsCallsBeforeAndAfterTheyAreWritten) {
  auto config = config_for(master.address());
  config.limits.max_pipelined_calls = 1;
  make(config);
  subscribe();
  master.answer_next(scheduler::Call::REVIVE, {Kind::hold, 0, "", {}});
  boost::asio::cancellation_signal written;
  boost::asio::cancellation_signal waiting;
  std::vector<std::pair<error_code, CallOutcome>> results;
  const auto note = [&](error_code code, CallResult result) { results.emplace_back(code, result.outcome); };
  client->async_call(calls::revive(), boost::asio::bind_cancellation_slot(written.slot(), note));
  ASSERT_TRUE(until([&] { return master.count(scheduler::Call::REVIVE) == 1; }));
  client->async_call(calls::suppress(), boost::asio::bind_cancellation_slot(waiting.slot(), note));
  settle();
  waiting.emit(boost::asio::cancellation_type::terminal);
  ASSERT_TRUE(until([&] { return results.size() == 1; }));
  written.emit(boost::asio::cancellation_type::terminal);
  ASSERT_TRUE(until([&] { return results.size() == 2; }));
  EXPECT_EQ(results[0], std::pair(error_code(boost::asio::error::operation_aborted), CallOutcome::cancelled));
  EXPECT_EQ(results[1], std::pair(error_code(boost::asio::error::operation_aborted), CallOutcome::unknown));
  master.release();
  EXPECT_EQ(call(calls::revive()).outcome, CallOutcome::accepted);
  EXPECT_EQ(master.count(scheduler::Call::SUPPRESS), 0U);
}

TEST_F(ClientTest, ForgetsAConnectionWithTheLastOfItsCalls) {
  make();
  subscribe();
  master.answer_next(scheduler::Call::REVIVE, {Kind::hold, 0, "", {}});
  boost::asio::cancellation_signal signal;
  std::optional<CallOutcome> outcome;
  client->async_call(calls::revive(),
                     boost::asio::bind_cancellation_slot(
                         signal.slot(), [&](error_code, CallResult result) { outcome = result.outcome; }));
  ASSERT_TRUE(until([&] { return master.count(scheduler::Call::REVIVE) == 1; }));
  master.drop_stream();
  EXPECT_TRUE(std::holds_alternative<Disconnected>(receive()));
  receive_event(scheduler::Event::SUBSCRIBED);
  signal.emit(boost::asio::cancellation_type::terminal);
  ASSERT_TRUE(until([&] { return outcome.has_value(); }));
  EXPECT_EQ(*outcome, CallOutcome::unknown);
  master.release();
  // What is left is the stream, and no connection for calls.
  EXPECT_TRUE(until([&] { return master.connections() == 1; }));
}

TEST_F(ClientTest, DoesNotTakeItsOwnSlownessForTheMasters) {
  auto config = config_for(master.address());
  config.timeouts.response = std::chrono::milliseconds{200};
  make(config);
  subscribe();
  // Long answers, so that it takes several reads to get them.
  master.answer_all({Kind::respond, 202, "", {{"X-Padding", std::string(1'000, 'x')}}});
  constexpr int count = 60;
  int accepted = 0;
  int ended = 0;
  for (int number = 0; number < count; ++number) {
    client->async_call(calls::revive(), [&, number](error_code code, CallResult result) {
      ++ended;
      accepted += code ? 0 : 1;
      EXPECT_FALSE(code) << result.error.to_string();
      if (number > 0) return;
      // The handler of the first holds the thread until all are sent and their time is over.
      const auto over = std::chrono::steady_clock::now() + std::chrono::milliseconds{400};
      master.wait_for(scheduler::Call::REVIVE, count);
      while (std::chrono::steady_clock::now() < over) std::this_thread::yield();
    });
  }
  ASSERT_TRUE(until([&] { return ended == count; }));
  EXPECT_EQ(accepted, count);
}

TEST_F(ClientTest, GoesOnAfterAHandlerThrew) {
  make();
  subscribe();
  struct Thrown {};
  client->async_call(calls::revive(), [](error_code, CallResult) { throw Thrown(); });
  EXPECT_THROW(static_cast<void>(until([] { return false; })), Thrown);
  EXPECT_EQ(call(calls::suppress()).outcome, CallOutcome::accepted);
  client->async_receive([](error_code, SchedulerReceived) { throw Thrown(); });
  master.send(testing::heartbeat());
  EXPECT_THROW(static_cast<void>(until([] { return false; })), Thrown);
  master.send(testing::heartbeat());
  receive_event(scheduler::Event::HEARTBEAT);
}

TEST_F(ClientTest, NamesTheFieldOfAnUpdateWithoutId) {
  make();
  subscribe();
  const auto result = call(calls::update_framework(config_for("").framework));
  EXPECT_EQ(result.outcome, CallOutcome::invalid);
  EXPECT_THAT(result.error.message, HasSubstr("update_framework.framework_info.id must be set"));
}

TEST(SchedulerClientThreads, TakesCallsFromManyThreadsWhileEventsCome) {
  testing::FakeMaster master;
  boost::asio::thread_pool pool(3);
  std::atomic<int> accepted{0};
  std::atomic<int> events{0};
  {
    auto config = config_for(master.address());
    config.limits.max_queued_events = 8;
    SchedulerClient client(pool, config);
    std::function<void(error_code, SchedulerReceived)> on_receive = [&](error_code code, SchedulerReceived) {
      if (code) return;
      ++events;
      SchedulerReceived more;
      while (client.try_receive(more)) ++events;
      client.async_receive(on_receive);
    };
    client.async_receive(on_receive);
    auto run = client.async_run(boost::asio::use_future);
    master.wait_for_stream();
    while (client.stats().state != ConnectionState::subscribed) std::this_thread::yield();
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&] {
        for (int number = 0; number < 100; ++number) {
          client.async_call(calls::revive(), [&](error_code code, CallResult) { accepted += code ? 0 : 1; });
          if (number % 10 == 0) static_cast<void>(client.stats());
        }
      });
    }
    for (int number = 0; number < 200; ++number) master.send(testing::heartbeat());
    for (auto& thread : threads) thread.join();
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while ((accepted < 400 || events < 201) && std::chrono::steady_clock::now() < limit)
      std::this_thread::yield();
    client.cancel();
    EXPECT_THROW(run.get(), boost::system::system_error);
  }
  pool.join();
  EXPECT_EQ(accepted, 400);
  EXPECT_EQ(events, 201);
}

}  // namespace
}  // namespace mesosio
