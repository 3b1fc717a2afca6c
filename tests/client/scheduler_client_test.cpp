// The subscription as the user of the Asio face sees it, against a master of real HTTP.
#include "client/client_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/use_future.hpp>

#include <limits>

namespace mesosio {
namespace {

using boost::asio::error::operation_aborted;
using ::testing::HasSubstr;

TEST_F(ClientTest, SubscribesAsMesosWantsIt) {
  auto config = config_for(master.address());
  config.framework.mutable_id()->set_value("fake-0000");
  config.framework.add_roles("r1");
  config.suppressed_roles = {"r1"};
  config.credential.emplace();
  config.credential->set_principal("me");
  config.credential->set_secret("secret");
  make(config);
  subscribe();
  const auto request = master.wait_for(scheduler::Call::SUBSCRIBE);
  EXPECT_EQ(request.target, "/api/v1/scheduler");
  EXPECT_EQ(request.header("Content-Type"), "application/x-protobuf");
  EXPECT_EQ(request.header("Accept"), "application/x-protobuf");
  EXPECT_EQ(request.header("Mesos-Stream-Id"), "");
  EXPECT_EQ(request.header("Authorization"), "Basic bWU6c2VjcmV0");
  EXPECT_EQ(request.call.framework_id().value(), "fake-0000");
  EXPECT_EQ(request.call.subscribe().framework_info().id().value(), "fake-0000");
  EXPECT_EQ(request.call.subscribe().suppressed_roles(0), "r1");
  EXPECT_EQ(client->framework_id(), "fake-0000");
  EXPECT_EQ(client->stats().state, ConnectionState::subscribed);
}

TEST_F(ClientTest, ReportsAFaultyConfigurationWhenItRuns) {
  const auto run_with = [this](SchedulerConfig config) {
    make(std::move(config));
    run_result.reset();
    run();
    EXPECT_FALSE(run_result.has_value());
    EXPECT_TRUE(until([&] { return run_result.has_value(); }));
    return client->run_error();
  };
  auto bad_master = config_for("zk://a:1/b");
  EXPECT_EQ(run_with(bad_master).code, errc::invalid_url);
  auto no_name = config_for(master.address());
  no_name.framework.clear_name();
  const auto error = run_with(no_name);
  EXPECT_EQ(error.code, errc::invalid_argument);
  EXPECT_THAT(error.message, HasSubstr("name"));
  auto colon = config_for(master.address());
  colon.credential.emplace();
  colon.credential->set_principal("a:b");
  EXPECT_THAT(run_with(colon).message, HasSubstr("colon"));
  receive();
  EXPECT_EQ(receive_result, errc::stopped) << "a receive must not wait for a run that failed";
}

TEST_F(ClientTest, SubscribesAgainAfterEachWayOfLosingTheStream) {
  make();
  subscribe();
  const std::pair<std::function<void()>, errc> losses[] = {
      {[this] { master.end_stream(); }, errc::stream_ended},
      {[this] { master.drop_stream(); }, errc::connection_lost},
      {[this] { master.send_bytes("x"); }, errc::recordio_bad_length},
  };
  std::size_t streams = 1;
  for (const auto& [lose, expected] : losses) {
    lose();
    auto received = receive();
    const auto* disconnected = std::get_if<Disconnected>(&received);
    ASSERT_NE(disconnected, nullptr);
    EXPECT_EQ(disconnected->cause.code, expected) << disconnected->cause.to_string();
    EXPECT_THAT(disconnected->cause.message, HasSubstr(master.address()));
    receive_event(scheduler::Event::SUBSCRIBED);
    master.wait_for_stream(++streams);
    EXPECT_EQ(master.wait_for(scheduler::Call::SUBSCRIBE, streams).call.framework_id().value(), "fake-0000");
  }
  EXPECT_EQ(client->stats().disconnections, 3U);
  EXPECT_EQ(client->stats().subscriptions, 4U);
}

TEST_F(ClientTest, TriesAgainUntilAMasterIsReady) {
  master.answer_next(scheduler::Call::SUBSCRIBE,
                     {testing::FakeAnswer::Kind::respond, 404, "404 Not Found.", {}});
  master.answer_next(scheduler::Call::SUBSCRIBE, {testing::FakeAnswer::Kind::respond, 503, "recovering", {}});
  master.answer_next(scheduler::Call::SUBSCRIBE, {testing::FakeAnswer::Kind::drop, 0, "", {}});
  master.answer_next(scheduler::Call::SUBSCRIBE, {testing::FakeAnswer::Kind::bytes, 0, "220 ready\r\n", {}});
  master.answer_next(scheduler::Call::SUBSCRIBE,
                     {testing::FakeAnswer::Kind::respond, 200, "<html>", {{"Content-Type", "text/html"}}});
  make();
  subscribe();
  EXPECT_EQ(client->stats().attempts, 6U);
}

TEST_F(ClientTest, EndsWithTheMastersErrorEvent) {
  make();
  subscribe();
  master.send(testing::error("Framework failed over"));
  EXPECT_EQ(receive_event(scheduler::Event::ERROR)->error().message(), "Framework failed over");
  ASSERT_TRUE(until([&] { return run_result.has_value(); }));
  EXPECT_EQ(*run_result, errc::error_event);
  EXPECT_EQ(client->run_error().peer_text, "Framework failed over");
  receive();
  EXPECT_EQ(receive_result, errc::stopped);
  EXPECT_EQ(master.count(scheduler::Call::SUBSCRIBE), 1U);
}

TEST_F(ClientTest, FollowsRedirectsToTheLeader) {
  testing::FakeMaster leader;
  master.answer_all({testing::FakeAnswer::Kind::respond,
                     307,
                     "",
                     {{"Location", "//" + leader.address() + "/master/api/v1/scheduler"}}});
  make();
  subscribe();
  EXPECT_EQ(leader.wait_for(scheduler::Call::SUBSCRIBE).target, "/master/api/v1/scheduler");
  EXPECT_EQ(call(calls::revive()).outcome, CallOutcome::accepted);
  EXPECT_EQ(leader.wait_for(scheduler::Call::REVIVE).target, "/master/api/v1/scheduler");
}

TEST_F(ClientTest, StopsReadingWhenTheConsumerIsSlowAndLosesNothing) {
  auto config = config_for(master.address());
  config.limits.max_queued_events = 4;
  make(config);
  subscribe();
  constexpr int count = 2'000;
  for (int number = 0; number < count; ++number) master.send(testing::offers({std::to_string(number)}));
  std::size_t most = 0;
  for (int number = 0; number < count; ++number) {
    const auto event = receive_event(scheduler::Event::OFFERS);
    ASSERT_TRUE(event);
    ASSERT_EQ(event->offers().offers(0).id().value(), std::to_string(number));
    most = std::max<std::size_t>(most, client->stats().queued_events);
  }
  EXPECT_LE(most, 4U);
  EXPECT_EQ(client->stats().disconnections, 0U);
}

TEST_F(ClientTest, EmptiesItsQueueWithoutWaiting) {
  make();
  subscribe();
  for (int number = 0; number < 20; ++number) master.send(testing::heartbeat());
  int received = 0;
  while (received < 20) {
    receive_event(scheduler::Event::HEARTBEAT);
    ++received;
    SchedulerReceived more;
    while (client->try_receive(more)) {
      EXPECT_EQ(std::get<SchedulerEvent>(more)->type(), scheduler::Event::HEARTBEAT);
      ++received;
    }
  }
  EXPECT_EQ(received, 20);
}

TEST_F(ClientTest, HandsOnWhatItCannotDecodeAndGoesOn) {
  make();
  subscribe();
  master.send_bytes("5\nabcde");
  master.send(testing::heartbeat());
  auto received = receive();
  const auto* undecoded = std::get_if<UndecodedEvent>(&received);
  ASSERT_NE(undecoded, nullptr);
  EXPECT_EQ(undecoded->record, "abcde");
  EXPECT_EQ(undecoded->size, 5U);
  EXPECT_EQ(undecoded->cause.code, errc::malformed_message);
  receive_event(scheduler::Event::HEARTBEAT);
  EXPECT_EQ(client->stats().undecoded_events, 1U);
}

TEST_F(ClientTest, GivesRawRecordsByTheSameRules) {
  auto config = config_for(master.address());
  config.receive_mode = ReceiveMode::raw;
  make(config);
  run();
  std::vector<SchedulerReceivedRaw> got;
  const auto receive_raw = [&] {
    const auto wanted = got.size() + 1;
    client->async_receive_raw([&](error_code code, SchedulerReceivedRaw received) {
      receive_result = code;
      got.push_back(std::move(received));
    });
    EXPECT_TRUE(until([&] { return got.size() == wanted; }));
  };
  receive_raw();
  const auto offers = testing::offers({"o1"});
  master.send(offers);
  receive_raw();
  master.drop_stream();
  receive_raw();
  ASSERT_EQ(got.size(), 3U);
  EXPECT_EQ(std::get<RawEvent>(got[0]).type, scheduler::Event::SUBSCRIBED);
  EXPECT_EQ(std::get<RawEvent>(got[1]).record, offers.SerializeAsString());
  EXPECT_TRUE(std::holds_alternative<Disconnected>(got[2]));
  receive();
  EXPECT_EQ(receive_result, errc::wrong_receive_mode);
}

TEST_F(ClientTest, LosesNoEventWhenAReceiveIsCancelled) {
  make();
  subscribe();
  boost::asio::cancellation_signal signal;
  std::optional<error_code> cancelled;
  client->async_receive(boost::asio::bind_cancellation_slot(
      signal.slot(), [&](error_code code, SchedulerReceived) { cancelled = code; }));
  settle();
  receive();
  EXPECT_EQ(receive_result, errc::receive_outstanding);
  signal.emit(boost::asio::cancellation_type::total);
  ASSERT_TRUE(until([&] { return cancelled.has_value(); }));
  EXPECT_EQ(*cancelled, operation_aborted);
  master.send(testing::offers({"kept"}));
  EXPECT_EQ(receive_event(scheduler::Event::OFFERS)->offers().offers(0).id().value(), "kept");
}

TEST_F(ClientTest, CancelEndsEverythingOnce) {
  make();
  subscribe();
  master.answer_next(scheduler::Call::REVIVE, {testing::FakeAnswer::Kind::hold, 0, "", {}});
  int completions = 0;
  std::vector<error_code> codes;
  const auto note = [&](error_code code, auto&&...) {
    ++completions;
    codes.push_back(code);
  };
  client->async_receive(note);
  client->async_call(calls::revive(), note);
  ASSERT_TRUE(until([&] { return master.count(scheduler::Call::REVIVE) == 1; }));
  EXPECT_EQ(completions, 0);
  client->cancel();
  EXPECT_EQ(completions, 0) << "cancel must not run handlers itself";
  ASSERT_TRUE(until([&] { return completions == 2 && run_result.has_value(); }));
  EXPECT_EQ(*run_result, operation_aborted);
  EXPECT_THAT(codes, ::testing::Each(error_code(operation_aborted)));
  // And it can be run again.
  run_result.reset();
  subscribe();
}

TEST_F(ClientTest, CancelsARunThroughItsSlot) {
  make();
  boost::asio::cancellation_signal signal;
  client->async_run(
      boost::asio::bind_cancellation_slot(signal.slot(), [this](error_code code) { run_result = code; }));
  receive_event(scheduler::Event::SUBSCRIBED);
  signal.emit(boost::asio::cancellation_type::terminal);
  ASSERT_TRUE(until([&] { return run_result.has_value(); }));
  EXPECT_EQ(*run_result, operation_aborted);
}

TEST_F(ClientTest, RunsOnlyOnceAtATime) {
  make();
  subscribe();
  std::optional<error_code> second;
  client->async_run([&](error_code code) { second = code; });
  ASSERT_TRUE(until([&] { return second.has_value(); }));
  EXPECT_EQ(*second, errc::already_running);
  EXPECT_FALSE(run_result.has_value());
}

TEST_F(ClientTest, MayBeDestroyedInAnyHandler) {
  for (const bool in_receive : {true, false}) {
    make();
    run();
    bool destroyed = false;
    const auto destroy = [&](auto&&...) {
      client.reset();
      destroyed = true;
    };
    if (in_receive) {
      client->async_receive(destroy);
    } else {
      receive_event(scheduler::Event::SUBSCRIBED);
      client->async_call(calls::revive(), destroy);
    }
    ASSERT_TRUE(until([&] { return destroyed; }));
    run_result.reset();
    ASSERT_TRUE(until([&] { return run_result.has_value() || io.stopped(); }));
    settle();
  }
}

TEST_F(ClientTest, MayBeDestroyedWithEverythingOutstandingAndNoOneToRunIt) {
  make();
  subscribe();
  bool ran = false;
  client->async_receive([&](error_code, SchedulerReceived) { ran = true; });
  client->async_call(calls::revive(), [&](error_code, CallResult) { ran = true; });
  settle();
  client->async_call(calls::suppress(), [&](error_code, CallResult) { ran = true; });
  client.reset();
  // The io_context is destroyed with the fixture, and with it what was never run.
}

TEST_F(ClientTest, TakesTheLongestTimesThatCanBeWritten) {
  auto config = config_for(master.address());
  config.timeouts.connect = config.timeouts.response = config.timeouts.teardown =
      std::chrono::milliseconds::max();
  config.timeouts.missed_heartbeats = std::numeric_limits<int>::max();
  config.limits.max_queued_calls = 0;
  make(config);
  subscribe();
  EXPECT_EQ(call(calls::revive()).outcome, CallOutcome::accepted);
  EXPECT_EQ(client->stats().attempts, 1U);
}

TEST_F(ClientTest, EndsWhereOtherCredentialsAreWanted) {
  master.answer_next(
      scheduler::Call::SUBSCRIBE,
      {testing::FakeAnswer::Kind::respond, 401, "", {{"WWW-Authenticate", "Basic realm=\"mesos\""}}});
  make();
  run();
  ASSERT_TRUE(until([&] { return run_result.has_value(); }));
  EXPECT_EQ(*run_result, errc::unauthorized);
  EXPECT_THAT(client->run_error().message, HasSubstr("Basic realm=\"mesos\""));
}

TEST_F(ClientTest, CancelsOnlyTheRunThatTheSlotIsOf) {
  make();
  subscribe();
  boost::asio::cancellation_signal signal;
  bool refused = false;
  client->async_run(boost::asio::bind_cancellation_slot(signal.slot(), [&](error_code) { refused = true; }));
  signal.emit(boost::asio::cancellation_type::terminal);
  ASSERT_TRUE(until([&] { return refused; }));
  settle();
  EXPECT_FALSE(run_result.has_value());
}

TEST_F(ClientTest, NoticesASilentMaster) {
  auto config = config_for(master.address());
  config.timeouts.missed_heartbeats = 2;
  testing::FakeMaster silent({true, "fake-0000", 0.05, 0});
  config.master = silent.address();
  make(config);
  subscribe();
  auto received = receive();
  const auto* disconnected = std::get_if<Disconnected>(&received);
  ASSERT_NE(disconnected, nullptr);
  EXPECT_EQ(disconnected->cause.code, errc::heartbeat_timeout);
}

TEST_F(ClientTest, CompletesThroughFutures) {
  make();
  auto future = client->async_run(boost::asio::use_future);
  receive_event(scheduler::Event::SUBSCRIBED);
  client->cancel();
  ASSERT_TRUE(until([&] { return future.wait_for(std::chrono::seconds{0}) == std::future_status::ready; }));
  EXPECT_THROW(future.get(), boost::system::system_error);
}

}  // namespace
}  // namespace mesosio
