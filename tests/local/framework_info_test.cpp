#include "local/framework_info.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace mesosio::local {
namespace {

using mesos::v1::FrameworkInfo;

FrameworkInfo multi_role(std::initializer_list<const char*> roles) {
  FrameworkInfo info;
  info.add_capabilities()->set_type(FrameworkInfo::Capability::MULTI_ROLE);
  for (const char* role : roles) {
    info.add_roles(role);
  }
  return info;
}

void set_old_role(FrameworkInfo& info, const std::string& role) {
  info.GetReflection()->SetString(&info, info.GetDescriptor()->FindFieldByName("role"), role);
}

TEST(CheckRole, Table) {
  const struct {
    std::string role;
    const char* words;
  } table[] = {
      {"*", ""},
      {"a", ""},
      {"a/b-c/d.e", ""},
      {"", "Role cannot be the empty string"},
      {"/test/test1", "Role '/test/test1' cannot start with a slash"},
      {"a/", "Role 'a/' cannot end with a slash"},
      {"a//b", "Role 'a//b' cannot contain two adjacent slashes"},
      {"-bad", "Role component '-bad' is invalid because it starts with a dash"},
      {"a/-b", "Role component '-b' is invalid because it starts with a dash"},
      {"a/*", "Role 'a/*' cannot include '*' as a component"},
      {".", "Role '.' cannot include '.' as a component"},
      {"a/../b", "Role 'a/../b' cannot include '..' as a component"},
      {"a b", "Role component 'a b' is invalid because it contains a backspace or whitespace"},
      {std::string("a\0b", 3),
       "Role component 'a\\x00b' is invalid because it contains a backspace or whitespace"},
  };
  for (const auto& row : table) {
    EXPECT_EQ(check_role(row.role).value_or(""), row.words) << row.role;
  }
}

TEST(CheckFrameworkInfo, Roles) {
  EXPECT_EQ(check_framework_info(multi_role({"*", "a"})), std::nullopt);
  EXPECT_EQ(check_framework_info(multi_role({})), std::nullopt);
  EXPECT_EQ(check_framework_info(multi_role({"-bad"})),
            "'FrameworkInfo.roles' contains invalid role: Role component '-bad' is invalid because it starts "
            "with a dash");
  EXPECT_EQ(check_framework_info(multi_role({"a", "a"})),
            "'FrameworkInfo.roles' contains duplicate items: a");
  FrameworkInfo both = multi_role({"a"});
  set_old_role(both, "b");
  EXPECT_EQ(check_framework_info(both),
            "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable");

  FrameworkInfo old;
  EXPECT_EQ(check_framework_info(old), std::nullopt);
  EXPECT_EQ(roles_of(old), std::set<std::string>{"*"});
  set_old_role(old, "a/");
  EXPECT_EQ(check_framework_info(old),
            "'FrameworkInfo.role' is not a valid role: Role 'a/' cannot end with a slash");
  old.add_roles("a");
  EXPECT_EQ(check_framework_info(old),
            "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable");
}

TEST(CheckFrameworkInfo, TimeoutAndId) {
  FrameworkInfo info = multi_role({"*"});
  info.set_failover_timeout(1e30);
  EXPECT_EQ(check_framework_info(info), "The framework failover_timeout (1e+30) is invalid");
  info.set_failover_timeout(std::numeric_limits<double>::quiet_NaN());
  EXPECT_NE(check_framework_info(info), std::nullopt);
  info.set_failover_timeout(-5);
  EXPECT_EQ(check_framework_info(info), std::nullopt);
  EXPECT_EQ(failover_timeout_of(info), Duration::zero());
  info.set_failover_timeout(1.5);
  EXPECT_EQ(failover_timeout_of(info), Duration(std::chrono::milliseconds(1500)));
  info.mutable_id()->set_value("../../etc");
  EXPECT_EQ(check_framework_info(info),
            "Framework ID '../../etc' is invalid: '../../etc' contains invalid characters");
}

TEST(CheckFrameworkInfo, Size) {
  mesos::v1::FrameworkInfo info;
  info.set_user("u");
  info.set_name(std::string(std::size_t{1} << 20U, 'n'));
  EXPECT_THAT(check_framework_info(info).value_or(""), ::testing::HasSubstr("keeps 1048576 at most"));
  info.set_name(std::string(1'000'000, 'n'));
  EXPECT_EQ(check_framework_info(info), std::nullopt);
}

TEST(CheckId, Table) {
  EXPECT_EQ(check_id("task-1.instance_2 (x)"), std::nullopt);
  EXPECT_EQ(check_id(""), "ID must not be empty");
  EXPECT_EQ(check_id(".."), "'..' is disallowed");
  EXPECT_EQ(check_id("."), "'.' is disallowed");
  EXPECT_EQ(check_id("a/b"), "'a/b' contains invalid characters");
  EXPECT_EQ(check_id("a\\b"), "'a\\b' contains invalid characters");
  EXPECT_EQ(check_id("a\nb"), "'a\\x0Ab' contains invalid characters");
  EXPECT_EQ(check_id(std::string(255, 'x')), std::nullopt);
  EXPECT_EQ(check_id(std::string(256, 'x')), "ID must not be greater than 255 characters");
}

TEST(CheckUpdate, WhatCannotChange) {
  FrameworkInfo old = multi_role({"*"});
  old.set_user("root");
  old.set_principal("p");
  FrameworkInfo changed = old;
  changed.set_name("renamed");
  changed.add_roles("more");
  EXPECT_EQ(check_update(old, changed), std::nullopt);
  changed.set_user("nobody");
  EXPECT_EQ(check_update(old, changed),
            "Updating 'FrameworkInfo.user' is unsupported; attempted to update from 'root' to 'nobody'");
  changed = old;
  changed.clear_principal();
  EXPECT_EQ(check_update(old, changed), "Changing framework's principal is not allowed.");
  changed = old;
  changed.set_checkpoint(true);
  EXPECT_EQ(check_update(old, changed),
            "Updating 'FrameworkInfo.checkpoint' is unsupported; attempted to update from 'false' to 'true'");
}

TEST(CheckSuppressed, NamesTheForeign) {
  EXPECT_EQ(check_suppressed({"a"}, {"a", "b"}), std::nullopt);
  EXPECT_EQ(check_suppressed({"a", "role7", "role8"}, {"a"}),
            "Suppressed roles { role7, role8 } are not contained in the set of roles");
}

}  // namespace
}  // namespace mesosio::local
