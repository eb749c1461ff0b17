// Archives that attack whoever unpacks them, and scripts in them that attack whoever collects what they leave, each a
// row. Whatever they hold, they end in bounded time, nothing outside of the box is read or changed, and the next
// submission is judged as ever.

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/support/zip_file.hpp"
#include "tests/unit/worker/box.hpp"
#include "tests/unit/worker/canary.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;

namespace {

constexpr auto kPatience = std::chrono::seconds(30);

struct Attack {
  std::string what;
  std::vector<ZipEntry> files;
  std::string said;  // of why it is refused; nothing: any verdict but that
};

void check_rows(const std::vector<Attack>& rows, const Canary& canary) {
  const auto* multi_file = language("multi-file");
  if (multi_file == nullptr) return;
  Box box;
  for (const auto& row : rows) {
    CAPTURE(row.what);
    auto submission = submission_of("");
    submission.additional_files = zip_of(row.files);
    submission.number_of_runs = 3;
    submission.limits.wall_ms = 3'000;
    const auto begin = Steady::now();
    const auto report = box.report_on(submission, *multi_file);
    CHECK(Steady::now() - begin < kPatience);
    if (!row.said.empty()) {
      check(report, Verdict::compilation_error);
      CHECK(report.compile_output.find(row.said) != std::string::npos);
    }
    check_tells_nothing(report);
    canary.check_untouched();
  }
  auto innocent = submission_of("");
  innocent.additional_files = zip_of({{"run", "ls"}});
  innocent.expected_output = "run\n";
  check(box.report_on(innocent, *multi_file), Verdict::accepted);
}

ZipEntry link_entry(const std::string& name, const std::string& to) {
  return {name, to, 0120777};
}

// One entry a name: "0", "1" and so on.
std::vector<ZipEntry> many(int count, const std::string& before, const std::string& after) {
  std::vector<ZipEntry> entries{{"run", "ls | wc -l"}};
  for (int i = 0; i < count; ++i) entries.push_back({before + std::to_string(i) + after, ""});
  return entries;
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("hostile archive: links, names, bombs and forgeries are refused or stay in the box") {
  if (!boxes_work()) return;
  const Canary canary;
  const auto& file = canary.file();
  const std::string zeros(20 << 20, '\0');
  std::vector<ZipEntry> small_bombs{{"run", "true"}};
  for (int i = 0; i < 20; ++i)
    small_bombs.push_back({"bomb" + std::to_string(i), std::string(1 << 20, '\0'), 0100644, true});
  check_rows(
      {
          {"run is a link to the canary", {link_entry("run", file)}, "'run' is a symbolic link"},
          {"run is a link to passwd", {link_entry("run", "/etc/passwd")}, "'run' is a symbolic link"},
          {"a link to the root and a file behind it",
           {link_entry("x", "/"), {"x/tmp/pwn", "x"}},
           "'x' is a symbolic link"},
          {"a link that says it is a folder", {link_entry("x/", "/"), {"x/tmp/pwn", "x"}}, "'x/' is a symbolic link"},
          {"up and away", {{"../../pwn", "x"}, {"run", "ls"}}, "is not allowed"},
          {"up to the canary", {{"../../../../../../" + file, "x"}, {"run", "ls"}}, "is not allowed"},
          {"an absolute path", {{file, "x"}, {"run", "ls"}}, "is not allowed"},
          {"backslashes", {{"..\\..\\pwn", "x"}, {"run", "ls"}}, "is not allowed"},
          {"a line break", {{"a\nb", "x"}, {"run", "ls"}}, "is not allowed"},
          {"a NUL in front of the suffix", {{std::string("run\0.txt", 8), "ls"}}, ""},
          {"a terminal's colours", {{"\x1b[31mred", "x"}, {"run", "ls"}}, "'?[31mred' is not allowed"},
          {"one name twice", {{"run", "ls"}, {"run", "exit 1"}}, "'run' is there twice"},
          {"a file that is a folder", {{"run", "ls"}, {"run/x", ""}}, "is both a file and a folder"},
          {"a device", {{"run", "", 0020666}}, "is neither a file nor a folder"},
          {"a FIFO", {{"run", "", 0010666}}, "is neither a file nor a folder"},
          {"a program with another user's rights", {{"run", "./x; ls -l x"}, {"x", "#!/usr/bin/id", 0106755}}, ""},
          {"a bomb", {{"run", "true"}, {"bomb", zeros, 0100644, true}}, "more than 10240 kB"},
          {"many small bombs", small_bombs, "more than 10240 kB"},
          {"a bomb that claims to be small",
           {{"run", "true"}, {"bomb", zeros, 0100644, true, 0, 0, 5}},
           "more than 10240 kB"},
          {"a boast", {{"run", "true"}, {"boast", "x", 0100644, true, 0, 0, 0xfffffff0}}, ""},
          {"a lie about the content", {{"run", "true", 0100644, false, 0, 0, {}, 1}}, "'run' cannot be read"},
          {"encrypted", {{"run", "true", 0100644, false, 1}}, "'run' cannot be read"},
          {"100000 entries", many(100'000, "", ""), "more than 1000 files and folders"},
          {"1000 entries", many(999, "", ""), ""},
          {"folders, many times more than entries", many(500, "", "/a/b/c/d/e/f/g/h/x"), "more than 1000 files"},
          {"a deep folder", {{repeated("d/", 5'000) + "x", ""}, {"run", "ls"}}, "is not allowed"},
          {"a long name", {{std::string(60'000, 'n'), ""}, {"run", "ls"}}, "is not allowed"},
          {"a folder in place of the script", {{"run/", "", 040755}, {"compile/", "", 040755}}, ""},
          {"nothing at all", {}, ""},
      },
      canary);
}

TEST_CASE("hostile archive: what is no archive is refused, wherever it is cut or changed") {
  if (!boxes_work()) return;
  const auto* python = language("python");
  if (python == nullptr) return;
  Box box;
  auto submission = submission_of("print(1)");
  const auto zip = zip_of({{"a", "text"}});
  for (const auto& broken : {std::string(), std::string("PK"), zip.substr(0, zip.size() / 2), zip.substr(5),
                             std::string(10 << 20, 'P'), repeated("PK\5\6", 100'000), repeated("PK\1\2", 100'000)}) {
    submission.additional_files = broken;
    const auto report = box.report_on(submission, *python);
    check(report, Verdict::exec_format_error);
    CHECK(report.message.starts_with("additional_files: "));
  }
  submission.additional_files = zip;
  check(box.report_on(submission, *python), Verdict::accepted);
}

TEST_CASE("hostile archive: what a script plants is not followed, neither after compiling nor between runs") {
  if (!boxes_work()) return;
  const Canary canary;
  const auto& file = canary.file();
  const std::string plant =
      "for n in run run.sh compile.sh a.out stdin stdout stdin.txt stdout.txt meta unpack; do ln -sf " + file +
      " $n; done; echo x > stdout.txt; chmod 0 a.out; rm -f meta; mkfifo meta\n";
  check_rows(
      {
          {"links in place of everything, when compiled", {{"compile", plant}, {"run", "cat run; echo ran"}}, ""},
          {"links in place of everything, when run", {{"run", plant + "cat " + file}}, ""},
          {"a link in place of the script", {{"compile", "ln -sf " + file + " run"}, {"run", ""}}, ""},
          {"a link in place of a folder",
           {{"compile", "mv lib old; ln -s / lib; ln -s /proc/1/root other"}, {"lib/x", "1"}, {"run", "cat lib/x"}},
           ""},
          {"a folder in place of the script", {{"compile", "rm run; mkdir run; touch run/x"}, {"run", ""}}, ""},
          {"FIFOs, devices, links to them, and a hole too large to make",
           {{"compile", "mkfifo f; mknod c c 1 5; ln -s /dev/zero z; truncate -s 1T hole; rm hole; true"},
            {"run", "[ \"$(echo *)\" = 'compile run' ]"}},
           ""},
          {"holes", {{"compile", "truncate -s 100M hole"}, {"run", "ls"}}, "too large together"},
          {"files without permission", {{"compile", "echo 1 > a; chmod 0 a; mkdir d; chmod 0 d"}, {"run", "ls"}}, ""},
          {"more files than anybody needs",
           {{"compile", "i=0; while [ $i -lt 5000 ]; do : > f$i; i=$((i+1)); done"}, {"run", "ls | wc -l"}},
           "too many files"},
          {"a deep tree",
           {{"compile", "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do mkdir d; cd d; done"},
            {"run", "ls"}},
           "too deep"},
          {"a long path",
           {{"compile", "n=$(printf 'n%.0s' $(seq 250)); mkdir -p $n/$n/$n; touch $n/$n/$n/x"}, {"run", "ls"}},
           "too deep"},
          {"too many bytes", {{"compile", "head -c 100M /dev/zero > zeros"}, {"run", "ls"}}, "too large together"},
          {"odd names",
           {{"compile", "touch -- '-rf' '*' $'a\\nb' $'\\xff' '...'; mkdir '\\'; touch '\\/x'"},
            {"run", "ls -la | wc -l"}},
           ""},
          {"a swap while it is collected",
           {{"compile",
             "mkdir a; touch a/x\n(while :; do mv a b; ln -s / a; rm a; mv b a; done) >/dev/null 2>&1 &\n"
             "setsid sleep 100 &\ndisown -a; exit 0"},
            {"run", "ls a"}},
           ""},
      },
      canary);
}

TEST_CASE("hostile archive: neither compiling nor the run reaches a network, also where a submission asks for one") {
  if (!boxes_work()) return;
  const auto* multi_file = language("multi-file");
  if (multi_file == nullptr) return;
  const Service service;
  const auto call = "exec 3<>/dev/tcp/127.0.0.1/" + service.port() + " && echo reached; exit 9\n";
  Box box;
  auto submission = submission_of("");
  submission.enable_network = true;
  submission.additional_files = zip_of({{"compile", call}, {"run", "echo ran"}});
  auto report = box.report_on(submission, *multi_file);
  check(report, Verdict::compilation_error);
  CHECK(report.compile_output.find("reached") == std::string::npos);
  submission.additional_files = zip_of({{"run", call}});
  report = box.report_on(submission, *multi_file);
  check(report, Verdict::runtime_error);
  CHECK(report.stdout_text.empty());
  service.check_unreached();
}

TEST_CASE("hostile archive: a script that compiles has the limits of compiling, and one that runs those of the run") {
  if (!boxes_work()) return;
  const auto* multi_file = language("multi-file");
  if (multi_file == nullptr) return;
  Box box;
  auto submission = submission_of("");
  submission.additional_files = zip_of({{"compile", "ulimit -t; ulimit -f"}, {"run", "ulimit -f"}});
  submission.limits.file_kib = 64;
  submission.expected_output = "64\n";
  const auto report = box.report_on(submission, *multi_file);
  check(report, Verdict::accepted);
  CHECK(report.compile_output == "22\n131072\n");
}
