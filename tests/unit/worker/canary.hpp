#pragma once

// What a hostile submission must neither read nor change.

#include <cstdint>
#include <string>
#include <vector>

#include "proto/submission.hpp"
#include "tests/support/temporary_folder.hpp"

namespace pushjudge::testing {

// What no report may hold.
extern const std::string kFileSecret;         // the canary's text
extern const std::string kEnvironmentSecret;  // for a variable of the worker

// A file of the host that everybody there may read, in a folder where everybody may write.
class Canary {
 public:
  Canary();

  std::string file() const { return folder_.file("secret"); }

  // Its content, its owner, its times, and that it is alone.
  void check_untouched() const;

 private:
  std::vector<std::int64_t> state() const;

  TemporaryFolder folder_;
  std::vector<std::int64_t> before_;
};

// None of the secrets is in the report, nor is the host's list of passwords.
void check_tells_nothing(const Report& report);

}  // namespace pushjudge::testing
