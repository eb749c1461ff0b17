#include "api/judge0_settings.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace pushjudge;

namespace {

const Judge0Setting& setting(std::string_view variable) {
  for (const Judge0Setting& each : judge0_settings()) {
    if (each.variable == variable) return each;
  }
  FAIL("no such setting: ", variable);
  return judge0_settings().front();
}

bool nothing_given(std::string_view) {
  return false;
}

}  // namespace

TEST_CASE("judge0 settings: each is in the table once, and takes what it prints") {
  std::set<std::string_view> seen;
  for (const Judge0Setting& each : judge0_settings()) {
    CAPTURE(each.variable);
    CHECK(seen.insert(each.variable).second);
    Judge0Settings settings;
    const std::string standard = value_of(settings, each);
    CHECK(assign(settings, each, standard));
    CHECK(value_of(settings, each) == standard);
  }
  CHECK(seen.size() == 46);
  CHECK(option_name("MAX_CPU_TIME_LIMIT") == "max-cpu-time-limit");
}

TEST_CASE("judge0 settings: the defaults do not contradict each other") {
  Judge0Settings settings;
  CHECK(reconcile(settings, nothing_given));
  CHECK(settings.cpu_time_limit == 5);
}

TEST_CASE("judge0 settings: a text is read by the kind of the setting, or refused and nothing changed") {
  Judge0Settings settings;
  CHECK(assign(settings, setting("CPU_TIME_LIMIT"), "0.5"));
  CHECK(settings.cpu_time_limit == 0.5);
  CHECK(assign(settings, setting("ALLOWED_LANGUAGES_FOR_COMPILER_OPTIONS"), " C  C++\tJava "));
  CHECK(settings.allowed_languages_for_compiler_options == std::vector<std::string>{"C", "C++", "Java"});
  for (const char* wrong : {"", "x", "inf", "nan", "-1", "1e9", "1 ", "0x1"}) {
    CAPTURE(wrong);
    CHECK_FALSE(assign(settings, setting("CPU_TIME_LIMIT"), wrong));
    CHECK_FALSE(assign(settings, setting("NUMBER_OF_RUNS"), wrong));
  }
  for (const char* wrong : {"", "1", "True", "yes"}) {
    CHECK_FALSE(assign(settings, setting("MAINTENANCE_MODE"), wrong));
  }
  CHECK(settings.cpu_time_limit == 0.5);
  CHECK(settings.number_of_runs == 1);
}

TEST_CASE("judge0 settings: what is on by default must be allowed") {
  struct Row {
    const char* on;
    const char* allowed;
  };
  for (const Row& row :
       {Row{"ENABLE_NETWORK", "ALLOW_ENABLE_NETWORK"},
        Row{"ENABLE_PER_PROCESS_AND_THREAD_TIME_LIMIT", "ALLOW_ENABLE_PER_PROCESS_AND_THREAD_TIME_LIMIT"},
        Row{"ENABLE_PER_PROCESS_AND_THREAD_MEMORY_LIMIT", "ALLOW_ENABLE_PER_PROCESS_AND_THREAD_MEMORY_LIMIT"}}) {
    Judge0Settings settings;
    REQUIRE(assign(settings, setting(row.on), "true"));
    REQUIRE(assign(settings, setting(row.allowed), "false"));
    const auto refused = reconcile(settings, nothing_given);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message.starts_with(std::string(row.on) + " is true, but " + row.allowed + " is not"));
    REQUIRE(assign(settings, setting(row.allowed), "true"));
    CHECK(reconcile(settings, nothing_given));
  }
}
