// A worker that runs nothing: every job is accepted at once. What is left is the pipeline.
//
//     bench_noop_worker QUEUE NAME SLOTS
//
// SIGTERM: it takes no further jobs, waits until its reports are settled, and leaves.

#include <sys/signalfd.h>

#include <charconv>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>

#include "proto/base/log.hpp"
#include "proto/base/unique_fd.hpp"
#include "queue/link.hpp"
#include "tests/bench/pipeline/noop.hpp"

namespace {

using namespace pushjudge;

class NoopWorker final : public LinkHandler {
 public:
  explicit NoopWorker(LinkOptions options) : link_(std::move(options), *this) {}

  void run(int stop) {
    bool draining = false;
    while (!draining || !link_.idle()) {
      pollfd stopped{stop, POLLIN, 0};
      link_.wait({&stopped, draining ? 0U : 1U}, std::chrono::seconds(1));
      if (stopped.revents != 0) {
        draining = true;
        link_.drain();
      }
    }
    link_.leave();
  }

  void on_job(Job job) override {
    Report report;
    report.verdict = Verdict::accepted;
    report.exit_code = 0;
    report.cpu_us = 1'000;
    report.wall_us = 1'000;
    report.memory_kib = 1'024;
    report.stdout_text = "2\n";
    report.accounting = "rusage";
    link_.finished(job.ref, std::move(report));
  }
  void on_drop(JobRef) override {}
  void on_joined(bool) override {}

 private:
  Link link_;
};

}  // namespace

int main(int argc, char** argv) {
  LinkOptions options;
  if (argc == 4) {
    const std::string_view slots = argv[3];
    std::from_chars(slots.begin(), slots.end(), options.slots);
    options.queue = argv[1];
    options.name = argv[2];
  }
  if (options.slots < 1 || argc != 4) {
    std::fprintf(stderr, "usage: %s QUEUE NAME SLOTS\n", argv[0]);
    return 2;
  }
  options.languages = {{bench::kLanguageId, "noop", "Nothing", "main.txt", "", ""}};
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  const UniqueFd stop(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  log::start("noop", "warn");
  try {
    NoopWorker(std::move(options)).run(stop.get());
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s: %s\n", argv[0], e.what());
    return 1;
  }
  return 0;
}
