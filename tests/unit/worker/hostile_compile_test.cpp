// Compiling is as hostile as running: sources, options and compilers turned against us, each a row. Whatever they do,
// they end in bounded time, nothing outside of the box is read, and nothing there is changed.

#include <doctest/doctest.h>
#include <stdlib.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/unit/worker/box.hpp"
#include "tests/unit/worker/canary.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;
namespace fs = std::filesystem;

namespace {

// For what comes beside the limits: the run itself, and a machine that is busy.
constexpr auto kPatience = std::chrono::seconds(15);

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

enum class Then {
  fails,     // a compilation error
  explodes,  // the same, by its limits, which are short then
  any,       // an ordinary verdict of whatever kind
};

// In the texts, CANARY is the canary's path, FOLDER its folder, PORT the port of the service.
struct Attack {
  std::string what;
  std::string options;
  std::string source;
  Then then = Then::fails;
  std::string said = {};  // in compile_output
};

sandbox::Limits short_limits() {
  auto limits = compile_limits();
  limits.cpu_us = 1'000'000;
  limits.wall_us = 2'000'000;
  limits.memory_bytes = 128 << 20;
  return limits;
}

void check_rows(const char* slug, const std::vector<Attack>& rows) {
  if (!boxes_work()) return;
  const auto* recipe = language(slug);
  if (recipe == nullptr) return;
  REQUIRE(::setenv("PJ_TEST_SECRET", kEnvironmentSecret.c_str(), 1) == 0);
  const Canary canary;
  const Service service;
  const auto usually = compile_limits();
  const auto strictly = short_limits();
  Box usual(usually);
  Box strict(strictly);
  const auto completed = [&](std::string text) {
    text = replaced(std::move(text), "CANARY", canary.file());
    text = replaced(std::move(text), "FOLDER", fs::path(canary.file()).parent_path());
    return replaced(std::move(text), "PORT", service.port());
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    auto submission = submission_of(completed(row.source));
    submission.compiler_options = completed(row.options);
    submission.limits.wall_ms = 3'000;
    const auto& limits = row.then == Then::explodes ? strictly : usually;
    auto& box = row.then == Then::explodes ? strict : usual;
    const auto begin = Steady::now();
    const auto report = box.report_on(submission, *recipe);
    CHECK(Steady::now() - begin < std::chrono::microseconds(limits.wall_us) + kPatience);
    if (row.then != Then::any) check(report, Verdict::compilation_error);
    CAPTURE(report.compile_output.substr(0, 2000));
    CHECK(report.compile_output.find(row.said) != std::string::npos);
    CHECK(report.compile_output.size() <= kCompileOutputBytesMax + 200);
    check_tells_nothing(report);
    canary.check_untouched();
    service.check_unreached();
  }
}

// A program that prints what the assembler embedded.
std::string embedding(const std::string& path) {
  return "__asm__(\".data\\nbegin: .incbin \\\"" + path +
         "\\\"\\nend: .byte 0\\n\");\n#include <unistd.h>\nextern char begin[], end[];\n"
         "int main(void) { return write(1, begin, end - begin) < 0; }\n";
}

// Has a command run in place of the compiler's own programs.
std::string instead(const std::string& command) {
  return "-wrapper '/bin/bash,-c," + command + "'";
}

const std::string kEmpty = "int main(void) { return 0; }\n";

}  // namespace

TEST_CASE("compile: no source reads a file of the host") {
  check_rows("c", {
                      {"the canary", "", "#include \"CANARY\"\n", Then::fails, "No such file"},
                      {"the canary, by another way", "", "#include \"../../../../../../CANARY\"\n"},
                      {"the canary, past the root of init", "", "#include \"/proc/1/root/CANARY\"\n"},
                      {"the canary, past the root of its own", "", "#include \"/proc/self/root/CANARY\"\n"},
                      {"shadow", "", "#include \"/etc/shadow\"\n"},
                      {"its environment", "", "#include \"/proc/self/environ\"\n"},
                      {"init's environment", "", "#include \"/proc/1/environ\"\n"},
                      {"standard input", "", "#include \"/dev/stdin\"\n" + kEmpty, Then::any},
                      {"descriptors of others", "", "#include \"/proc/1/fd/3\"\n"},
                      {"embedded: the canary", "", embedding("CANARY")},
                      {"embedded: shadow", "", embedding("/etc/shadow")},
                      {"embedded: passwd", "", embedding("/etc/passwd"), Then::any},
                      {"embedded: its environment", "", embedding("/proc/self/environ"), Then::any},
                      {"embedded: init's environment", "", embedding("/proc/1/environ")},
                      {"embedded: mounts", "", embedding("/proc/self/mountinfo"), Then::any},
                      {"embedded: kernel messages", "", embedding("/dev/kmsg")},
                      {"embedded: memory of the machine", "", embedding("/dev/mem")},
                      {"a linker script that includes one", "-D'INCLUDE=int main; char* text =' -Wl,-T,main.c",
                       "INCLUDE \"CANARY\" ;\n"},
                  });
}

TEST_CASE("compile: no option reads, writes or runs anything of the host") {
  check_rows("c", {
                      {"an options file", "@CANARY", kEmpty},
                      {"shadow as an options file", "@/etc/shadow", kEmpty},
                      {"an options file of the linker", "-Wl,@CANARY", kEmpty},
                      {"-include", "-include CANARY", kEmpty},
                      {"-include shadow", "-include /etc/shadow", kEmpty},
                      {"-imacros", "-imacros CANARY", kEmpty},
                      {"-fplugin", "-fplugin=CANARY", kEmpty},
                      {"-fplugin, its own source", "-fplugin=/box/main.c", kEmpty},
                      {"-specs", "-specs=CANARY", kEmpty},
                      {"-B", "-BFOLDER/", kEmpty, Then::any},
                      {"-T", "-T CANARY", kEmpty},
                      {"-T shadow", "-T /etc/shadow", kEmpty},
                      {"a version script", "-Wl,--version-script=CANARY", kEmpty},
                      {"symbols of a file", "-Wl,-R,CANARY", kEmpty, Then::any},
                      {"another source", "-x c CANARY", kEmpty},
                      {"another source, to be quoted in errors", "-x c /etc/shadow /proc/1/environ", kEmpty},
                      {"another source of the assembler", "-x assembler CANARY", kEmpty},
                      {"the source as another language", "-x assembler main.c", kEmpty},
                      {"a profile", "-fprofile-use=CANARY", kEmpty, Then::any},
                      {"-o the canary", "-o CANARY", kEmpty},
                      {"-o in its folder", "-o FOLDER/main", kEmpty},
                      {"-o in the toolchain", "-o /usr/bin/main", kEmpty},
                      {"-o a device", "-o /dev/null", kEmpty},
                      {"-o the source", "-o main.c", kEmpty},
                      {"dependencies", "-MD -MF CANARY", kEmpty},
                      {"dumps", "-fdump-tree-all=CANARY", kEmpty},
                      {"a map", "-Wl,-Map=CANARY", kEmpty},
                      {"a listing", "-Wa,-a=CANARY", kEmpty, Then::any},
                      {"-aux-info", "-aux-info CANARY", kEmpty},
                      {"-dumpdir", "-dumpdir FOLDER/ -save-temps", kEmpty},
                      {"a command that reads", instead("cat CANARY /etc/shadow /proc/1/environ; env; set"), kEmpty},
                      {"a command that reads all that it can",
                       instead("cat /proc/*/environ /proc/*/cmdline; ls -R /tmp /box"), kEmpty},
                      {"a command that writes",
                       instead("echo x > CANARY; rm -f CANARY; chmod 0 CANARY; touch FOLDER/x"), kEmpty},
                      {"a command that writes to the toolchain", instead("echo x > /usr/bin/gcc || echo refused"),
                       kEmpty, Then::fails, "refused"},
                      {"a command that calls the host", instead("exec 3<>/dev/tcp/127.0.0.1/PORT || echo no way"),
                       kEmpty, Then::fails, "no way"},
                      {"a command that calls the world", instead("exec 3<>/dev/tcp/169.254.169.254/80 || echo no way"),
                       kEmpty, Then::fails, "no way"},
                  });
}

TEST_CASE("compile: an artifact that is no regular file is not followed") {
  check_rows(
      "c",
      {
          {"a link to the canary", instead("ln -sf CANARY main"), kEmpty, Then::fails, "not a regular"},
          {"a link to passwd", instead("ln -sf /etc/passwd main"), kEmpty, Then::fails, "not a regular"},
          {"a link to zeros", instead("ln -sf /dev/zero main"), kEmpty, Then::fails, "not a regular"},
          {"a link to init's root", instead("ln -sf /proc/1/root/CANARY main"), kEmpty, Then::fails, "not a regular"},
          {"a link to its own memory", instead("ln -sf /proc/self/mem main"), kEmpty, Then::fails, "not a regular"},
          {"a link to itself", instead("ln -sf main main"), kEmpty, Then::fails, "not a regular"},
          {"a FIFO", instead("[ -p main ] || mkfifo main"), kEmpty, Then::fails, "not a regular"},
          {"a folder", instead("mkdir -p main/main"), kEmpty, Then::fails, "not a regular"},
          {"a device", instead("mknod main c 1 5; true"), kEmpty, Then::fails, "left no file"},
          {"a hard link", instead("ln /etc/passwd main; true"), kEmpty, Then::fails, "left no file"},
          {"a file full of holes", instead("truncate -s 1T main; true"), kEmpty, Then::any},
          {"a file too large", instead("head -c 100M /dev/zero > main"), kEmpty, Then::fails, "too large"},
          {"a text", instead("echo text > main"), kEmpty, Then::any},
          {"a script that reads", instead("echo \"#!/bin/cat CANARY\" > main"), kEmpty, Then::any},
          {"a file of nobody's", instead("cp /bin/true main; chmod 0 main"), kEmpty, Then::any},
          {"a program with another user's rights", instead("cp -f /bin/id main; chmod 6755 main"), kEmpty, Then::any},
          {"links in place of everything", instead("ln -sf CANARY main.c; ln -sf CANARY stdin; ln -sf CANARY stdout"),
           kEmpty},
      });
}

TEST_CASE("compile: what never ends and what has no measure is ended") {
  check_rows("c",
             {
                 {"a device without end", "", "#include \"/dev/random\"\n", Then::explodes},
                 {"zeros without end", "", "#include </dev/zero>\n", Then::explodes},
                 {"an array of 4 GB", "", "int a[1 << 30] = {1};\n" + kEmpty, Then::explodes},
                 {"an object of 2 GB", "", "__asm__(\".fill 2000000000, 1, 1\");\n" + kEmpty, Then::explodes},
                 {"macros", "",
                  "#define A(x) x x x x x x x x\n#define B(x) A(A(A(A(x))))\nchar a[] = B(B(B(\"x\")));\n" + kEmpty,
                  Then::explodes},
                 {"a file that includes itself twice", "-fmax-include-depth=100000",
                  "#include __FILE__\n#include __FILE__\n", Then::explodes},
                 {"errors without end", "",
                  "#define A(x) x x x x x x x x x x\n#define B A(A(A(A(A(+y;)))))\nint f(void) { B B B B B }\n",
                  Then::explodes},
                 {"sleep", instead("sleep 1000"), kEmpty, Then::explodes, "time limit"},
                 {"sleep, ignoring signals", instead("trap \"\" TERM INT HUP XCPU; sleep 1000"), kEmpty, Then::explodes,
                  "time limit"},
                 {"work", instead("while :; do :; done"), kEmpty, Then::explodes, "time limit"},
                 {"output", instead("while :; do echo on and on; done"), kEmpty, Then::explodes, "output limit"},
                 {"processes", instead("f() { f | f & }; f; sleep 1000"), kEmpty, Then::explodes},
                 {"memory", instead("tail /dev/zero"), kEmpty, Then::explodes, "memory limit"},
                 {"files", instead("i=0; while :; do : > f$((i++)) || exit 1; done"), kEmpty, Then::explodes},
                 {"a daemon", instead("setsid sleep 1000 & exit 0"), kEmpty, Then::explodes, "left no file"},
             });
  check_rows("cpp",
             {
                 {"templates, deep", "-ftemplate-depth=1000000",
                  "template<int n> struct A { static const int v = A<n + 1>::v; };\nint main() { return A<0>::v; }",
                  Then::explodes},
                 {"templates, wide", "",
                  "template<int n, int m> struct A { A<n - 1, 2 * m> a; A<n - 1, 2 * m + 1> b; };\n"
                  "template<int m> struct A<0, m> {};\nint main() { A<28, 0> a; }",
                  Then::explodes},
                 {"a constant that never comes", "-fconstexpr-ops-limit=2147483647 -fconstexpr-loop-limit=2147483647",
                  "constexpr int f() { int x = 0; for (;;) x ^= 1; return x; }\nconstexpr int y = f();\nint main() {}",
                  Then::explodes},
                 {"an arrow that never lands", "-ftemplate-depth=1000000",
                  "template<int n> struct A { A<n + 1> operator->(); };\nint main() { A<0>()->x; }", Then::explodes},
             });
}

TEST_CASE("compile: Java's compiler is held too") {
  check_rows("java",
             {
                 {"a processor", "-processor Evil -processorpath FOLDER", "class Main {}"},
                 {"options of the machine", "-J-XX:OnError=/bin/sh", "class Main {}"},
                 {"an options file", "@CANARY", "class Main {}"},
                 {"classes elsewhere", "-d / -h FOLDER -s FOLDER",
                  "class Main { public static void main(String[] a) {} native void f(); }", Then::any},
                 {"sources elsewhere", "-sourcepath /etc:FOLDER -cp /etc:FOLDER --source-path /proc/1",
                  "class Main { public static void main(String[] a) { secret.x(); } }"},
                 {"a plugin", "-Xplugin:Evil", "class Main {}"},
                 {"a constant of 900 KB", "", "class Main { String s = \"" + std::string(900'000, 'x') + "\"; }",
                  Then::fails, "too long"},
                 {"an expression of 100 000 levels", "",
                  "class Main { int x = " + std::string(100'000, '(') + "1" + std::string(100'000, ')') + "; }"},
             });
}

TEST_CASE("compile: Rust's compiler is held too") {
  check_rows(
      "rust",
      {
          {"a text", "", "fn main() { print!(\"{}\", include_str!(\"CANARY\")); }"},
          {"bytes of shadow", "", "fn main() { print!(\"{:?}\", include_bytes!(\"/etc/shadow\")); }"},
          {"a source", "", "include!(\"/proc/1/environ\");"},
          {"a variable", "", "fn main() { print!(\"{}\", env!(\"PJ_TEST_SECRET\")); }"},
          {"all variables", "", "fn main() { print!(\"{}\", include_str!(\"/proc/self/environ\")); }", Then::any},
          {"another linker", "-C linker=/bin/cat -C link-arg=CANARY", "fn main() {}"},
          {"another output", "--emit=asm=CANARY", "fn main() {}"},
          {"zeros without end", "", "fn main() { let x = include_bytes!(\"/dev/zero\"); }", Then::explodes},
          {"a constant that never comes", "",
           "const fn f() -> u32 { let mut x = 0; loop { x ^= 1; } }\nconst Y: u32 = f();\n"
           "fn main() { print!(\"{}\", Y); }",
           Then::explodes},
      });
}

TEST_CASE("compile: Go's compiler is held too") {
  check_rows("go",
             {
                 {"an embedded file", "",
                  "package main\nimport _ \"embed\"\n//go:embed CANARY\nvar s string\nfunc main() { print(s) }"},
                 {"shadow", "",
                  "package main\nimport _ \"embed\"\n//go:embed ../etc/shadow\nvar s string\nfunc main() { print(s) }"},
                 {"C", "", "package main\n// #include \"CANARY\"\nimport \"C\"\nfunc main() {}"},
                 {"a tool that reads", "'-toolexec=/bin/bash -c \"cat CANARY; env\"'", "package main\nfunc main() {}"},
                 {"a tool that sleeps", "'-toolexec=/bin/bash -c \"sleep 1000\"'", "package main\nfunc main() {}",
                  Then::explodes, "time limit"},
                 {"an overlay", "-overlay=CANARY", "package main\nfunc main() {}"},
                 {"another output", "-o=CANARY", "package main\nfunc main() {}"},
             });
}

TEST_CASE("compile: TypeScript's compiler is held too") {
  check_rows("typescript",
             {
                 {"an options file", "@CANARY", "console.log(1)"},
                 {"a reference", "", "/// <reference path=\"CANARY\" />\nconsole.log(1)"},
                 {"another output", "--outFile CANARY --declaration --declarationDir FOLDER", "console.log(1)"},
                 {"a type without end", "",
                  "type A<N extends any[]> = N extends never ? 1 : A<[...N, 1]>;\nconst x: A<[]> = 1;\n", Then::fails,
                  "excessively deep"},
             });
}

TEST_CASE("compile: a program that replaces itself between its runs is run again as it was compiled") {
  if (!boxes_work()) return;
  const auto* c = language("c");
  if (c == nullptr) return;
  const Canary canary;
  Box box;
  auto submission = submission_of(
      replaced("#include <stdio.h>\n#include <sys/stat.h>\n#include <unistd.h>\n"
               "int main(void) { unlink(\"main\"); symlink(\"CANARY\", \"main\"); symlink(\"CANARY\", \"stdin\");\n"
               "  rename(\"/box\", \"/tmp/box\"); chmod(\"/box\", 0); puts(\"42\"); return 0; }\n",
               "CANARY", canary.file()));
  submission.number_of_runs = 3;
  submission.expected_output = "42";
  const auto report = box.report_on(submission, *c);
  check(report, Verdict::accepted);
  check_tells_nothing(report);
  canary.check_untouched();
}
