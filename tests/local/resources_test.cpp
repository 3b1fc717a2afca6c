#include "local/resources.hpp"

#include "local/quantity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace mesosio::local {
namespace {

using ::testing::HasSubstr;

Resources parsed(std::string_view text) {
  Resources out;
  const Error error = parse_resources(text, out);
  EXPECT_FALSE(error) << text << ": " << error.to_string();
  return out;
}

TEST(ParseResources, ReadsWhatItWrites) {
  const struct {
    const char* text;
    const char* written;
  } table[] = {
      {"cpus:4;mem:4096;disk:8192;ports:[31000-32000]", "cpus:4; mem:4096; disk:8192; ports:[31000-32000]"},
      {" cpus : 0.5 ; ; mem:32.125;", "cpus:0.5; mem:32.125"},
      {"cpus:1;cpus:2.5", "cpus:3.5"},
      {"ports:[5-7, 1-2,3-4,10]", "ports:[1-7, 10-10]"},
      {"bugs:{b, a,b}", "bugs:{a, b}"},
      {"ports:[0-18446744073709551615]", "ports:[0-18446744073709551615]"},
      {"cpus:0;mem:1", "mem:1"},
      {"cpus:0.0004;mem:1.0006", "mem:1.001"},
      {"cpus:1e3", "cpus:1000"},
  };
  for (const auto& row : table) {
    EXPECT_EQ(parsed(row.text).to_string(), row.written) << row.text;
  }
}

TEST(ParseResources, QuotesWhatIsWrong) {
  const struct {
    const char* text;
    const char* words;
  } table[] = {
      {"", "names no resource"},
      {"cpus:0", "names no resource"},
      {"cpus", "'cpus' is not NAME:VALUE"},
      {":4", "':4' is not NAME:VALUE"},
      {"cpus:four", "'cpus:four' has no value that could be read"},
      {"cpus:4x", "'cpus:4x' has no value"},
      {"cpus:", "'cpus:' has no value"},
      {"cpus:nan", "'cpus:nan' has no value"},
      {"cpus:inf", "'cpus:inf' has no value"},
      {"cpus:-1", "'-1' is not between 0 and 9e12"},
      {"cpus:1e300", "'1e300' is not between"},
      {"ports:[1-2", "'[1-2' lacks its closing ']'"},
      {"bugs:{a", "'{a' lacks its closing '}'"},
      {"ports:[", "'[' lacks its closing ']'"},
      {"ports:[1-2,x-9]", "'x-9' in '[1-2,x-9]' is not a range"},
      {"ports:[9-1]", "'9-1' in '[9-1]' runs backwards"},
      {"ports:[-5]", "'-5' in '[-5]' is not a range"},
      {"ports:[1-18446744073709551616]", "is not a range"},
      {"cpus(role):4", "'cpus(role):4' has a role"},
      {"[{\"name\":\"cpus\"}]", "JSON is not read here"},
      {"cpus:1;cpus:[1-2]", "has another type"},
  };
  for (const auto& row : table) {
    Resources out;
    const Error error = parse_resources(row.text, out);
    EXPECT_EQ(error.code, errc::invalid_argument) << row.text;
    EXPECT_THAT(error.message, HasSubstr(row.words)) << row.text;
    EXPECT_TRUE(out.empty()) << row.text;
  }
}

TEST(ParseAttributes, TakesTextToo) {
  google::protobuf::RepeatedPtrField<mesos::v1::Attribute> out;
  ASSERT_FALSE(parse_attributes("rack:r-17;level:10.5;ids:[1-3];os:{a}", out));
  ASSERT_EQ(out.size(), 4);
  EXPECT_EQ(out[0].text().value(), "r-17");
  EXPECT_DOUBLE_EQ(out[1].scalar().value(), 10.5);
  EXPECT_EQ(out[2].ranges().range(0).end(), 3U);
  EXPECT_EQ(out[3].text().value(), "{a}");
  EXPECT_THAT(parse_attributes("rack", out).message, HasSubstr("'rack' is not NAME:VALUE"));
}

TEST(Resources, Arithmetic) {
  const struct {
    const char* from;
    const char* take;
    const char* rest;  // null: not contained
  } table[] = {
      {"cpus:4", "cpus:0.1", "cpus:3.9"},
      {"cpus:0.3", "cpus:0.1", "cpus:0.2"},
      {"cpus:4;mem:10", "cpus:4", "mem:10"},
      {"cpus:1", "cpus:1.001", nullptr},
      {"cpus:1", "mem:1", nullptr},
      {"ports:[1-10]", "ports:[4-5]", "ports:[1-3, 6-10]"},
      {"ports:[1-10]", "ports:[1-1,10-10]", "ports:[2-9]"},
      {"ports:[1-3,7-9]", "ports:[2-8]", nullptr},
      {"ports:[1-3,7-9]", "ports:[2-3,7-8]", "ports:[1-1, 9-9]"},
      {"ports:[0-18446744073709551615]", "ports:[5-18446744073709551615]", "ports:[0-4]"},
      {"bugs:{a,b,c}", "bugs:{b}", "bugs:{a, c}"},
      {"bugs:{a}", "bugs:{b}", nullptr},
      {"cpus:1", "cpus:[1-1]", nullptr},
  };
  for (const auto& row : table) {
    Resources from = parsed(row.from);
    const Resources take = parsed(row.take);
    EXPECT_EQ(from.contains(take), row.rest != nullptr) << row.from << " - " << row.take;
    if (row.rest != nullptr) {
      const Resources whole = from;
      from -= take;
      EXPECT_EQ(from.to_string(), row.rest);
      from += take;
      EXPECT_EQ(from, whole);
    }
  }
}

TEST(Resources, TenTimesATenthIsOne) {
  Resources rest = parsed("cpus:1");
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(rest.contains(parsed("cpus:0.1"))) << i;
    rest -= parsed("cpus:0.1");
  }
  EXPECT_TRUE(rest.empty());
}

TEST(Resources, KindsDoNotMix) {
  mesos::v1::Resource plain;
  plain.set_name("disk");
  plain.set_type(mesos::v1::Value::SCALAR);
  plain.mutable_scalar()->set_value(10);
  mesos::v1::Resource reserved = plain;
  reserved.add_reservations()->set_role("role1");

  Resources both;
  ASSERT_FALSE(both.add(plain));
  ASSERT_FALSE(both.add(reserved));
  Resources one;
  reserved.mutable_scalar()->set_value(11);
  ASSERT_FALSE(one.add(reserved));
  EXPECT_EQ(both.scalar("disk"), 20'000);
  EXPECT_FALSE(both.contains(one));

  // The allocation is no part of the kind, and role "*" is the same as none.
  plain.mutable_allocation_info()->set_role("x");
  plain.GetReflection()->SetString(&plain, plain.GetDescriptor()->FindFieldByName("role"), "*");
  Resources same;
  ASSERT_FALSE(same.add(plain));
  EXPECT_TRUE(both.contains(same));
}

TEST(Resources, RefusesWhatNoAgentHas) {
  const auto refused = [](auto change) {
    mesos::v1::Resource resource;
    resource.set_name("x");
    resource.set_type(mesos::v1::Value::SCALAR);
    change(resource);
    Resources out;
    return out.add(resource).message;
  };
  const auto scalar = [](double value) {
    return [value](mesos::v1::Resource& resource) { resource.mutable_scalar()->set_value(value); };
  };
  for (const double value : {-1.0, std::numeric_limits<double>::quiet_NaN(),
                             std::numeric_limits<double>::infinity(), 1e13, -1e308}) {
    EXPECT_THAT(refused(scalar(value)), HasSubstr("'x': a scalar needs a value")) << value;
  }
  EXPECT_EQ(refused(scalar(9e12)), "");
  EXPECT_THAT(refused([](mesos::v1::Resource&) {}), HasSubstr("a scalar needs a value"));
  EXPECT_THAT(refused([](mesos::v1::Resource& r) { r.set_type(mesos::v1::Value::TEXT); }),
              HasSubstr("its type"));
  EXPECT_THAT(refused([](mesos::v1::Resource& r) { r.clear_name(); }), HasSubstr("a name is missing"));
  EXPECT_THAT(refused([](mesos::v1::Resource& r) {
                r.set_type(mesos::v1::Value::RANGES);
                auto& range = *r.mutable_ranges()->add_range();
                range.set_begin(2);
                range.set_end(1);
              }),
              HasSubstr("2-1 runs backwards"));
  EXPECT_THAT(refused([](mesos::v1::Resource& r) {
                r.set_type(mesos::v1::Value::SET);
                r.mutable_set()->add_item("a");
                r.mutable_set()->add_item("a");
              }),
              HasSubstr("comes twice"));
}

TEST(Resources, BoundsTheirKindsAndSums) {
  Resources out;
  mesos::v1::Resource resource;
  resource.set_type(mesos::v1::Value::SCALAR);
  resource.mutable_scalar()->set_value(9e12);
  for (std::size_t i = 0; i < Resources::max_kinds; ++i) {
    resource.set_name("r" + std::to_string(i));
    ASSERT_FALSE(out.add(resource));
  }
  resource.set_name("one more");
  EXPECT_THAT(out.add(resource).message, HasSubstr("more than 256 kinds"));
  resource.set_name("r0");
  EXPECT_THAT(out.add(resource).message, HasSubstr("too large"));
}

TEST(Resources, WritesAllocationAndFormat) {
  google::protobuf::RepeatedPtrField<mesos::v1::Resource> messages;
  parsed("cpus:3.9;ports:[1-2];bugs:{a}").write(messages, "role1", false);
  ASSERT_EQ(messages.size(), 3);
  EXPECT_EQ(messages[0].ShortDebugString(),
            R"(name: "cpus" type: SCALAR scalar { value: 3.9 } allocation_info { role: "role1" })");
  EXPECT_EQ(messages[1].ranges().range(0).end(), 2U);
  EXPECT_EQ(messages[2].set().item(0), "a");

  messages.Clear();
  parsed("cpus:1").write(messages, {}, true);
  EXPECT_EQ(messages[0].ShortDebugString(), R"(name: "cpus" type: SCALAR scalar { value: 1 } role: "*")");
  EXPECT_EQ(parsed("cpus:1;mem:2").to_string("*"), "cpus(allocated: *):1; mem(allocated: *):2");
}

}  // namespace
}  // namespace mesosio::local
