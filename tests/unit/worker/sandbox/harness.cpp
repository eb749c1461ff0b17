#include "tests/unit/worker/sandbox/harness.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace pushjudge::sandbox::testing {

namespace {

using Clock = std::chrono::steady_clock;

int left_ms(Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return static_cast<int>(std::max<std::int64_t>(left, 0));
}

std::string try_a_box() {
  Client client(PJ_SANDBOX_PROGRAM);
  std::string error;
  if (!client.start(error)) return error;
  if (client.send(spec_of({"/bin/true"}), error) != Client::Sent::ok) return error;
  const Outcome outcome = await(client);
  if (outcome.status == Status::exited) return "";
  return std::string(to_string(outcome.status)) + " at step " + outcome.failure.step + ": " +
         std::strerror(outcome.failure.error);
}

}  // namespace

const std::string& no_boxes_here() {
  static const std::string why = try_a_box();
  return why;
}

bool skip_without_boxes() {
  if (no_boxes_here().empty()) return false;
  std::fprintf(stderr, "\n*** SKIPPED: this host cannot make boxes: %s\n\n", no_boxes_here().c_str());
  const char* required = std::getenv("PJ_REQUIRE_SANDBOX");
  if (required != nullptr && std::string_view(required) == "1") {
    std::fputs("PJ_REQUIRE_SANDBOX=1, so that is a failure\n", stderr);
    std::exit(1);
  }
  return true;
}

Fd file_of(std::string_view content) {
  Fd file(::memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!file || ::write(file.get(), content.data(), content.size()) != static_cast<ssize_t>(content.size()))
    std::abort();
  return file;
}

Outcome await(Client& client, int timeout_ms) {
  const auto deadline = Clock::now() + std::chrono::milliseconds(timeout_ms);
  Outcome missing;
  missing.failure.step = "test_deadline";
  while (left_ms(deadline) > 0) {
    if (auto outcome = client.receive()) return std::move(*outcome);
    if (!client.alive()) {
      missing.failure.step = "died";
      return missing;
    }
    pollfd ready{client.fd(), POLLIN, 0};
    if (::poll(&ready, 1, left_ms(deadline)) < 0 && errno != EINTR) std::abort();
  }
  return missing;
}

Sandbox::Sandbox() : client_(PJ_SANDBOX_PROGRAM) {
  std::string error;
  if (!client_.start(error)) {
    std::fprintf(stderr, "%s\n", error.c_str());
    std::abort();
  }
}

Outcome Sandbox::run(const Spec& spec) {
  std::string error;
  const auto sent = client_.send(spec, error);
  if (sent != Client::Sent::ok) {
    Outcome refused;
    refused.failure.step = "not sent: " + error;
    return refused;
  }
  return await(client_);
}

Spec spec_of(std::vector<std::string> argv) {
  Spec spec;
  spec.argv = std::move(argv);
  spec.env = {"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "HOME=/box"};
  spec.limits.cpu_us = 20'000'000;
  spec.limits.wall_us = 40'000'000;
  spec.limits.memory_bytes = 1ULL << 30;
  spec.limits.processes = 100;
  return spec;
}

Compiled compile_c(Sandbox& sandbox, std::string_view source, const Compiling& how) {
  const Fd program = file_of(source);
  const Fd probe = file_of(how.header);
  Spec spec =
      spec_of({"/usr/bin/gcc", "-x", how.language, "-D_GNU_SOURCE", "-O1", "-pthread", "-o", "program", "program.c"});
  spec.files = {{"program.c", 0644, program.get()}, {"probe.h", 0644, probe.get()}};
  spec.collect = {"program"};
  spec.limits.cpu_us = how.cpu_us;
  spec.stderr_to_stdout = true;
  Compiled compiled;
  compiled.outcome = sandbox.run(spec);
  const bool fine = compiled.outcome.status == Status::exited && compiled.outcome.exit_code == 0;
  if (fine && compiled.outcome.collected.size() == 1) compiled.program = std::move(compiled.outcome.collected[0].fd);
  return compiled;
}

std::vector<pid_t> children_of(pid_t pid) {
  const std::string number = std::to_string(pid);
  std::ifstream file("/proc/" + number + "/task/" + number + "/children");
  std::vector<pid_t> children;
  for (pid_t child = 0; file >> child;) children.push_back(child);
  return children;
}

bool wait_until_gone(pid_t pid) {
  const auto deadline = Clock::now() + std::chrono::seconds(5);
  while (::kill(pid, 0) == 0) {
    if (Clock::now() > deadline) return false;
    ::poll(nullptr, 0, 2);
  }
  return true;
}

}  // namespace pushjudge::sandbox::testing
