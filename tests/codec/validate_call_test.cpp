// The rules for all 17 types of scheduler Calls, with the texts of a real master.
#include "codec/validate_call.hpp"

#include "codec/uuid.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace mesosio::codec {
namespace {

using mesos::v1::Offer;
using mesos::v1::scheduler::Call;
using testing::HasSubstr;

const std::string prefix = "Failed to validate scheduler::Call: ";

void fill_framework(mesos::v1::FrameworkInfo& info) {
  info.set_user("nobody");
  info.set_name("test");
  info.mutable_id()->set_value("framework");
}

// A call of each type that keeps all rules.
Call valid_call(Call::Type type) {
  Call call;
  call.set_type(type);
  call.mutable_framework_id()->set_value("framework");
  const std::string uuid = UuidGenerator(1).next();
  switch (type) {
    case Call::SUBSCRIBE:
      fill_framework(*call.mutable_subscribe()->mutable_framework_info());
      break;
    case Call::ACCEPT: {
      call.mutable_accept()->add_offer_ids()->set_value("offer");
      auto& operation = *call.mutable_accept()->add_operations();
      operation.set_type(Offer::Operation::LAUNCH);
      operation.mutable_launch();
      break;
    }
    case Call::DECLINE:
      call.mutable_decline()->add_offer_ids()->set_value("offer");
      break;
    case Call::ACCEPT_INVERSE_OFFERS:
      call.mutable_accept_inverse_offers()->add_inverse_offer_ids()->set_value("inverse");
      break;
    case Call::DECLINE_INVERSE_OFFERS:
      call.mutable_decline_inverse_offers()->add_inverse_offer_ids()->set_value("inverse");
      break;
    case Call::KILL:
      call.mutable_kill()->mutable_task_id()->set_value("task");
      break;
    case Call::SHUTDOWN:
      call.mutable_shutdown()->mutable_executor_id()->set_value("executor");
      call.mutable_shutdown()->mutable_agent_id()->set_value("agent");
      break;
    case Call::ACKNOWLEDGE:
      call.mutable_acknowledge()->mutable_agent_id()->set_value("agent");
      call.mutable_acknowledge()->mutable_task_id()->set_value("task");
      call.mutable_acknowledge()->set_uuid(uuid);
      break;
    case Call::ACKNOWLEDGE_OPERATION_STATUS: {
      auto& inner = *call.mutable_acknowledge_operation_status();
      inner.mutable_agent_id()->set_value("agent");
      inner.mutable_operation_id()->set_value("operation");
      inner.set_uuid(uuid);
      break;
    }
    case Call::RECONCILE:
      call.mutable_reconcile();
      break;
    case Call::RECONCILE_OPERATIONS:
      call.mutable_reconcile_operations();
      break;
    case Call::MESSAGE:
      call.mutable_message()->mutable_agent_id()->set_value("agent");
      call.mutable_message()->mutable_executor_id()->set_value("executor");
      call.mutable_message()->set_data("data");
      break;
    case Call::REQUEST:
      call.mutable_request();
      break;
    case Call::UPDATE_FRAMEWORK:
      fill_framework(*call.mutable_update_framework()->mutable_framework_info());
      break;
    case Call::UNKNOWN:
    case Call::TEARDOWN:
    case Call::REVIVE:
    case Call::SUPPRESS:
      break;
  }
  return call;
}

std::vector<Call::Type> all_types() {
  std::vector<Call::Type> types;
  for (int value = Call::Type_MIN; value <= Call::Type_MAX; ++value) {
    if (Call::Type_IsValid(value) && value != Call::UNKNOWN) types.push_back(static_cast<Call::Type>(value));
  }
  return types;
}

class EveryType : public testing::TestWithParam<Call::Type> {};

INSTANTIATE_TEST_SUITE_P(Calls, EveryType, testing::ValuesIn(all_types()),
                         [](const auto& tested) { return Call::Type_Name(tested.param); });

TEST(CallTypes, AreSeventeen) {
  EXPECT_EQ(all_types().size(), 17U);
}

TEST_P(EveryType, IsTakenWhenValid) {
  const Call call = valid_call(GetParam());
  const auto fault = check_call(call, CallRules::master);
  EXPECT_FALSE(fault) << fault->message;
  const Error error = validate(call);
  if (GetParam() == Call::SUBSCRIBE) {
    EXPECT_EQ(error.code, errc::invalid_call);
    EXPECT_EQ(
        error.message,
        "scheduler Call SUBSCRIBE: type must not be SUBSCRIBE: the client itself subscribes when it runs");
  } else {
    EXPECT_FALSE(error) << error.to_string();
  }
}

TEST_P(EveryType, NeedsTheFrameworkId) {
  Call call = valid_call(GetParam());
  call.clear_framework_id();
  const auto fault = check_call(call, CallRules::master);
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->field, "framework_id");
  if (GetParam() == Call::SUBSCRIBE) {
    // As in refusal_subscribe_framework_id_only_in_info.
    EXPECT_EQ(fault->master_text, prefix + "'framework_id' differs from 'subscribe.framework_info.id'");
  } else {
    EXPECT_EQ(fault->master_text, prefix + "Expecting 'framework_id' to be present");
    EXPECT_EQ(fault->message, "scheduler Call " + Call::Type_Name(GetParam()) + ": framework_id must be set");
    EXPECT_EQ(validate(call).code, errc::invalid_call);
  }
}

TEST_P(EveryType, NeedsTheFieldOfItsType) {
  Call call;
  call.set_type(GetParam());
  call.mutable_framework_id()->set_value("framework");
  const auto fault = check_call(call, CallRules::master);
  if (GetParam() == Call::TEARDOWN || GetParam() == Call::REVIVE || GetParam() == Call::SUPPRESS) {
    EXPECT_FALSE(fault);
    return;
  }
  std::string name = Call::Type_Name(GetParam());
  for (char& c : name) c = static_cast<char>(std::tolower(c));
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->field, name);
  EXPECT_EQ(fault->master_text, prefix + "Expecting '" + name + "' to be present");
  EXPECT_EQ(fault->message, "scheduler Call " + Call::Type_Name(GetParam()) + ": " + name + " must be set");
}

struct Broken {
  const char* name;
  Call::Type type;
  void (*change)(Call& call);
  std::string field;
  std::string words;        // part of our message
  std::string master_text;  // empty: only the client refuses
};

class BrokenCall : public testing::TestWithParam<Broken> {};

TEST_P(BrokenCall, IsToldByFieldRuleAndValue) {
  Call call = valid_call(GetParam().type);
  GetParam().change(call);
  const auto by_master = check_call(call, CallRules::master);
  EXPECT_EQ(by_master.has_value(), !GetParam().master_text.empty());
  const auto fault = by_master ? by_master : check_call(call, CallRules::client);
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->field, GetParam().field);
  EXPECT_THAT(fault->message, HasSubstr(GetParam().words));
  EXPECT_EQ(fault->message.rfind("scheduler Call", 0), 0U);
  EXPECT_EQ(fault->master_text, GetParam().master_text);
  EXPECT_EQ(validate(call).code, errc::invalid_call);
}

INSTANTIATE_TEST_SUITE_P(
    Calls, BrokenCall,
    testing::Values(
        Broken{"NoType", Call::KILL, [](Call& c) { c.clear_type(); }, "type",
               "scheduler Call: type must be set", prefix + "Expecting 'type' to be present"},
        Broken{"MissingRequired", Call::KILL, [](Call& c) { c.mutable_kill()->clear_task_id(); },
               "kill.task_id", "scheduler Call KILL: kill.task_id must be set (required)",
               "Failed to parse body into Call protobuf"},
        Broken{"SubscribeOtherId", Call::SUBSCRIBE,
               [](Call& c) { c.mutable_framework_id()->set_value("other"); }, "framework_id", "",
               prefix + "'framework_id' differs from 'subscribe.framework_info.id'"},
        Broken{"UpdateOtherId", Call::UPDATE_FRAMEWORK,
               [](Call& c) { c.mutable_update_framework()->mutable_framework_info()->clear_id(); },
               "framework_id", "must equal update_framework.framework_info.id, got \"framework\" and \"\"",
               prefix + "'framework_id' differs from 'update_framework.framework_info.id'"},
        Broken{"ShortUuid", Call::ACKNOWLEDGE, [](Call& c) { c.mutable_acknowledge()->set_uuid("12345"); },
               "acknowledge.uuid", "scheduler Call ACKNOWLEDGE: acknowledge.uuid must be 16 bytes, got 5",
               prefix + "Not a valid UUID"},
        Broken{"EmptyUuid", Call::ACKNOWLEDGE, [](Call& c) { c.mutable_acknowledge()->set_uuid(""); },
               "acknowledge.uuid", "must be 16 bytes, got 0", prefix + "Not a valid UUID"},
        Broken{"ZeroUuid", Call::ACKNOWLEDGE,
               [](Call& c) { c.mutable_acknowledge()->set_uuid(std::string(16, '\0')); }, "acknowledge.uuid",
               "must be a UUID of version 1 to 5, got \"00000000-0000-0000-0000-000000000000\"",
               prefix + "Not a valid UUID"},
        Broken{"CountingUuid", Call::ACKNOWLEDGE,
               [](Call& c) {
                 c.mutable_acknowledge()->set_uuid(
                     std::string("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f", 16));
               },
               "acknowledge.uuid", "got \"00010203-0405-0607-0809-0a0b0c0d0e0f\"",
               prefix + "Not a valid UUID"},
        Broken{"OperationUuid", Call::ACKNOWLEDGE_OPERATION_STATUS,
               [](Call& c) { c.mutable_acknowledge_operation_status()->set_uuid("x"); },
               "acknowledge_operation_status.uuid", "must be 16 bytes, got 1", prefix + "Not a valid UUID"},
        Broken{"OperationWithoutAgent", Call::ACKNOWLEDGE_OPERATION_STATUS,
               [](Call& c) { c.mutable_acknowledge_operation_status()->clear_agent_id(); },
               "acknowledge_operation_status.agent_id", "must be set",
               prefix + "Expecting 'agent_id' to be present"},
        Broken{"EmptyFrameworkId", Call::REVIVE, [](Call& c) { c.mutable_framework_id()->set_value(""); },
               "framework_id.value", "must not be empty", ""},
        Broken{"NoOffers", Call::ACCEPT, [](Call& c) { c.mutable_accept()->clear_offer_ids(); },
               "accept.offer_ids", "must name at least one offer", ""},
        Broken{"EmptyOffer", Call::ACCEPT,
               [](Call& c) { c.mutable_accept()->add_offer_ids()->set_value(""); },
               "accept.offer_ids[1].value", "must not be empty", ""},
        Broken{"OperationWithoutType", Call::ACCEPT, [](Call& c) { c.mutable_accept()->add_operations(); },
               "accept.operations[1].type", "must be set to a known type", ""},
        Broken{
            "OperationWithoutContent", Call::ACCEPT,
            [](Call& c) { c.mutable_accept()->add_operations()->set_type(Offer::Operation::LAUNCH_GROUP); },
            "accept.operations[1].launch_group", "must be set for an operation of type LAUNCH_GROUP", ""},
        Broken{"AcceptFilters", Call::ACCEPT,
               [](Call& c) {
                 c.mutable_accept()->mutable_filters()->set_refuse_seconds(
                     std::numeric_limits<double>::quiet_NaN());
               },
               "accept.filters.refuse_seconds", "must be a number", ""},
        Broken{"DeclineFilters", Call::DECLINE,
               [](Call& c) {
                 c.mutable_decline()->mutable_filters()->set_refuse_seconds(
                     std::numeric_limits<double>::quiet_NaN());
               },
               "decline.filters.refuse_seconds", "must be a number", ""},
        Broken{"DeclineEmptyOffer", Call::DECLINE,
               [](Call& c) { c.mutable_decline()->mutable_offer_ids(0)->set_value(""); },
               "decline.offer_ids[0].value", "must not be empty", ""},
        Broken{
            "AcceptEmptyInverseOffer", Call::ACCEPT_INVERSE_OFFERS,
            [](Call& c) { c.mutable_accept_inverse_offers()->mutable_inverse_offer_ids(0)->set_value(""); },
            "accept_inverse_offers.inverse_offer_ids[0].value", "must not be empty", ""},
        Broken{
            "DeclineEmptyInverseOffer", Call::DECLINE_INVERSE_OFFERS,
            [](Call& c) { c.mutable_decline_inverse_offers()->mutable_inverse_offer_ids(0)->set_value(""); },
            "decline_inverse_offers.inverse_offer_ids[0].value", "must not be empty", ""},
        Broken{"KillEmptyTask", Call::KILL,
               [](Call& c) { c.mutable_kill()->mutable_task_id()->set_value(""); }, "kill.task_id.value",
               "must not be empty", ""},
        Broken{"ShutdownEmptyAgent", Call::SHUTDOWN,
               [](Call& c) { c.mutable_shutdown()->mutable_agent_id()->set_value(""); },
               "shutdown.agent_id.value", "must not be empty", ""},
        Broken{"AcknowledgeEmptyAgent", Call::ACKNOWLEDGE,
               [](Call& c) { c.mutable_acknowledge()->mutable_agent_id()->set_value(""); },
               "acknowledge.agent_id.value", "must not be empty", ""},
        Broken{
            "AcknowledgeEmptyOperation", Call::ACKNOWLEDGE_OPERATION_STATUS,
            [](Call& c) { c.mutable_acknowledge_operation_status()->mutable_operation_id()->set_value(""); },
            "acknowledge_operation_status.operation_id.value", "must not be empty", ""},
        Broken{"MessageEmptyExecutor", Call::MESSAGE,
               [](Call& c) { c.mutable_message()->mutable_executor_id()->set_value(""); },
               "message.executor_id.value", "must not be empty", ""}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(CheckCall, NeverLetsUnknownLeaveTheClient) {
  const Call call = valid_call(Call::UNKNOWN);
  EXPECT_FALSE(check_call(call, CallRules::master)) << "left to the master's 501";
  EXPECT_EQ(validate(call).message, "scheduler Call UNKNOWN: type must be set to a known type");
}

TEST(CheckCall, TakesAFirstSubscribeWithoutAnyId) {
  Call call = valid_call(Call::SUBSCRIBE);
  call.clear_framework_id();
  call.mutable_subscribe()->mutable_framework_info()->clear_id();
  EXPECT_FALSE(check_call(call, CallRules::master));
}

TEST(CheckCall, EscapesAndCapsValues) {
  Call call = valid_call(Call::UPDATE_FRAMEWORK);
  call.mutable_framework_id()->set_value("\x1B[31m" + std::string(1000, 'x'));
  const auto fault = check_call(call, CallRules::client);
  ASSERT_TRUE(fault);
  EXPECT_THAT(fault->message, HasSubstr("got \"\\x1B[31mxxx"));
  EXPECT_LT(fault->message.size(), 300U);
}

}  // namespace
}  // namespace mesosio::codec
