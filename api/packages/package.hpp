#pragma once

// A problem package in the format of Kattis and the ICPC, legacy or 2023-07-draft
// (https://www.kattis.com/problem-package-format/), read into what the judge needs: the problem, its files, and what it
// can be checked with. Nothing is started but pandoc, and nothing is sent. One thread at a time.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "api/packages/programs.hpp"
#include "api/packages/submissions.hpp"
#include "api/packages/test_data.hpp"
#include "proto/problem.hpp"

namespace pushjudge::packages {

struct Package {
  Problem problem;                      // limits.time_ms is to be found, where timing.given_ms is nothing
  std::map<Digest, std::string> blobs;  // all that the problem names, and the inputs and outputs below
  Timing timing;
  bool draft = false;  // the format's name: not legacy
  std::vector<Program> input_validators;
  std::vector<InputCheck> inputs;
  std::vector<OutputCheck> outputs;
  std::vector<PackageSubmission> submissions;
  std::vector<std::string> warnings;
};

struct PackageOptions {
  std::string pandoc = "pandoc";  // what makes Markdown of LaTeX; empty: nothing does
};

// Errors: invalid, a line for each mistake: "problem.yaml:7: unknown key 'x'".
Result<Package> read_package(const std::filesystem::path& folder, const PackageOptions& options = {});

// The folder itself where it is a package, else the packages in it, in order of names. Errors: invalid.
Result<std::vector<std::filesystem::path>> find_packages(const std::filesystem::path& folder);

inline constexpr std::uint64_t kPackageBytesMax = 512 << 20;

}  // namespace pushjudge::packages
