#include "tests/unit/worker/canary.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <filesystem>
#include <iterator>

#include "tests/unit/worker/box.hpp"

namespace pushjudge::testing {

namespace fs = std::filesystem;

// Written in two parts, so that no source or option of a row holds it either.
const std::string kFileSecret = std::string("the-text-of") + "-the-canary-4711";
const std::string kEnvironmentSecret = std::string("a-variable-of") + "-the-worker-4711";

Canary::Canary() {
  folder_.write("secret", kFileSecret + "\n");
  fs::permissions(folder_.path(), fs::perms::all);
  before_ = state();
}

void Canary::check_untouched() const {
  CHECK(text_of(file()) == kFileSecret + "\n");
  CHECK(state() == before_);
  CHECK(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()) == 1);
}

std::vector<std::int64_t> Canary::state() const {
  struct stat found {};
  REQUIRE(::lstat(file().c_str(), &found) == 0);
  return {static_cast<std::int64_t>(found.st_ino),
          static_cast<std::int64_t>(found.st_mode),
          static_cast<std::int64_t>(found.st_uid),
          static_cast<std::int64_t>(found.st_gid),
          static_cast<std::int64_t>(found.st_nlink),
          found.st_size,
          found.st_mtim.tv_sec,
          found.st_mtim.tv_nsec,
          found.st_ctim.tv_sec,
          found.st_ctim.tv_nsec};
}

Service::Service() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  REQUIRE(::bind(listener_.get(), generic, size) == 0);
  REQUIRE(::listen(listener_.get(), 8) == 0);
  REQUIRE(::getsockname(listener_.get(), generic, &size) == 0);
  port_ = ntohs(address.sin_port);
}

void Service::check_unreached() const {
  pollfd caller{listener_.get(), POLLIN, 0};
  CHECK(::poll(&caller, 1, 0) == 0);
}

void check_tells_nothing(const Report& report) {
  std::vector<std::string> secrets = {kFileSecret, kEnvironmentSecret};
  // The host's, where this test may read it: the box has an /etc of its own.
  if (auto shadow = text_of("/etc/shadow"); !shadow.empty()) secrets.push_back(shadow.substr(0, shadow.find('\n')));
  for (const auto& text : {report.compile_output, report.stdout_text, report.stderr_text, report.message}) {
    for (const auto& secret : secrets) CHECK(text.find(secret) == std::string::npos);
  }
}

}  // namespace pushjudge::testing
