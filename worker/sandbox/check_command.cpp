#include <poll.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "worker/sandbox/cgroup.hpp"
#include "worker/sandbox/client.hpp"
#include "worker/sandbox/commands.hpp"
#include "worker/sandbox/host.hpp"
#include "worker/sandbox/idmap.hpp"
#include "worker/sandbox/meter.hpp"
#include "worker/sandbox/plan.hpp"
#include "worker/sandbox/seccomp.hpp"
#include "worker/sandbox/table.hpp"

namespace pushjudge::sandbox {

namespace {

constexpr int kTrialTimeoutMs = 15'000;

// One real run tells more than any list of kernel features: it prints what the kernel says of a program in a box.
std::optional<Outcome> trial(std::string& error) {
  Client client("/proc/self/exe");
  if (!client.start(error)) return std::nullopt;
  Spec spec;
  spec.argv = {"/bin/cat", "/proc/self/status", "/proc/self/mountinfo"};
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

bool says(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

// What the kernel says of the program of the trial.
void explain_inside(const std::string& said) {
  const auto row = [](const char* what, bool holds, Standing otherwise, const char* detail, const char* without) {
    print_row({what, holds ? Standing::enforced : otherwise, holds ? detail : without});
  };
  const bool powerless = says(said, "CapEff:\t0000000000000000") && says(said, "CapBnd:\t0000000000000000");
  row("privileges", powerless && says(said, "NoNewPrivs:\t1"), Standing::missing,
      "no capability, and none to be gained by any file", "the program has some");
  row("seccomp", says(said, "Seccomp:\t2"), Standing::missing, "system calls are filtered",
      "system calls are not filtered");
  row("/proc", says(said, "hidepid=invisible") && says(said, "subset=pid"), Standing::weaker,
      "the program's own processes and nothing else (hidepid, subset=pid)",
      "shows more than the program's own processes; needs Linux 5.8");
  row("files shown", says(said, " /usr ro,nosuid,nodev") && says(said, " - overlay "), Standing::weaker,
      "read-only, by inodes of the box's own, so that locks and watches are private",
      "read-only, but locks and watches on them are shared with the host; needs Linux 5.11 and overlayfs");
}

bool explain_trial() {
  std::string error;
  const auto outcome = trial(error);
  if (outcome && outcome->status == Status::exited && outcome->exit_code == 0) {
    print_row({"user namespaces", Standing::enforced, "programs have ids and rights of their own"});
    print_row({"other namespaces", Standing::enforced, "pid, mount, ipc, uts, net (empty) and cgroup"});
    explain_inside(content_of(outcome->out.fd));
    return true;
  }
  const auto settings = namespace_rows();
  for (const auto& row : settings) print_row(row);
  if (!outcome) {
    print_row({"box", Standing::missing, error});
    return false;
  }
  const Failure& failure = outcome->failure;
  std::string detail = "fails with " + std::string(to_string(outcome->status)) + " at step " + failure.step + " (" +
                       name_of_entry(failure) + "): " + std::strerror(failure.error);
  if (failure.step == "new_proc") detail += "; a container must be privileged, or its /proc is covered in parts";
  print_row({"box", Standing::missing, detail});
  return false;
}

bool explain_ids() {
  IdMap ids;
  std::string why;
  if (!ids.claim(why)) {
    print_row({"ids of the host", Standing::missing, why});
    return false;
  }
  const std::string id = std::to_string(ids.program_uid());
  if (ids.two_ids()) {
    print_row({"ids of the host", Standing::enforced, "each box has its own: uid " + id + " or the next free one"});
  } else {
    print_row({"ids of the host", Standing::weaker,
               "all boxes share this user's, uid " + id + ", and with it the limits that the kernel keeps by user",
               "sudo pushjudge-worker ..."});
  }
  return true;
}

bool explain_accounting() {
  std::string why;
  const auto meter = make_meter(why);
  if (!meter) {
    print_row({"control groups", Standing::missing, why});
    return false;
  }
  const std::string kind(to_string(meter->kind()));
  const std::string detail = kind + (why.empty() ? "" : "; better are missing: " + why);
  const bool by_kernel = meter->kind() != Accounting::rusage;
  if (by_kernel) {
    print_row({"control groups", Standing::enforced, detail});
  } else {
    const auto own = own_group("");
    const bool version_2 = own && says(read_whole_file(*own + "/cgroup.controllers"), "memory");
    print_row(
        {"control groups", Standing::weaker, detail,
         version_2 ? "systemd-run --user --scope -p Delegate=yes pushjudge-worker ..." : "sudo pushjudge-worker ..."});
  }
  print_row({"CPU time", by_kernel ? Standing::enforced : Standing::weaker,
             by_kernel ? "counted by the kernel for the whole box"
                       : "counted by looking; hidden by children of less than 10 ms whose parents ignore their end"});
  print_row({"memory", by_kernel ? Standing::enforced : Standing::weaker,
             by_kernel ? "limited by the kernel for the whole box"
                       : "sampled every 10 ms and without pipes and sockets, so it can be overrun for that long"});
  const bool sampled = meter->sampled();
  print_row(
      {"memory peak", sampled ? Standing::weaker : Standing::enforced,
       sampled ? "the most that was seen, every 10 ms; the kernel keeps it since Linux 5.19" : "kept by the kernel"});
  if (by_kernel) {
    const bool swap = meter->limits_swap();
    print_row({"memory in swap", swap ? Standing::enforced : Standing::weaker,
               swap ? "counts, and is not used" : "does not count, for the kernel does not account for it",
               swap ? "" : "swapoff -a"});
  }
  return true;
}

// That it is in force is known from the trial.
bool explain_filter() {
  std::string why;
  const auto filter = build_filter(1, why);
  if (filter.empty()) print_row({"seccomp", Standing::missing, why});
  return !filter.empty();
}

}  // namespace

int check_command() {
  utsname system{};
  ::uname(&system);
  print_table_head("sandbox");
  print_row({"kernel", Standing::none, system.release});
  const bool works = std::array{explain_trial(), explain_ids(), explain_filter(), explain_accounting()} ==
                     std::array{true, true, true, true};
  for (const auto& row : host_rows()) print_row(row);
  return works ? 0 : 1;
}

}  // namespace pushjudge::sandbox
