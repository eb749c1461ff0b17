#include "worker/program.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace pushjudge {

namespace {

constexpr std::uint64_t kBoxBytes = 256ULL << 20;
constexpr std::uint64_t kOutputBytesMax = 4ULL << 20;    // of a run whose submission sets no file size limit
constexpr std::uint64_t kStackPlaceholderKibMin = 1024;  // less than this, and virtual machines refuse to start
constexpr std::uint64_t kStackPlaceholderKibMax = 1 << 20;
constexpr std::uint64_t kMemoryPlaceholderMbMin = 8;

std::vector<Placeholder> placeholders(const Limits& limits) {
  const auto stack_kib = limits.stack_kib != 0 ? limits.stack_kib : limits.memory_kib;
  return {{"memory_mb", std::to_string(std::max(limits.memory_kib / 1024, kMemoryPlaceholderMbMin))},
          {"stack_kib", std::to_string(std::clamp(stack_kib, kStackPlaceholderKibMin, kStackPlaceholderKibMax))}};
}

}  // namespace

std::vector<std::string> environment_with(const std::vector<std::string>& more,
                                          const std::vector<Placeholder>& values) {
  std::vector<std::string> environment{"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/tmp", "LANG=C.UTF-8"};
  for (const auto& variable : more) environment.push_back(fill_in(variable, values));
  return environment;
}

sandbox::Limits compile_limits() {
  sandbox::Limits limits;
  limits.cpu_us = 20'000'000;
  limits.wall_us = 30'000'000;
  limits.memory_bytes = 1ULL << 30;
  limits.stack_bytes = 64ULL << 20;
  limits.stdout_bytes = 1ULL << 20;
  limits.stderr_bytes = 1ULL << 20;
  limits.file_bytes = 128ULL << 20;
  limits.box_bytes = kBoxBytes;
  limits.processes = 128;
  limits.open_files = 1024;
  return limits;
}

sandbox::Limits run_limits(const Limits& limits, const RunStep& step, std::uint64_t memory_kib_max) {
  sandbox::Limits box;
  box.wall_us = std::max<std::uint64_t>(limits.wall_ms, 1) * 1000;
  // Every thread at work for as long as the wall clock allows.
  const auto unlimited_cpu_us = box.wall_us * std::max<std::uint64_t>(limits.processes, 1);
  box.cpu_us = limits.cpu_ms != 0 ? (limits.cpu_ms + limits.cpu_extra_ms) * 1000 : unlimited_cpu_us;
  if (limits.cpu_per_process && limits.cpu_ms != 0) box.process_cpu_us = std::exchange(box.cpu_us, unlimited_cpu_us);
  box.memory_bytes = (limits.memory_kib + step.memory_extra_kib) * 1024;
  if (limits.memory_per_process) {
    if (!step.reserves_memory) box.process_memory_bytes = box.memory_bytes;
    const auto all_processes = box.memory_bytes * std::max<std::uint64_t>(limits.processes, 1);
    box.memory_bytes = std::max(box.memory_bytes, std::min(all_processes, memory_kib_max * 1024));
  }
  box.stack_bytes = limits.stack_kib * 1024;
  box.stdout_bytes = limits.file_kib != 0 ? limits.file_kib * 1024 : kOutputBytesMax;
  box.stderr_bytes = box.stdout_bytes;
  box.file_bytes = limits.file_kib != 0 ? limits.file_kib * 1024 : kBoxBytes;
  box.box_bytes = kBoxBytes;
  box.processes = limits.processes + step.processes_extra;
  return box;
}

bool toolchain_is_missing(const sandbox::Outcome& outcome, const Program& program) {
  if (outcome.status != sandbox::Status::exec_failed || outcome.failure.error == ENOMEM) return false;
  return program.recipe->run.command.text().starts_with('/');
}

sandbox::Spec run_of(const Program& program, const Limits& limits, std::uint64_t memory_kib_max, const Words& more) {
  const Recipe& recipe = *program.recipe;
  sandbox::Spec spec;
  auto values = placeholders(limits);
  values.push_back({"script", program.script});
  spec.argv = recipe.run.command.expand(values);
  spec.argv.insert(spec.argv.end(), program.arguments.begin(), program.arguments.end());
  spec.argv.insert(spec.argv.end(), more.begin(), more.end());
  spec.env = environment_with(recipe.run.environment, values);
  spec.limits = run_limits(limits, recipe.run, memory_kib_max);
  if (program.files) spec.archive = program.files.get();
  if (!program.compiled && !recipe.source_file.empty()) {
    const std::uint32_t mode = recipe.source_executable ? 0755 : 0644;
    spec.files.push_back({recipe.source_file, mode, program.source.get(), recipe.source_executable});
  }
  for (const auto& artifact : program.artifacts)
    spec.files.push_back({artifact.name, 0755, artifact.content.get(), true});
  for (const auto& file : program.included) spec.files.push_back({file.name, 0644, file.content->get()});
  return spec;
}

}  // namespace pushjudge
