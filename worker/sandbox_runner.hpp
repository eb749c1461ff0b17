#pragma once

// The real Runner: one `pushjudge-sandbox serve` process, started when it is first needed and again whenever it broke.
// Owned by one slot; the worker's only thread.

#include <optional>
#include <string>
#include <variant>

#include "proto/base/clock.hpp"
#include "worker/runner.hpp"
#include "worker/sandbox/client.hpp"
#include "worker/sandbox/outcome.hpp"

namespace pushjudge {

class SandboxRunner final : public Runner {
 public:
  // Why the run under way will have no outcome.
  struct Broken {
    std::string reason;
  };
  using End = std::variant<sandbox::Outcome, Broken>;

  explicit SandboxRunner(std::string program) : client_(std::move(program)) {}

  Result<void> start(const sandbox::Spec& spec) override;
  void cancel() override;

  // To be polled for reading; -1 while there is no sandbox.
  int fd() const { return client_.fd(); }
  // The process of the sandbox; -1 while there is none.
  pid_t pid() const { return client_.pid(); }
  // When to call receive() even though fd() is silent.
  std::optional<TimePoint> due() const { return due_; }

  // How the run under way ended, if it has. A sandbox that does not answer some time after the wall clock limit is
  // ended.
  std::optional<End> receive(TimePoint now);

 private:
  sandbox::Client client_;
  std::optional<TimePoint> due_;  // of the run under way
};

// One run from start to end, waiting meanwhile. Errors: `unavailable` and `internal` when the sandbox failed.
Result<sandbox::Outcome> run_to_end(SandboxRunner& runner, const sandbox::Spec& spec);

}  // namespace pushjudge
