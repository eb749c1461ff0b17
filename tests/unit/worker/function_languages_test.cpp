// Every kit that we ship, on the cases of tests/functions: compiled and run as the judge does it, without its boxes.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

#include "proto/function_values.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"
#include "worker/builder.hpp"
#include "worker/function_kit.hpp"
#include "worker/languages.hpp"
#include "worker/memory_file.hpp"

using namespace pushjudge;
namespace fs = std::filesystem;

namespace {

const std::string kNonce = "0123456789abcdef0123456789abcdef";

struct Started {
  Words argv;
  std::vector<std::string> environment;
  std::string input = "/dev/null";
};

struct Ended {
  int status = 0;  // of waitpid()
  std::string printed, errors, answers;
};

// In `folder`, which keeps what it writes; a file takes the place of the pipe of descriptor 3.
Ended run_in(const fs::path& folder, const Started& started) {
  std::vector<char*> argv;
  std::vector<char*> environment;
  auto copy = started;
  for (auto& word : copy.argv) argv.push_back(word.data());
  for (auto& pair : copy.environment) environment.push_back(pair.data());
  argv.push_back(nullptr);
  environment.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const auto open = [&](int fd, const fs::path& path, int flags) {
    posix_spawn_file_actions_addopen(&actions, fd, path.c_str(), flags, 0600);
  };
  open(0, started.input, O_RDONLY);
  open(1, folder / "printed", O_WRONLY | O_CREAT | O_TRUNC);
  open(2, folder / "errors", O_WRONLY | O_CREAT | O_TRUNC);
  open(3, folder / "answers", O_WRONLY | O_CREAT | O_TRUNC);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  pid_t pid = -1;
  const auto failed = posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::system_error(failed, std::generic_category(), argv[0]);
  Ended ended;
  const bool in_time =
      testing::eventually([&] { return ::waitpid(pid, &ended.status, WNOHANG) == pid; }, std::chrono::seconds(60));
  if (!in_time) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, &ended.status, 0);
    FAIL_CHECK("it does not end");
  }
  ended.printed = testing::read_file(folder / "printed");
  ended.errors = testing::read_file(folder / "errors");
  ended.answers = testing::read_file(folder / "answers");
  return ended;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

void write_fd(const testing::TemporaryFolder& folder, const std::string& name, int fd) {
  const auto size = ::lseek(fd, 0, SEEK_END);
  REQUIRE(size >= 0);
  folder.write(name, *read_memory_file(fd, static_cast<std::uint64_t>(size)));
}

// Lays everything beside each other and compiles it; the program's files are left in `folder`.
bool build(const testing::TemporaryFolder& folder, const Recipe& recipe, const SourceParts& parts) {
  folder.write(recipe.source_file, parts.source_code);
  for (const auto& file : parts.included) write_fd(folder, file.name, file.content->get());
  if (!recipe.compile) return true;
  for (const auto& file : recipe.compile->files) write_fd(folder, file.name, file.content->get());
  auto options = parts.options;
  if (parts.more_sources) {
    for (const auto& file : parts.included) options.push_back(file.name);
  }
  const auto compiled = run_in(
      folder.path(), {recipe.compile->command.expand({}, options), environment_with(recipe.compile->environment, {})});
  CAPTURE(compiled.errors);
  CAPTURE(compiled.printed);
  CHECK(compiled.status == 0);
  return compiled.status == 0;
}

Ended run_tests(const testing::TemporaryFolder& folder, const Recipe& recipe, const std::string& input) {
  const std::vector<Placeholder> limits{{"memory_mb", "512"}, {"stack_kib", "65536"}};
  Started started;
  started.argv = recipe.run.command.expand(limits);
  started.argv.push_back(kNonce);
  started.environment = environment_with(recipe.run.environment, limits);
  started.input = input;
  if (started.argv[0].starts_with("./")) started.argv[0] = (folder.path() / started.argv[0]).string();
  return run_in(folder.path(), started);
}

struct Case {
  fs::path folder;
  Signature signature;
  std::vector<Arguments> tests;
  std::vector<std::string> expected;
};

Case read_case(const fs::path& folder) {
  Case one;
  one.folder = folder;
  auto signature = parse_signature(testing::read_file(folder / "signature.json"));
  REQUIRE(signature);
  one.signature = *std::move(signature);
  auto tests = parse_tests(one.signature, testing::read_file(folder / "input.txt"), 100);
  REQUIRE(tests);
  one.tests = *std::move(tests);
  one.expected = lines_of(testing::read_file(folder / "expected.txt"));
  return one;
}

// Each answer is one of the type, and right.
void check_answers(const Case& one, const std::string& answers) {
  const auto lines = lines_of(answers);
  REQUIRE(lines.size() == one.expected.size());
  for (std::size_t test = 0; test < lines.size(); ++test) {
    CAPTURE(lines[test]);
    CAPTURE(one.expected[test]);
    REQUIRE(lines[test].starts_with(kNonce + " "));
    const auto behind_time = lines[test].find(' ', kNonce.size() + 1);
    REQUIRE(behind_time != std::string::npos);
    CHECK(std::all_of(lines[test].begin() + kNonce.size() + 1, lines[test].begin() + behind_time,
                      [](char c) { return c >= '0' && c <= '9'; }));
    const auto answer = canonical_answer(one.signature, one.tests[test].front(), lines[test].substr(behind_time + 1));
    const auto expected = canonical_answer(one.signature, one.tests[test].front(), one.expected[test]);
    REQUIRE(expected);
    if (!answer) FAIL_CHECK(answer.error().message);
    if (answer) CHECK(is_same({}, *expected, *answer));
  }
}

std::string printed_by(const Case& one) {
  std::string text;
  for (std::size_t test = 0; test < one.expected.size(); ++test) {
    if (one.folder.filename() == "two_sum") text += "target " + one.tests[test][1] + "\n";
    text += kNonce + "\n";
  }
  return text;
}

void check_case(const Case& one, const Recipe& recipe, const fs::path& solution) {
  const testing::TemporaryFolder folder;
  const auto parts = function_parts(recipe, one.signature, testing::read_file(solution));
  REQUIRE(parts);
  if (!build(folder, recipe, *parts)) return;
  const auto ended = run_tests(folder, recipe, (one.folder / "input.txt").string());
  CAPTURE(ended.errors);
  const bool fails = one.expected.size() < one.tests.size();
  CHECK((ended.status == 0) == !fails);
  CHECK(ended.errors.empty() == !fails);
  CHECK(ended.printed == printed_by(one));
  check_answers(one, ended.answers);
}

}  // namespace

TEST_CASE("functions: every kit calls what every case asks for, and gives back what it returned") {
  const auto found = read_recipes(PJ_LANGUAGES_DIR);
  REQUIRE(found);
  for (const auto& left_out : found->left_out) FAIL_CHECK(left_out.reason);
  std::vector<Case> cases;
  for (const auto& entry : fs::directory_iterator(PJ_FUNCTIONS_DIR)) {
    if (entry.is_directory()) cases.push_back(read_case(entry.path()));
  }
  std::set<std::string> tried;  // kits
  for (const auto& recipe : found->recipes) {
    if (!recipe.function) continue;
    // Of a kit that another language has as well, one case shows that this compiler takes it.
    const bool shared = !tried.insert(recipe.function->main + recipe.function->code_style).second;
    if (!fs::exists(recipe.version.command.expand({})[0])) {
      MESSAGE(recipe.slug << " is not installed");
      continue;
    }
    SUBCASE(recipe.slug.c_str()) {
      CAPTURE(recipe.slug);
      for (const auto& one : cases) {
        const auto solution = one.folder / ("solution" + fs::path(recipe.source_file).extension().string());
        // Rings, three dimensions and threads that stay are not for every language.
        const auto name = one.folder.filename();
        const bool optional = name == "deep" || name == "cycle" || name == "stays";
        if ((optional && !fs::exists(solution)) || (shared && name != "echo")) continue;
        CAPTURE(solution.string());
        REQUIRE(fs::exists(solution));
        CHECK(unsupported(*recipe.function, one.signature) == std::nullopt);
        check_case(one, recipe, solution);
      }
    }
  }
}
