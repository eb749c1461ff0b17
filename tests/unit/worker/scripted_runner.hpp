#pragma once

// A Runner that keeps what it was asked to run, and outcomes to answer with.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "worker/runner.hpp"
#include "worker/sandbox/outcome.hpp"

namespace pushjudge {

// A run as it would have arrived in the box.
struct ScriptedRun {
  sandbox::Spec spec;                          // its descriptors are closed by now
  std::map<std::string, std::string> files;    // name to content
  std::map<std::string, std::string> archive;  // the files of Spec::archive, likewise
  std::string input;
};

class ScriptedRunner final : public Runner {
 public:
  Result<void> start(const sandbox::Spec& spec) override;
  void cancel() override { ++cancelled; }

  const ScriptedRun& last() const { return runs.back(); }

  std::vector<ScriptedRun> runs;
  int cancelled = 0;
  std::optional<Error> refusal;  // the answer to start(), when there is one
};

// A program that ended by itself.
sandbox::Outcome exited(int exit_code, const std::string& out = "", const std::string& err = "");
sandbox::Outcome ended(sandbox::Status status);
// A compilation that left `files`.
sandbox::Outcome compiled(const std::map<std::string, std::string>& files, const std::string& out = "");
// An archive that was unpacked into `files`, and a compilation that left all these.
sandbox::Outcome unpacked(const std::map<std::string, std::string>& files);
sandbox::Outcome compiled_tree(const std::map<std::string, std::string>& files, const std::string& out = "");

}  // namespace pushjudge
