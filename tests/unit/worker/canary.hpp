#pragma once

// What a hostile submission must neither read nor change.

#include <cstdint>
#include <string>
#include <vector>

#include "proto/base/unique_fd.hpp"
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

// A service on the host's loopback that must not be reached.
class Service {
 public:
  Service();
  std::string port() const { return std::to_string(port_); }
  void check_unreached() const;

 private:
  UniqueFd listener_;
  std::uint16_t port_ = 0;
};

// None of the secrets is in the report, nor is the host's list of passwords.
void check_tells_nothing(const Report& report);

}  // namespace pushjudge::testing
