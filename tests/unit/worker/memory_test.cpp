// Memory limits where a virtual machine stands between the program and the box: what fits runs, what does not is
// memory_limit_exceeded, and an error of another kind stays one.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/worker/box.hpp"
#include "worker/memory_file.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;

namespace {

// Arguments: what to do, and how many MiB or threads of it.
const std::string kJava = R"(
import java.nio.ByteBuffer;
import java.util.*;

public class Main {
  static final List<Object> all = new ArrayList<>();

  static Object filled(int bytes) {
    byte[] block = new byte[bytes];
    Arrays.fill(block, (byte) 1);
    return block;
  }

  static int depth(int n) { return 1 + depth(n + 1); }

  static void startThread() {
    Thread thread = new Thread(() -> { synchronized (all) { try { all.wait(); } catch (InterruptedException end) { } } });
    thread.setDaemon(true);
    thread.start();
  }

  public static void main(String[] args) throws Exception {
    int count = Integer.parseInt(args[1]);
    switch (args[0]) {
      case "blocks" -> { for (int i = 0; i < count; i++) all.add(filled(1 << 20)); }
      case "one block" -> all.add(filled(count << 20));
      case "small objects" -> { for (int i = 0; i < count * 1024; i++) all.add(new byte[1000]); }
      case "buffers" -> { for (int i = 0; i < count; i++) all.add(ByteBuffer.allocateDirect(1 << 20)); }
      case "blocks without end" -> { for (;;) all.add(filled(1 << 20)); }
      case "garbage without end" -> { for (int i = 0; i < 1000; i++) filled(1 << 20); }
      case "caught" -> { try { for (;;) all.add(filled(1 << 20)); } catch (OutOfMemoryError full) { all.clear(); } }
      case "buffers without end" -> { for (;;) all.add(ByteBuffer.allocateDirect(1 << 20)); }
      case "one huge block" -> all.add(new long[Integer.MAX_VALUE]);
      case "recursion" -> depth(0);
      case "threads" -> { for (int i = 0; i < count; i++) startThread(); }
      case "threads without end" -> { for (;;) startThread(); }
    }
    System.out.println("done");
  }
}
)";

const std::string kNode = R"(
const { Worker } = require('worker_threads');
const [what, number] = process.argv.slice(2);
const count = Number(number);
const all = [];
const block = () => new Array(131072).fill(1);
const depth = (n) => 1 + depth(n + 1);
const actions = {
  'blocks': () => { for (let i = 0; i < count; i++) all.push(block()); },
  'small objects': () => { for (let i = 0; i < count * 16384; i++) all.push({ a: i, b: i, c: i }); },
  'buffers': () => { for (let i = 0; i < count; i++) all.push(Buffer.alloc(1 << 20, 1)); },
  'blocks without end': () => { for (;;) all.push(block()); },
  'garbage without end': () => { for (let i = 0; i < 1000; i++) block(); },
  'a map without end': () => { const map = new Map(); for (let i = 0;; i++) map.set(i, i); },
  'buffers without end': () => { for (;;) all.push(Buffer.alloc(1 << 20, 1)); },
  'one huge block': () => all.push(new ArrayBuffer(2 ** 45)),
  'recursion': () => depth(0),
  'threads': () => { for (let i = 0; i < count; i++) new Worker('1', { eval: true }); },
  'a full thread': () => new Worker('const a = []; for (;;) a.push(new Array(131072).fill(1))', { eval: true }),
};
actions[what]();
console.log('done');
)";

// A recipe that runs what was compiled already, with that as its source: so that a table of runs compiles once.
struct Compiled {
  Recipe recipe;
  std::string program;
};

Compiled compiled(const Recipe& language, const std::string& source) {
  if (!language.compile) return {language, source};
  const auto& step = *language.compile;
  const auto file = make_memory_file("source", source);
  REQUIRE(file);
  sandbox::Spec spec;
  spec.argv = step.command.expand({});
  spec.limits = compile_limits();
  for (const auto& support : step.files) spec.files.push_back({support.name, 0644, support.content->get()});
  spec.files.push_back({language.source_file, 0644, file->get()});
  spec.stderr_to_stdout = true;
  spec.collect = step.artifacts;
  SandboxRunner runner(defaults().sandbox);
  const auto outcome = run_to_end(runner, spec);
  REQUIRE(outcome);
  CAPTURE(*read_memory_file(outcome->out.fd.get(), outcome->out.size));
  REQUIRE(outcome->exit_code == 0);
  REQUIRE(outcome->collected.size() == 1);
  const auto& artifact = outcome->collected[0];
  Compiled result{language, *read_memory_file(artifact.fd.get(), artifact.size)};
  result.recipe.compile.reset();
  result.recipe.source_file = artifact.name;
  return result;
}

struct Load {
  std::string what;
  int percent;  // of the limit in MiB, as the program's second argument
  Verdict verdict;
  std::string said = {};
};

void check_table(const Compiled& program, const std::vector<Load>& rows, const std::vector<std::uint64_t>& limits_mib) {
  Box box;
  for (const auto mib : limits_mib) {
    for (const auto& row : rows) {
      CAPTURE(mib);
      CAPTURE(row.what);
      auto submission = submission_of(program.program);
      submission.limits.memory_kib = mib * 1024;
      submission.limits.cpu_ms = 15'000;
      submission.limits.wall_ms = 20'000;
      const auto count = mib * static_cast<std::uint64_t>(row.percent) / 100;
      submission.command_line_arguments = "'" + row.what + "' " + std::to_string(count);
      submission.expected_output = "done";
      const auto report = box.report_on(submission, program.recipe);
      check(report, row.verdict);
      CHECK(report.stderr_text.find(row.said) != std::string::npos);
      const auto used_kib = report.memory_kib.value_or(0);
      if (counted(report)) CHECK(used_kib <= (mib << 10) + program.recipe.run.memory_extra_kib);
      if (row.verdict == Verdict::memory_limit_exceeded) CHECK(report.message == "Memory limit exceeded");
      // What the program filled was seen.
      if (row.what == "blocks") CHECK(used_kib >= count << 10);
    }
  }
}

}  // namespace

TEST_CASE("memory: a Java program has a heap as large as its limit, and more is memory_limit_exceeded") {
  if (!boxes_work()) return;
  const auto* java = language("java");
  if (java == nullptr) return;
  const auto program = compiled(*java, kJava);
  const std::vector<Load> at_each = {
      {"blocks", 75, Verdict::accepted},
      {"one block", 75, Verdict::accepted},
      {"blocks without end", 0, Verdict::memory_limit_exceeded, "Java heap space"},
      {"buffers without end", 0, Verdict::memory_limit_exceeded, "OutOfMemoryError"},
  };
  const std::vector<Load> at_ends = {{"recursion", 0, Verdict::runtime_error, "StackOverflowError"}};
  const std::vector<Load> once = {
      {"small objects", 75, Verdict::accepted},
      {"buffers", 75, Verdict::accepted},
      {"garbage without end", 0, Verdict::accepted},
      {"caught", 0, Verdict::accepted},
      {"one huge block", 0, Verdict::memory_limit_exceeded, "OutOfMemoryError"},
      {"threads", 40, Verdict::accepted},
      {"threads without end", 0, Verdict::runtime_error, "unable to create native thread"},
  };
  check_table(program, at_each, {64, 128, 256});
  check_table(program, at_ends, {64, 256});
  check_table(program, once, {128});
}

TEST_CASE("memory: a Node.js program has a heap as large as its limit, and more is memory_limit_exceeded") {
  if (!boxes_work()) return;
  const auto* javascript = language("javascript");
  if (javascript == nullptr) return;
  const auto program = compiled(*javascript, kNode);
  const std::vector<Load> at_each = {
      {"blocks", 75, Verdict::accepted},
      {"blocks without end", 0, Verdict::memory_limit_exceeded, "JavaScript heap out of memory"},
      {"buffers without end", 0, Verdict::memory_limit_exceeded},
      {"recursion", 0, Verdict::runtime_error, "RangeError: Maximum call stack size exceeded"},
  };
  const std::vector<Load> once = {
      {"small objects", 75, Verdict::accepted},
      {"buffers", 75, Verdict::accepted},
      {"garbage without end", 0, Verdict::accepted},
      // It doubles, and whether the heap or the box is full first depends on when rubbish was collected.
      {"a map without end", 0, Verdict::memory_limit_exceeded},
      {"one huge block", 0, Verdict::memory_limit_exceeded, "Array buffer allocation failed"},
      {"threads", 3, Verdict::accepted},
      {"a full thread", 0, Verdict::memory_limit_exceeded, "ERR_WORKER_OUT_OF_MEMORY"},
  };
  check_table(program, at_each, {64, 128, 256});
  check_table(program, once, {128});
}

TEST_CASE("memory: a request that no machine could grant is memory_limit_exceeded in every language that says so") {
  if (!boxes_work()) return;
  struct Case {
    std::string slug;
    std::string source;
  };
  const Case cases[] = {
      {"python", "x = bytearray(1 << 45)"},
      {"ruby", "x = 'a' * (1 << 45)"},
      {"perl", "my $n = 1 << 45; my $x = 'a' x $n;"},
      {"go", "package main\nfunc main() { n := 1 << 45; b := make([]byte, n); println(len(b)) }"},
      {"cpp", "#include <vector>\nint main(int n, char**) { std::vector<char> all(1ull << 45); return all[n]; }"},
      {"cpp-clang", "#include <vector>\nint main(int n, char**) { std::vector<char> all(1ull << 45); return all[n]; }"},
      {"rust", "fn main() { let all: Vec<u8> = vec![1; 1usize << 45]; println!(\"{}\", all.len()); }"},
  };
  Box box;
  for (const auto& greedy : cases) {
    const auto* recipe = language(greedy.slug);
    if (recipe == nullptr) continue;
    CAPTURE(greedy.slug);
    check(box.report_on(submission_of(greedy.source), *recipe), Verdict::memory_limit_exceeded);
  }
}
