// Submissions that bring files: what a client of Judge0's sends, and what it reads of it.

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "proto/codec.hpp"
#include "tests/e2e/cluster.hpp"
#include "tests/support/zip_file.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;
using nlohmann::json;

namespace {

constexpr int kExecutable = 44;
constexpr int kPython = 71;
constexpr int kMultiFile = 89;

ClusterOptions with_languages_for_files() {
  ClusterOptions options;
  options.languages = {"python", "multi-file", "executable"};
  options.slots = 2;
  return options;
}

std::string archive(const std::vector<ZipEntry>& files) {
  return base64_encode(zip_of(files));
}

json judged(const Cluster& cluster, const json& attributes) {
  const std::string token = cluster.submit(attributes).at("token");
  auto client = cluster.client();
  json seen;
  REQUIRE(eventually([&] {
    const auto answer = client.get(token, "*");
    if (answer) seen = *answer;
    return answer && answer->at("state") == "finished";
  }));
  CAPTURE(seen.dump());
  return seen;
}

}  // namespace

TEST_CASE("files: a program that is an archive is compiled once by its script and run by its script") {
  const Cluster cluster(with_languages_for_files());
  const auto seen =
      judged(cluster, {{"language_id", kMultiFile},
                       {"additional_files", archive({{"compile", "echo compiling; cat src/* > program"},
                                                     {"run", ". ./program"},
                                                     {"src/1", "read -r name\n"},
                                                     {"src/2", "echo \"hello, $name\"\n", 0100644, true}})},
                       {"stdin", "world"},
                       {"expected_output", "hello, world"},
                       {"number_of_runs", 3}});
  CHECK(seen.at("status").at("id") == 3);
  CHECK(seen.at("compile_output") == "compiling\n");

  const auto nothing = judged(cluster, {{"language_id", kMultiFile}, {"additional_files", archive({{"a", "b"}})}});
  CHECK(nothing.at("status").at("id") == 14);
  CHECK(nothing.at("message") == "There is nothing to run: additional_files holds no file run.sh or run");
}

TEST_CASE("files: a script finds those that came with it, and is not replaced by one of them") {
  const Cluster cluster(with_languages_for_files());
  const auto seen =
      judged(cluster, {{"language_id", kPython},
                       {"source_code", "import lib.it\nprint(lib.it.x)"},
                       {"additional_files", archive({{"lib/it.py", "x = 42"}, {"script.py", "print('wrong')"}})}});
  CHECK(seen.at("stdout") == "42\n");
}

TEST_CASE("files: an archive that is refused is a verdict with the reason, at the first attempt") {
  const Cluster cluster(with_languages_for_files());
  for (const auto& zip : {std::string("no archive"), zip_of({{"../../x", ""}}), zip_of({{"x", "/etc", 0120777}}),
                          zip_of({{"bomb", std::string(11 << 20, '\0'), 0100644, true}})}) {
    const auto script = judged(
        cluster, {{"language_id", kPython}, {"source_code", "print(1)"}, {"additional_files", base64_encode(zip)}});
    CHECK(script.at("status").at("id") == 14);
    CHECK(script.at("message").get<std::string>().starts_with("additional_files: "));
    CHECK(script.at("attempt") == 1);
    const auto program = judged(cluster, {{"language_id", kMultiFile}, {"additional_files", base64_encode(zip)}});
    CHECK(program.at("status").at("id") == 6);
    CHECK(program.at("compile_output").get<std::string>().starts_with("additional_files: "));
  }
}

TEST_CASE("files: a program is run as it was sent") {
  const Cluster cluster(with_languages_for_files());
  auto attributes = json{
      {"language_id", kExecutable}, {"source_code", "#!/bin/sh\necho \"$@\""}, {"command_line_arguments", "'a  b' c"}};
  CHECK(judged(cluster, attributes).at("stdout") == "a  b c\n");
}
