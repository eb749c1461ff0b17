#include "tests/unit/worker/scripted_runner.hpp"

#include <sys/stat.h>

#include "worker/file_tree.hpp"
#include "worker/memory_file.hpp"

namespace pushjudge {

namespace {

std::string content_of(int fd) {
  struct stat found {};
  PJ_ASSERT(::fstat(fd, &found) == 0);
  return *read_memory_file(fd, static_cast<std::uint64_t>(found.st_size));
}

std::string tree_of(const std::map<std::string, std::string>& files) {
  std::string tree;
  for (const auto& [name, content] : files) append_file(tree, name, 0644, content);
  append_end(tree);
  return tree;
}

sandbox::Fd memory_fd(const std::string& bytes) {
  auto file = make_memory_file("test", bytes);
  PJ_ASSERT(file);
  return sandbox::Fd(file->release());
}

}  // namespace

Result<void> ScriptedRunner::start(const sandbox::Spec& spec) {
  if (refusal) return *refusal;
  PJ_ASSERT(!invalid(spec));
  ScriptedRun run{spec, {}, {}, {}};
  for (const auto& file : spec.files) run.files[file.name] = content_of(file.fd);
  if (spec.archive >= 0) {
    const auto tree = content_of(spec.archive);
    const auto listed = list_tree(spec.archive);
    PJ_ASSERT(listed);
    for (const auto& file : *listed) run.archive[file.name] = tree.substr(file.offset, file.size);
  }
  if (spec.stdin_fd >= 0) run.input = content_of(spec.stdin_fd);
  runs.push_back(std::move(run));
  return {};
}

sandbox::Outcome ended(sandbox::Status status) {
  sandbox::Outcome outcome;
  outcome.status = status;
  outcome.out = {memory_fd(""), 0, false};
  outcome.err = {memory_fd(""), 0, false};
  return outcome;
}

sandbox::Outcome exited(int exit_code, const std::string& out, const std::string& err) {
  auto outcome = ended(sandbox::Status::exited);
  outcome.exit_code = exit_code;
  outcome.out = {memory_fd(out), out.size(), false};
  outcome.err = {memory_fd(err), err.size(), false};
  return outcome;
}

sandbox::Outcome compiled(const std::map<std::string, std::string>& files, const std::string& out) {
  auto outcome = exited(0, out);
  for (const auto& [name, bytes] : files) outcome.collected.push_back({name, memory_fd(bytes), bytes.size(), 0});
  return outcome;
}

sandbox::Outcome unpacked(const std::map<std::string, std::string>& files) {
  return exited(0, tree_of(files));
}

sandbox::Outcome compiled_tree(const std::map<std::string, std::string>& files, const std::string& out) {
  auto outcome = exited(0, out);
  const auto tree = tree_of(files);
  outcome.archive = {"", memory_fd(tree), tree.size(), 0};
  return outcome;
}

}  // namespace pushjudge
