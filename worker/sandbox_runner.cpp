#include "worker/sandbox_runner.hpp"

#include <poll.h>

#include <algorithm>

#include "worker/report.hpp"

namespace pushjudge {

namespace {

// Making the box, copying what goes in and out, and clearing up, on a machine that is busy.
constexpr auto kAnswerSlack = std::chrono::seconds(15);

int milliseconds_until(TimePoint due) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(due - Steady::now());
  return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

}  // namespace

Result<void> SandboxRunner::start(const sandbox::Spec& spec) {
  using Sent = sandbox::Client::Sent;
  std::string error;
  auto sent = client_.send(spec, error);
  if (sent == Sent::dead) {
    if (!client_.start(error)) return Error{Errc::unavailable, "cannot start the sandbox: " + error};
    sent = client_.send(spec, error);
  }
  if (sent == Sent::invalid) return Error{Errc::internal, "the sandbox refuses the run: " + error};
  if (sent == Sent::dead) return Error{Errc::unavailable, "the sandbox died as it started: " + error};
  PJ_ASSERT(sent == Sent::ok);
  due_ = Steady::now() + std::chrono::microseconds(spec.limits.wall_us) + kAnswerSlack;
  return {};
}

void SandboxRunner::cancel() {
  client_.cancel();
  if (due_) due_ = std::min(*due_, Steady::now() + kAnswerSlack);
}

std::optional<SandboxRunner::End> SandboxRunner::receive(TimePoint now) {
  if (auto outcome = client_.receive()) {
    due_.reset();
    // A box that failed once is not given a second program.
    if (outcome->status == sandbox::Status::internal_error) client_.stop();
    return End{*std::move(outcome)};
  }
  if (!due_) return std::nullopt;
  std::string reason;
  if (!client_.alive()) {
    reason = "the sandbox died";
  } else if (now >= *due_) {
    client_.stop();
    reason = "the sandbox did not answer in time";
  } else {
    return std::nullopt;
  }
  due_.reset();
  return End{Broken{std::move(reason)}};
}

Result<sandbox::Outcome> run_to_end(SandboxRunner& runner, const sandbox::Spec& spec) {
  if (const auto started = runner.start(spec); !started) return started.error();
  std::optional<SandboxRunner::End> end;
  while (!(end = runner.receive(Steady::now()))) {
    pollfd readable{runner.fd(), POLLIN, 0};
    ::poll(&readable, 1, milliseconds_until(*runner.due()));
  }
  if (const auto* broken = std::get_if<SandboxRunner::Broken>(&*end)) return Error{Errc::unavailable, broken->reason};
  auto& outcome = std::get<sandbox::Outcome>(*end);
  if (outcome.status == sandbox::Status::internal_error) {
    return Error{Errc::unavailable, "sandbox: " + describe(outcome.failure)};
  }
  return std::move(outcome);
}

}  // namespace pushjudge
