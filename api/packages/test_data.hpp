#pragma once

// The folder data/ of a package: groups, tests, samples, and what is there to check validators with. One thread at a
// time.

#include <map>
#include <string>
#include <vector>

#include "api/packages/folder.hpp"
#include "api/packages/metadata.hpp"
#include "proto/problem.hpp"

namespace pushjudge::packages {

// The files that a problem names, by what they hold.
class Blobs {
 public:
  Blob add(std::string bytes);
  const std::map<Digest, std::string>& all() const { return all_; }
  std::uint64_t bytes() const { return bytes_; }

 private:
  std::map<Digest, std::string> all_;
  std::uint64_t bytes_ = 0;
};

// What input validators are started with.
struct InputArguments {
  std::vector<std::string> for_all;
  std::map<std::string, std::vector<std::string>> by_validator;  // by its name; then `for_all` is empty

  const std::vector<std::string>& of(const std::string& validator) const;
};

// An input that all input validators must take, or one of them must refuse.
struct InputCheck {
  std::string name;  // "secret/01"
  Digest input;
  InputArguments arguments;
  bool valid = true;
};

// An output that the checker must take or refuse.
struct OutputCheck {
  ProblemTest test;
  Blob output;
  bool valid = true;
};

struct TestData {
  std::vector<TestGroup> groups;
  std::vector<ProblemTest> tests;
  std::vector<Sample> samples;
  std::vector<InputCheck> inputs;
  std::vector<OutputCheck> outputs;
};

// `compares`: outputs are compared by the judge, so the arguments are flags of the default validator. `signature`: of a
// function problem, whose tests lie in files of JSON, a line a test, the tests of a file being run by one process;
// null: of another one.
TestData read_test_data(const PackageFolder& folder, const Metadata& metadata, bool compares,
                        const Signature* signature, Blobs& blobs, Findings& findings);

}  // namespace pushjudge::packages
