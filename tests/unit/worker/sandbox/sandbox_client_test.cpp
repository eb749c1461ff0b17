#include <doctest/doctest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/unit/worker/sandbox/harness.hpp"

// The life of a sandbox as its client sees it: cancellation, death, and what is left afterwards.
namespace pushjudge::sandbox::testing {

namespace {

// Every folder of a control group hierarchy that a sandbox with this process number made.
std::vector<std::string> groups_of(pid_t pid) {
  std::vector<std::string> found;
  const std::string name = "pushjudge-" + std::to_string(pid);
  std::error_code ignored;
  for (auto entry = std::filesystem::recursive_directory_iterator(
           "/sys/fs/cgroup", std::filesystem::directory_options::skip_permission_denied, ignored);
       entry != std::filesystem::recursive_directory_iterator(); entry.increment(ignored)) {
    if (entry->path().filename() == name) found.push_back(entry->path());
  }
  return found;
}

// Starts a run that does not end and waits until its program exists: the child of the child of the sandbox.
pid_t start_endless(Client& client) {
  std::string error;
  REQUIRE(client.send(spec_of({"/bin/sleep", "1000"}), error) == Client::Sent::ok);
  for (int i = 0; i < 5000; ++i) {
    for (const pid_t init : children_of(client.pid())) {
      const auto programs = children_of(init);
      if (!programs.empty()) return programs[0];
    }
    ::poll(nullptr, 0, 2);
  }
  FAIL("the program did not start");
  return -1;
}

}  // namespace

TEST_CASE("client: a run that is cancelled ends at once, and the next one runs") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  const pid_t program = start_endless(sandbox.client());
  sandbox.client().cancel();
  const auto outcome = await(sandbox.client());
  CHECK(outcome.status == Status::cancelled);
  CHECK(outcome.wall_us < 30'000'000);
  CHECK(wait_until_gone(program));
  CHECK(sandbox.run(spec_of({"/bin/true"})).status == Status::exited);
}

TEST_CASE("client: a cancellation right after sending is heard as well") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  std::string error;
  for (int i = 0; i < 5; ++i) {
    REQUIRE(sandbox.client().send(spec_of({"/bin/sleep", "1000"}), error) == Client::Sent::ok);
    sandbox.client().cancel();
    CHECK(await(sandbox.client()).status == Status::cancelled);
  }
  sandbox.client().cancel();  // nothing is under way: no effect
  CHECK(sandbox.run(spec_of({"/bin/true"})).status == Status::exited);
}

TEST_CASE("client: one run at a time, and only what can be run") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  std::string error;
  CHECK(sandbox.client().send(spec_of({}), error) == Client::Sent::invalid);
  CHECK(error == "argv is empty");
  auto closed = spec_of({"/bin/true"});
  closed.stdin_fd = 999;
  CHECK(sandbox.client().send(closed, error) == Client::Sent::invalid);
  CHECK(sandbox.client().send(spec_of({"/bin/true"}), error) == Client::Sent::ok);
  CHECK(sandbox.client().send(spec_of({"/bin/true"}), error) == Client::Sent::busy);
  CHECK(await(sandbox.client()).status == Status::exited);
}

TEST_CASE("client: a program that is not there is an error") {
  Client client("/no/such/pushjudge-sandbox");
  std::string error;
  CHECK_FALSE(client.start(error));
  CHECK(error.find("No such file") != std::string::npos);
  CHECK(client.send(spec_of({"/bin/true"}), error) == Client::Sent::dead);
}

TEST_CASE("client: a sandbox that is killed takes its box with it and leaves its groups to the next") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  const pid_t keeper = sandbox.client().pid();
  const pid_t program = start_endless(sandbox.client());
  const auto inits = children_of(keeper);
  REQUIRE(inits.size() == 1);
  REQUIRE(::kill(keeper, SIGKILL) == 0);
  CHECK(await(sandbox.client()).failure.step == "died");
  CHECK_FALSE(sandbox.client().alive());
  CHECK(wait_until_gone(inits[0]));
  CHECK(wait_until_gone(program));
  std::string error;
  REQUIRE(sandbox.client().start(error));
  CHECK(sandbox.run(spec_of({"/bin/true"})).status == Status::exited);
  CHECK(groups_of(keeper).empty());
}

TEST_CASE("client: a sandbox whose worker is killed ends and leaves nothing") {
  if (skip_without_boxes()) return;
  std::array<int, 2> pipe{};
  REQUIRE(::pipe(pipe.data()) == 0);
  const pid_t worker = ::fork();
  REQUIRE(worker >= 0);
  if (worker == 0) {
    Sandbox sandbox;
    const std::array<pid_t, 2> pids{sandbox.client().pid(), start_endless(sandbox.client())};
    if (::write(pipe[1], pids.data(), sizeof pids) != sizeof pids) ::_exit(1);
    ::pause();
    ::_exit(1);
  }
  std::array<pid_t, 2> pids{};
  REQUIRE(::read(pipe[0], pids.data(), sizeof pids) == sizeof pids);
  ::close(pipe[0]);
  ::close(pipe[1]);
  REQUIRE(::kill(worker, SIGKILL) == 0);
  REQUIRE(::waitpid(worker, nullptr, 0) == worker);
  CHECK(wait_until_gone(pids[0]));
  CHECK(wait_until_gone(pids[1]));
  CHECK(groups_of(pids[0]).empty());
}

TEST_CASE("client: an init that is killed costs its run, not the sandbox") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  const pid_t program = start_endless(sandbox.client());
  const auto inits = children_of(sandbox.client().pid());
  REQUIRE(inits.size() == 1);
  REQUIRE(::kill(inits[0], SIGKILL) == 0);
  const auto outcome = await(sandbox.client());
  CHECK(outcome.status == Status::internal_error);
  CHECK(outcome.failure.step == "init_died");
  CHECK(wait_until_gone(program));
  CHECK(sandbox.run(spec_of({"/bin/true"})).status == Status::exited);
}

TEST_CASE("client: a sandbox that hangs is not waited for, and gone in the end") {
  if (skip_without_boxes()) return;
  pid_t hanging = 0;
  {
    Sandbox sandbox;
    CHECK(sandbox.run(spec_of({"/bin/true"})).status == Status::exited);
    hanging = sandbox.client().pid();
    REQUIRE(::kill(hanging, SIGSTOP) == 0);
    sandbox.client().stop();
    CHECK(::kill(hanging, 0) == 0);
    std::string error;
    REQUIRE(sandbox.client().start(error));
    CHECK(sandbox.run(spec_of({"/bin/true"})).status == Status::exited);
  }
  CHECK(::kill(hanging, 0) < 0);
}

TEST_CASE("client: an end in order removes the groups, and a program is not seen outside afterwards") {
  if (skip_without_boxes()) return;
  pid_t keeper = -1;
  {
    Sandbox sandbox;
    keeper = sandbox.client().pid();
    CHECK(sandbox.run(spec_of({"/bin/true"})).status == Status::exited);
  }
  CHECK(wait_until_gone(keeper));
  CHECK(groups_of(keeper).empty());
}

TEST_CASE("client: many runs in one box, and two boxes at a time") {
  if (skip_without_boxes()) return;
  Sandbox one;
  Sandbox two;
  const auto spec = spec_of({"/bin/sh", "-c", "ls -A /box /tmp; echo $$ > /box/mine; cat /proc/sys/kernel/hostname"});
  const std::string clean = "/box:\n\n/tmp:\n";
  std::string error;
  for (int i = 0; i < 20; ++i) {
    REQUIRE(one.client().send(spec, error) == Client::Sent::ok);
    REQUIRE(two.client().send(spec, error) == Client::Sent::ok);
    CHECK(content_of(await(one.client()).out.fd) == clean);
    CHECK(content_of(await(two.client()).out.fd) == clean);
  }
  const auto first = children_of(one.client().pid());
  REQUIRE(first.size() == 1);
  CHECK(one.run(spec).status == Status::exited);
  CHECK(children_of(one.client().pid()) == first);  // proved clean, so not built anew
}

}  // namespace pushjudge::sandbox::testing
