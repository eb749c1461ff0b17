#include "worker/doctor.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "worker/catalogue.hpp"

namespace pushjudge {

namespace {

// `program check` with our standard output; true when it ended well.
bool check_sandbox(std::string program) {
  std::string check = "check";
  const std::array<char*, 3> argv{program.data(), check.data(), nullptr};
  std::fflush(stdout);
  pid_t pid = 0;
  if (const int failed = ::posix_spawn(&pid, program.c_str(), nullptr, nullptr, argv.data(), environ)) {
    std::printf("cannot start %s: %s\n", program.c_str(), std::strerror(failed));
    return false;
  }
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

int run_doctor(const WorkerConfig& config) {
  std::printf("sandbox: %s\n", config.sandbox.c_str());
  const bool sandbox_works = check_sandbox(config.sandbox);
  std::printf("\nlanguages: %s\n", config.languages.c_str());
  const auto catalogue = Catalogue::read(config.languages, config.sandbox);
  if (!catalogue) {
    std::printf("%s\n", catalogue.error().message.c_str());
    return 1;
  }
  for (const auto& language : catalogue->languages()) {
    const bool also = catalogue->find(language.id)->id != language.id;
    std::printf("%6d  %-12s %s\n", language.id, language.slug.c_str(), also ? "the same" : language.name.c_str());
  }
  for (const auto& left_out : catalogue->left_out()) {
    std::printf("     -  %-12s left out: %s\n", left_out.slug.c_str(), left_out.reason.c_str());
  }
  return sandbox_works && !catalogue->languages().empty() ? 0 : 1;
}

}  // namespace pushjudge
