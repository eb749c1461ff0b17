#include <poll.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <optional>
#include <string>

#include "worker/sandbox/client.hpp"
#include "worker/sandbox/commands.hpp"
#include "worker/sandbox/idmap.hpp"
#include "worker/sandbox/meter.hpp"
#include "worker/sandbox/plan.hpp"
#include "worker/sandbox/seccomp.hpp"

namespace pushjudge::sandbox {

namespace {

constexpr int kTrialTimeoutMs = 15'000;

void line(const char* what, const std::string& says) {
  std::printf("%-12s %s\n", what, says.c_str());
}

// One real run tells more than any list of kernel features.
std::optional<Outcome> trial(std::string& error) {
  Client client("/proc/self/exe");
  if (!client.start(error)) return std::nullopt;
  Spec spec;
  spec.argv = {"/bin/true"};
  if (client.send(spec, error) != Client::Sent::ok) return std::nullopt;
  std::optional<Outcome> outcome;
  while (!outcome && client.alive()) {
    pollfd ready{client.fd(), POLLIN, 0};
    if (::poll(&ready, 1, kTrialTimeoutMs) <= 0) break;
    outcome = client.receive();
  }
  if (!outcome) error = "the sandbox died or did not answer";
  return outcome;
}

std::string name_of_entry(const Failure& failure) {
  if (failure.step != "fill_root") return std::to_string(failure.index);
  const auto root = plan_root();
  const auto index = static_cast<std::size_t>(failure.index);
  return index < root.size() ? "/" + root[index].target : std::to_string(failure.index);
}

bool explain_trial() {
  std::string error;
  const auto outcome = trial(error);
  if (!outcome) {
    line("box", "FAILS: " + error);
    return false;
  }
  if (outcome->status != Status::exited || outcome->exit_code != 0) {
    const Failure& failure = outcome->failure;
    line("box", "FAILS with " + std::string(to_string(outcome->status)) + " at step " + failure.step + " (" +
                    name_of_entry(failure) + "): " + std::strerror(failure.error));
    if (failure.step == "clone_namespaces" || failure.step == "map_ids" || failure.step == "private_mounts") {
      line("", "user namespaces may be disabled for this user: see kernel.unprivileged_userns_clone,");
      line("", "user.max_user_namespaces and kernel.apparmor_restrict_unprivileged_userns");
    }
    if (failure.step == "new_proc") line("", "a container must be privileged, or its /proc is covered in parts");
    return false;
  }
  line("box", "works: user, pid, mount, ipc, uts, net and cgroup namespaces");
  return true;
}

bool explain_accounting() {
  std::string why;
  const auto meter = make_meter(why);
  if (!meter) {
    line("accounting", "NONE: " + why);
    return false;
  }
  line("accounting", std::string(to_string(meter->kind())) + (why.empty() ? "" : " (" + why + ")"));
  if (meter->kind() == Accounting::rusage) {
    line("", "weaker: memory and CPU time of the box are sampled every 10 ms, so a limit can be overrun for that");
    line("", "long; CPU time of short-lived children that nobody waits for is not counted; files in /box, /tmp and");
    line("", "/dev/shm are limited by their size, not by the memory limit");
  }
  return true;
}

}  // namespace

int check_command() {
  utsname system{};
  ::uname(&system);
  line("kernel", system.release);
  IdMap ids;
  std::string why;
  const bool has_ids = ids.claim(why);
  if (!has_ids) {
    line("ids", "NONE: " + why);
  } else if (ids.two_ids()) {
    line("ids", "programs run as host uid " + std::to_string(ids.program_uid()) + " or the next free one");
  } else {
    line("ids", "programs run as this user, uid " + std::to_string(ids.program_uid()));
    line("", "weaker: all boxes share one host id; root gives each its own");
  }
  const auto filter = build_filter(1, why);
  line("seccomp", filter.empty() ? "FAILS: " + why : "a filter of " + std::to_string(filter.size()) + " instructions");
  const bool accounting = explain_accounting();
  const bool box = explain_trial();
  return has_ids && accounting && box && !filter.empty() ? 0 : 1;
}

}  // namespace pushjudge::sandbox
