#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "worker/sandbox/client.hpp"

// What the tests of the real sandbox share: starting it, running one spec to its end, files in memory.
namespace pushjudge::sandbox::testing {

inline constexpr std::uint64_t kMiB = 1 << 20;

// Why this host cannot make boxes; empty when it can. Asked once, with a real run.
[[nodiscard]] const std::string& no_boxes_here();

// True if tests of the real sandbox are to be skipped, after saying so loudly. With PJ_REQUIRE_SANDBOX=1 in the
// environment it ends the program with a failure instead.
[[nodiscard]] bool skip_without_boxes();

// A memfd with this content, not sealed.
[[nodiscard]] Fd file_of(std::string_view content);

// Waits for the outcome of the run under way, at most `timeout_ms`. What did not come is an internal_error at the step
// "test_deadline", or "died" when the sandbox is gone.
[[nodiscard]] Outcome await(Client& client, int timeout_ms = 60'000);

// One sandbox; starts itself and aborts the test program if it cannot.
class Sandbox {
 public:
  Sandbox();
  [[nodiscard]] Outcome run(const Spec& spec);
  [[nodiscard]] Client& client() { return client_; }

 private:
  Client client_;
};

// A spec with the usual environment and room for a compiler or a virtual machine.
[[nodiscard]] Spec spec_of(std::vector<std::string> argv);

// How compile_c compiles.
struct Compiling {
  std::string_view header = {};  // lies beside the source as probe.h
  const char* language = "c";    // as gcc's -x
  std::uint64_t cpu_us = 20'000'000;
};

struct Compiled {
  Fd program;
  Outcome outcome;
};

// Compiles in a box of `sandbox`. An empty Fd when it does not compile.
[[nodiscard]] Compiled compile_c(Sandbox& sandbox, std::string_view source, const Compiling& how = {});

// The processes whose parent is `pid`.
[[nodiscard]] std::vector<pid_t> children_of(pid_t pid);

// Waits until no process with this number exists, at most five seconds.
[[nodiscard]] bool wait_until_gone(pid_t pid);

}  // namespace pushjudge::sandbox::testing
