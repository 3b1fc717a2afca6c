// Each event calls its callback, with its own content, and is itself unchanged afterwards.
#include "driver/dispatcher.hpp"

#include "driver/mock_scheduler.hpp"
#include "support/fake_master.hpp"

#include <stdexcept>

namespace mesosio::driver {
namespace {

using namespace ::testing;
using mesosio::testing::HasValue;
using scheduler::Event;

class DispatcherTest : public Test {
 protected:
  void deliver(const Event& event) {
    Event mine = event;
    dispatcher.deliver(mine);
    EXPECT_EQ(mine.SerializePartialAsString(), event.SerializePartialAsString());
  }

  static Event of_type(Event::Type type) {
    Event event;
    event.set_type(type);
    return event;
  }

  StrictMock<mesosio::testing::MockScheduler> scheduler;
  // Only handed on.
  MesosSchedulerDriver unused{&scheduler, SchedulerConfig()};
  SchedulerDriver* const driver = &unused;
  Dispatcher dispatcher{&scheduler, driver};
};

TEST_F(DispatcherTest, RegistersOnceForEachDriver) {
  const InSequence in_order;
  EXPECT_CALL(scheduler, registered(driver, HasValue("first"), Property(&MasterInfo::id, "fake-master")));
  EXPECT_CALL(scheduler, reregistered(driver, Property(&MasterInfo::id, "fake-master"))).Times(2);
  deliver(mesosio::testing::subscribed("first"));
  deliver(mesosio::testing::subscribed("first"));
  deliver(mesosio::testing::subscribed("first"));
}

TEST_F(DispatcherTest, AnOlderMasterNamesNoMaster) {
  Event event = mesosio::testing::subscribed();
  event.mutable_subscribed()->clear_master_info();
  EXPECT_CALL(scheduler, registered(_, _, Property(&MasterInfo::id, "")));
  deliver(event);
}

TEST_F(DispatcherTest, OffersComeTogetherAndKeepTheirMemory) {
  Event event = mesosio::testing::offers({"1", "2", "3"});
  const Offer* first = nullptr;
  EXPECT_CALL(scheduler, resourceOffers(driver, ElementsAre(Property(&Offer::id, HasValue("1")),
                                                            Property(&Offer::id, HasValue("2")),
                                                            Property(&Offer::id, HasValue("3")))))
      .WillOnce([&](SchedulerDriver*, const std::vector<Offer>& offers) { first = offers.data(); });
  const std::string* const hostname = &event.offers().offers(1).hostname();
  dispatcher.deliver(event);
  EXPECT_EQ(&event.offers().offers(1).hostname(), hostname);
  EXPECT_EQ(event.offers().offers(2).id().value(), "3");

  // Fewer and more, in the same vector.
  EXPECT_CALL(scheduler, resourceOffers(driver, SizeIs(1)))
      .WillOnce([&](SchedulerDriver*, const std::vector<Offer>& offers) { EXPECT_EQ(offers.data(), first); });
  deliver(mesosio::testing::offers({"4"}));
  EXPECT_CALL(scheduler, resourceOffers(driver, SizeIs(5)));
  deliver(mesosio::testing::offers({"5", "6", "7", "8", "9"}));
  EXPECT_CALL(scheduler, resourceOffers(driver, IsEmpty()));
  deliver(mesosio::testing::offers({}));
}

TEST_F(DispatcherTest, OffersAreWholeAgainAfterAnException) {
  Event event = mesosio::testing::offers({"1", "2"});
  EXPECT_CALL(scheduler, resourceOffers).WillOnce(Throw(std::runtime_error("no")));
  EXPECT_THROW(dispatcher.deliver(event), std::runtime_error);
  EXPECT_EQ(event.offers().offers(1).id().value(), "2");
}

TEST_F(DispatcherTest, InverseOffers) {
  Event event = of_type(Event::INVERSE_OFFERS);
  event.mutable_inverse_offers()->add_inverse_offers()->mutable_id()->set_value("1");
  EXPECT_CALL(scheduler, inverseOffers(driver, ElementsAre(Property(&InverseOffer::id, HasValue("1")))));
  deliver(event);

  Event rescind = of_type(Event::RESCIND_INVERSE_OFFER);
  rescind.mutable_rescind_inverse_offer()->mutable_inverse_offer_id()->set_value("1");
  EXPECT_CALL(scheduler, inverseOfferRescinded(driver, HasValue("1")));
  deliver(rescind);
}

TEST_F(DispatcherTest, RescindUpdateMessageHeartbeat) {
  const InSequence in_order;
  EXPECT_CALL(scheduler, offerRescinded(driver, HasValue("1")));
  Event rescind = of_type(Event::RESCIND);
  rescind.mutable_rescind()->mutable_offer_id()->set_value("1");
  deliver(rescind);

  EXPECT_CALL(scheduler, statusUpdate(driver, mesosio::testing::IsStatus("task", TASK_FAILED)));
  deliver(mesosio::testing::update("task", TASK_FAILED, ""));

  EXPECT_CALL(scheduler,
              frameworkMessage(driver, HasValue("executor"), HasValue("agent"), std::string("a\0b", 3)));
  Event message = of_type(Event::MESSAGE);
  message.mutable_message()->mutable_executor_id()->set_value("executor");
  message.mutable_message()->mutable_agent_id()->set_value("agent");
  message.mutable_message()->set_data(std::string("a\0b", 3));
  deliver(message);

  EXPECT_CALL(scheduler, heartbeat(driver));
  deliver(mesosio::testing::heartbeat());
}

TEST_F(DispatcherTest, OperationStatus) {
  Event event = of_type(Event::UPDATE_OPERATION_STATUS);
  event.mutable_update_operation_status()->mutable_status()->set_state(OPERATION_FAILED);
  EXPECT_CALL(scheduler, operationStatusUpdate(driver, Property(&OperationStatus::state, OPERATION_FAILED)));
  deliver(event);
}

TEST_F(DispatcherTest, FailureIsAnExecutorsOrAnAgents) {
  const InSequence in_order;
  EXPECT_CALL(scheduler, slaveLost(driver, HasValue("agent")));
  EXPECT_CALL(scheduler, executorLost(driver, HasValue("executor"), HasValue("agent"), 9));
  Event failure = of_type(Event::FAILURE);
  failure.mutable_failure()->mutable_agent_id()->set_value("agent");
  deliver(failure);
  failure.mutable_failure()->mutable_executor_id()->set_value("executor");
  failure.mutable_failure()->set_status(9);
  deliver(failure);
}

TEST_F(DispatcherTest, EventsWithoutTheirContentAreHandedOnAsUndecoded) {
  for (int number = Event::Type_MIN; number <= Event::Type_MAX; ++number) {
    if (!Event::Type_IsValid(number) || number == Event::HEARTBEAT || number == Event::ERROR) continue;
    EXPECT_CALL(scheduler, undecodedEvent(driver, _))
        .WillOnce([&](SchedulerDriver*, const UndecodedEvent& event) {
          EXPECT_EQ(event.cause.code, errc::malformed_message);
          EXPECT_EQ(event.size, 2u);
          EXPECT_EQ(event.record.size(), 2u);
        });
    deliver(of_type(static_cast<Event::Type>(number)));
  }
}

TEST_F(DispatcherTest, OfALargeUnknownEventTheBeginningIsKept) {
  Event event = of_type(Event::UNKNOWN);
  event.mutable_error()->set_message(std::string(10'000, 'x'));
  EXPECT_CALL(scheduler, undecodedEvent(driver, _))
      .WillOnce([&](SchedulerDriver*, const UndecodedEvent& undecoded) {
        EXPECT_EQ(undecoded.record.size(), 4096u);
        EXPECT_GT(undecoded.size, 10'000u);
      });
  deliver(event);
}

TEST_F(DispatcherTest, CallbacksHaveTheNamesThatLogsShow) {
  EXPECT_STREQ(Dispatcher::callback_name(mesosio::testing::subscribed(), false), "registered");
  EXPECT_STREQ(Dispatcher::callback_name(mesosio::testing::subscribed(), true), "reregistered");
  EXPECT_STREQ(Dispatcher::callback_name(mesosio::testing::offers({}), true), "resourceOffers");
  Event failure = of_type(Event::FAILURE);
  EXPECT_STREQ(Dispatcher::callback_name(failure, true), "slaveLost");
  failure.mutable_failure()->mutable_executor_id();
  EXPECT_STREQ(Dispatcher::callback_name(failure, true), "executorLost");
}

}  // namespace
}  // namespace mesosio::driver
