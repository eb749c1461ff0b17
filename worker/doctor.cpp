#include "worker/doctor.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "worker/catalogue.hpp"
#include "worker/languages.hpp"
#include "worker/sandbox/table.hpp"

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

// What the file `packages` of a language's folder names; nothing without it, or if it holds anything but names.
std::string packages_of(const std::filesystem::path& folder) {
  std::ifstream file(folder / "packages");
  std::string names;
  std::getline(file, names);
  const bool clean = names.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.+- ") == std::string::npos;
  return clean ? names : std::string();
}

void print_offered(const Catalogue& catalogue) {
  std::map<std::string, sandbox::TableRow> rows;
  for (const auto& language : catalogue.languages()) {
    auto& row = rows[language.slug];
    if (row.what.empty()) row = {language.slug, sandbox::Standing::offered, language.name + "; id", ""};
    row.detail += " " + std::to_string(language.id);
  }
  for (const auto& [slug, row] : rows) sandbox::print_row(row);
}

void print_left_out(const Catalogue& catalogue, const std::filesystem::path& languages) {
  for (const auto& left_out : catalogue.left_out()) {
    const auto folder = languages / left_out.slug;
    // No package mends a folder that cannot be read.
    const std::string packages = read_recipe(folder) ? packages_of(folder) : std::string();
    sandbox::print_row({left_out.slug, sandbox::Standing::missing, left_out.reason,
                        packages.empty() ? "" : "apt-get install " + packages});
  }
}

bool check_unpacker(const WorkerConfig& config) {
  SandboxRunner runner(config.sandbox);
  const auto unpacker = read_unpacker(config.unpacker, config.extract_kib_max);
  const auto tried = unpacker ? try_unpacker(*unpacker, runner) : Result<void>(unpacker.error());
  std::printf("\nadditional files: %s\n", tried ? "unpacked in a box" : tried.error().message.c_str());
  return tried.has_value();
}

}  // namespace

int run_doctor(const WorkerConfig& config) {
  std::printf("%s check\n\n", config.sandbox.c_str());
  const bool sandbox_works = check_sandbox(config.sandbox);
  std::printf("\nlanguages of %s\n\n", config.languages.c_str());
  const auto catalogue = Catalogue::read(config.languages, config.sandbox);
  if (!catalogue) {
    std::printf("%s\n", catalogue.error().message.c_str());
    return 1;
  }
  sandbox::print_table_head("language");
  print_offered(*catalogue);
  print_left_out(*catalogue, config.languages);
  const bool unpacker_works = check_unpacker(config);
  return sandbox_works && unpacker_works && !catalogue->languages().empty() ? 0 : 1;
}

}  // namespace pushjudge
