#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/unit/worker/sandbox/harness.hpp"

// Files that are copied into a box once and shown to many runs.
namespace pushjudge::sandbox::testing {

namespace {

Fd sealed(std::string_view content) {
  Fd file = file_of(content);
  if (::fcntl(file.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) < 0) std::abort();
  return file;
}

Spec shell_with(const std::string& script, const std::vector<std::pair<std::string, int>>& files) {
  Spec spec = spec_of({"/bin/sh", "-c", script});
  for (const auto& [name, fd] : files) spec.files.push_back({name, 0755, fd, true});
  return spec;
}

std::string printed(Sandbox& sandbox, const Spec& spec) {
  const auto outcome = sandbox.run(spec);
  if (outcome.status != Status::exited) {
    return std::string(to_string(outcome.status)) + " at " + outcome.failure.step;
  }
  return content_of(outcome.out.fd) + content_of(outcome.err.fd);
}

constexpr const char* kScript = "#!/bin/sh\necho it is $0\n";

}  // namespace

TEST_CASE("shared: a file is there in every run that asks for it, under the name it asks for, and in no other") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  const Fd program = sealed(kScript);
  for (int i = 0; i < 3; ++i) {
    CHECK(printed(sandbox, shell_with("./main", {{"main", program.get()}})) == "it is ./main\n");
  }
  CHECK(printed(sandbox, shell_with("./other/name; ls", {{"other/name", program.get()}})) ==
        "it is ./other/name\nother\n");
  CHECK(printed(sandbox, shell_with("ls -A /box /tmp", {})) == "/box:\n\n/tmp:\n");
}

TEST_CASE("shared: a program can neither change nor remove the file, and what it did beside it is gone") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  const Fd program = sealed(kScript);
  const auto attack = shell_with(
      "echo x > main; rm -f main; mv main away; chmod 777 main; ln -sf /etc/passwd main; touch -d @0 main; : > beside;"
      "cd /; mv box bax; cat /box/main",
      {{"main", program.get()}});
  for (int i = 0; i < 2; ++i) CHECK(printed(sandbox, attack).find(kScript) != std::string::npos);
  CHECK(printed(sandbox, shell_with("ls -A; ./main", {{"main", program.get()}})) == "main\nit is ./main\n");
}

TEST_CASE("shared: another file is another file, however many there are and whatever they are called") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  std::vector<Fd> files;
  for (std::size_t i = 0; i < 2 * kSharedFilesMax; ++i) files.push_back(sealed(std::to_string(i) + "\n"));
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i < files.size(); ++i) {
      CHECK(printed(sandbox, shell_with("cat main", {{"main", files[i].get()}})) == std::to_string(i) + "\n");
    }
  }
  // More at a time than a box keeps: the rest is placed.
  std::vector<std::pair<std::string, int>> all;
  std::string wanted;
  for (std::size_t i = 0; i < files.size(); ++i) {
    all.emplace_back("f" + std::to_string(i), files[i].get());
    wanted += std::to_string(i) + "\n";
  }
  CHECK(printed(sandbox, shell_with("cat f*", all)) == wanted);
  CHECK(printed(sandbox, shell_with("cat f*", all)) == wanted);
}

TEST_CASE("shared: the order of names may change, and files may be placed beside") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  const Fd one = sealed("1");
  const Fd two = sealed("2");
  CHECK(printed(sandbox, shell_with("cat a b", {{"a", one.get()}, {"b", two.get()}})) == "12");
  CHECK(printed(sandbox, shell_with("cat a b", {{"a", two.get()}, {"b", one.get()}})) == "21");
  auto spec = shell_with("cat a b; echo 3 > b; cat b", {{"a", one.get()}});
  spec.files.push_back({"b", 0644, two.get()});
  CHECK(printed(sandbox, spec) == "123\n");
  CHECK(printed(sandbox, shell_with("cat a b", {{"a", one.get()}, {"b", two.get()}})) == "12");
}

TEST_CASE("shared: one file under many names is under none of them in a run that did not ask for it") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  const Fd file = sealed("x");
  std::vector<std::pair<std::string, int>> names;
  for (std::size_t i = 0; i < kSharedFilesMax + 2; ++i) names.emplace_back("f" + std::to_string(i), file.get());
  CHECK(printed(sandbox, shell_with("cat f*", names)) == std::string(names.size(), 'x'));
  names.resize(kSharedFilesMax);
  CHECK(printed(sandbox, shell_with("cat f*", names)) == std::string(names.size(), 'x'));
  CHECK(printed(sandbox, shell_with("cat f*", names)) == std::string(names.size(), 'x'));
}

TEST_CASE("shared: what is not sealed is placed, since it may change") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  const Fd file = file_of("old");
  CHECK(printed(sandbox, shell_with("cat main", {{"main", file.get()}})) == "old");
  REQUIRE(::pwrite(file.get(), "new", 3, 0) == 3);
  CHECK(printed(sandbox, shell_with("cat main; rm main; ls", {{"main", file.get()}})) == "new");
}

TEST_CASE("shared: a box that goes on is not shown files through what its last program made") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  const Fd file = sealed("shared");
  auto first = shell_with("ln -s /usr a", {});
  first.keep = true;
  CHECK(printed(sandbox, first).empty());
  const auto refused = sandbox.run(shell_with("cat a/bin/sh", {{"a/bin/sh", file.get()}}));
  CHECK(refused.status == Status::internal_error);
  CHECK(refused.failure.step == "place_file");
  CHECK(printed(sandbox, shell_with("cat main", {{"main", file.get()}})) == "shared");
}

TEST_CASE("shared: the file is not the program's memory") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  const Fd large = sealed(std::string(kSharedBytesMax, 'x'));
  auto spec = shell_with("true", {{"large", large.get()}});
  for (int i = 0; i < 2; ++i) {
    const auto outcome = sandbox.run(spec);
    CHECK(outcome.status == Status::exited);
    CHECK(outcome.memory_bytes < kSharedBytesMax / 2);
  }
}

}  // namespace pushjudge::sandbox::testing
