#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include "tests/unit/worker/sandbox/harness.hpp"

// One run and what goes in and comes out of it, in the real sandbox.
namespace pushjudge::sandbox::testing {

namespace {

Spec shell(const std::string& script) {
  return spec_of({"/bin/sh", "-c", script});
}

// The end to read from and the end to write to.
std::array<Fd, 2> pipe_of() {
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
  return {Fd(ends[0]), Fd(ends[1])};
}

std::string describe(const Outcome& outcome) {
  return std::string(to_string(outcome.status)) + " " + std::to_string(outcome.exit_code) + " " +
         std::to_string(outcome.signal) + " " + outcome.failure.step + " " + std::to_string(outcome.failure.error) +
         "\n" + content_of(outcome.out.fd) + content_of(outcome.err.fd);
}

#define CHECK_EXITED(outcome, code)                                       \
  do {                                                                    \
    CHECK_MESSAGE((outcome).status == Status::exited, describe(outcome)); \
    CHECK_MESSAGE((outcome).exit_code == (code), describe(outcome));      \
  } while (false)

}  // namespace

TEST_CASE("run: stdout and stderr come back apart, with their sizes") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  const auto outcome = sandbox.run(shell("printf out; printf error >&2; exit 3"));
  CHECK_EXITED(outcome, 3);
  CHECK(content_of(outcome.out.fd) == "out");
  CHECK(outcome.out.size == 3);
  CHECK_FALSE(outcome.out.truncated);
  CHECK(content_of(outcome.err.fd) == "error");
  CHECK(outcome.cpu_us > 0);
  CHECK(outcome.wall_us > 0);
}

TEST_CASE("run: one stream keeps the order of both") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  auto spec = shell("echo 1; echo 2 >&2; echo 3");
  spec.stderr_to_stdout = true;
  const auto outcome = sandbox.run(spec);
  CHECK_EXITED(outcome, 0);
  CHECK(content_of(outcome.out.fd) == "1\n2\n3\n");
  CHECK_FALSE(outcome.err.fd);
}

TEST_CASE("run: output up to the limit is kept and is no offence") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  auto spec = shell("printf 12345678");
  spec.limits.stdout_bytes = 8;
  auto outcome = sandbox.run(spec);
  CHECK_EXITED(outcome, 0);
  CHECK_FALSE(outcome.out.truncated);
  spec.limits.stdout_bytes = 7;
  outcome = sandbox.run(spec);
  CHECK(outcome.status == Status::output_limit);
  CHECK(outcome.out.truncated);
  CHECK(content_of(outcome.out.fd) == "1234567");
}

TEST_CASE("run: stdin is read from its beginning by every run") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  const Fd input = file_of("some input\n");
  auto spec = spec_of({"/bin/cat"});
  spec.stdin_fd = input.get();
  for (int i = 0; i < 3; ++i) {
    const auto outcome = sandbox.run(spec);
    CHECK_EXITED(outcome, 0);
    CHECK(content_of(outcome.out.fd) == "some input\n");
  }
  spec.argv = {"/bin/cat", "/dev/stdin"};
  CHECK(content_of(sandbox.run(spec).out.fd) == "some input\n");
  spec.stdin_fd = -1;
  CHECK(content_of(sandbox.run(spec).out.fd).empty());
}

TEST_CASE("run: a program cannot write to its input, whatever it is opened from") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  const Fd memory = file_of("input");
  const Fd folder(::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0666));
  REQUIRE(folder);
  REQUIRE(::fchmod(folder.get(), 0666) == 0);
  REQUIRE(::write(folder.get(), "input", 5) == 5);
  for (const Fd* input : {&memory, &folder}) {
    auto spec = shell("chmod 666 /proc/self/fd/0; echo evil > /proc/self/fd/0; echo evil >&0; cat");
    spec.stdin_fd = input->get();
    const auto outcome = sandbox.run(spec);
    CHECK(content_of(outcome.out.fd) == "input");
    CHECK(content_of(*input) == "input");
  }
}

TEST_CASE("run: two programs in two boxes talk to each other") {
  if (skip_without_boxes()) return;
  Sandbox one;
  Sandbox other;
  for (int i = 0; i < 3; ++i) {
    auto [from_one, to_other] = pipe_of();
    auto [from_other, to_one] = pipe_of();
    auto asking = shell("echo 20; read answer; echo \"heard $answer\" >&2");
    asking.stdin_fd = from_other.get();
    asking.stdout_fd = to_other.get();
    auto answering = shell("read number; echo $((number + 1)); cat > /dev/null; echo end >&2");
    answering.stdin_fd = from_one.get();
    answering.stdout_fd = to_one.get();
    std::string error;
    REQUIRE(one.client().send(asking, error) == Client::Sent::ok);
    REQUIRE(other.client().send(answering, error) == Client::Sent::ok);
    for (Fd* end : {&from_one, &to_other, &from_other, &to_one}) end->reset();
    const auto asked = await(one.client());
    const auto answered = await(other.client());
    CHECK_EXITED(asked, 0);
    CHECK(content_of(asked.err.fd) == "heard 21\n");
    CHECK_FALSE(asked.out.fd);
    // It waits for the end of what it reads: nobody keeps that open.
    CHECK_EXITED(answered, 0);
    CHECK(content_of(answered.err.fd) == "end\n");
  }
}

TEST_CASE("run: a program whose reader is gone is ended by the signal for that") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  auto [reader, writer] = pipe_of();
  reader.reset();
  auto spec = shell("exec /bin/cat /dev/zero");
  spec.stdout_fd = writer.get();
  const auto outcome = sandbox.run(spec);
  CHECK(outcome.status == Status::signaled);
  CHECK(outcome.signal == SIGPIPE);
}

TEST_CASE("run: a file is no output") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  const Fd memory = file_of("kept");
  auto spec = shell("echo evil");
  spec.stdout_fd = memory.get();
  const auto outcome = sandbox.run(spec);
  CHECK(outcome.status == Status::internal_error);
  CHECK(outcome.failure.step == "stdout");
  CHECK(content_of(memory) == "kept");
  spec.stdout_fd = -1;
  CHECK(content_of(sandbox.run(spec).out.fd) == "evil\n");
}

TEST_CASE("run: a folder is no input") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  const Fd folder(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  auto spec = spec_of({"/bin/true"});
  spec.stdin_fd = folder.get();
  const auto outcome = sandbox.run(spec);
  CHECK(outcome.status == Status::internal_error);
  CHECK(outcome.failure.step == "stdin");
  CHECK(sandbox.run(shell("true")).status == Status::exited);
}

TEST_CASE("run: the environment, the folder and the standard paths are what the spec says") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  auto spec = spec_of({"/usr/bin/env"});
  spec.env = {"ONLY=this"};
  CHECK(content_of(sandbox.run(spec).out.fd) == "ONLY=this\n");
  CHECK(content_of(sandbox.run(shell("pwd; echo to-the-path > /dev/stdout")).out.fd) == "/box\nto-the-path\n");
  spec = shell("pwd");
  spec.cwd = "/tmp";
  CHECK(content_of(sandbox.run(spec).out.fd) == "/tmp\n");
  spec.cwd = "/nowhere";
  const auto outcome = sandbox.run(spec);
  CHECK(outcome.status == Status::internal_error);
  CHECK(outcome.failure.step == "working_folder");
  CHECK(outcome.failure.error == ENOENT);
}

TEST_CASE("run: what cannot be executed says why, and the box goes on") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  const auto failed = [&sandbox](const Spec& spec) {
    const auto outcome = sandbox.run(spec);
    CHECK_MESSAGE(outcome.status == Status::exec_failed, describe(outcome));
    CHECK(outcome.failure.step == "exec");
    return outcome.failure.error;
  };
  CHECK(failed(spec_of({"/box/missing"})) == ENOENT);
  CHECK(failed(spec_of({"no-such-command"})) == ENOENT);
  CHECK(failed(spec_of({"/box"})) == EACCES);
  const Fd text = file_of("this is no program\n");
  auto spec = spec_of({"./a.out"});
  spec.files = {{"a.out", 0755, text.get()}};
  CHECK(failed(spec) == ENOEXEC);
  spec.files[0].mode = 0644;
  CHECK(failed(spec) == EACCES);
  const Fd script = file_of("#!/no/such/interpreter\n");
  spec.files = {{"a.out", 0755, script.get()}};
  CHECK(failed(spec) == ENOENT);
  CHECK_EXITED(sandbox.run(spec_of({"true"})), 0);
}

TEST_CASE("run: files are placed with their folders and modes, and only for their run") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  const Fd one = file_of("one");
  const Fd two = file_of("two");
  auto spec = shell("cat a/b/c d; stat -c '%a %U' a/b/c; touch a/b/e d");
  spec.files = {{"a/b/c", 0640, one.get()}, {"d", 0755, two.get()}};
  CHECK(content_of(sandbox.run(spec).out.fd) == "onetwo640 box\n");
  CHECK(content_of(sandbox.run(shell("ls -A /box /tmp /dev/shm")).out.fd) == "/box:\n\n/dev/shm:\n\n/tmp:\n");
}

TEST_CASE("collect: only regular files come back, as copies") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  auto spec = shell(
      "echo content > plain; mkdir folder; echo deep > folder/file; ln -s plain link; ln -s folder linked;"
      "ln -s /etc/passwd host; mkfifo fifo; truncate -s 1T sparse 2>/dev/null || truncate -s 60M sparse;"
      "echo secret > closed; chmod 000 closed; ln -s / root");
  spec.collect = {"plain", "folder/file", "missing", "link",   "linked/file",    "host",
                  "fifo",  "folder",      "sparse",  "closed", "root/etc/passwd"};
  spec.limits.collect_bytes = 1 << 20;
  const auto outcome = sandbox.run(spec);
  CHECK_EXITED(outcome, 0);
  REQUIRE(outcome.collected.size() == spec.collect.size());
  CHECK(content_of(outcome.collected[0].fd) == "content\n");
  CHECK(outcome.collected[0].size == 8);
  CHECK(content_of(outcome.collected[1].fd) == "deep\n");
  CHECK(outcome.collected[2].error == ENOENT);
  CHECK(outcome.collected[3].error == ELOOP);
  CHECK(outcome.collected[4].error == ELOOP);
  CHECK(outcome.collected[5].error == ELOOP);
  CHECK(outcome.collected[6].error == EINVAL);
  CHECK(outcome.collected[7].error == EINVAL);
  CHECK(outcome.collected[8].error == EFBIG);
  CHECK(outcome.collected[9].error == EACCES);
  CHECK(outcome.collected[10].error == ELOOP);
  for (std::size_t i = 2; i < outcome.collected.size(); ++i) CHECK_FALSE(outcome.collected[i].fd);
  CHECK(::write(outcome.collected[0].fd.get(), "x", 1) < 0);
  CHECK((::fcntl(outcome.collected[0].fd.get(), F_GET_SEALS) & F_SEAL_WRITE) != 0);
}

TEST_CASE("collect: a tree goes out as an archive and into another box") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  auto spec = shell(
      "mkdir -p a/b empty; echo 1 > a/b/one; echo 2 > two; chmod 755 two; ln -s /etc/passwd link; mkfifo fifo;"
      "printf '%1000000s' x > large; echo strange > 'na me'");
  spec.collect_tree = true;
  const auto outcome = sandbox.run(spec);
  CHECK_EXITED(outcome, 0);
  REQUIRE(outcome.archive.error == 0);
  REQUIRE(outcome.archive.fd);
  Sandbox other;
  auto next =
      shell("find . -type f | sort; cat a/b/one two; stat -c %a two; wc -c < large; ls -A | wc -l; ls -d empty");
  next.archive = outcome.archive.fd.get();
  const auto unpacked = other.run(next);
  CHECK_EXITED(unpacked, 0);
  CHECK(content_of(unpacked.out.fd) == "./a/b/one\n./large\n./na me\n./two\n1\n2\n755\n1000000\n5\nempty\n");
}

TEST_CASE("collect: a tree beyond its limits is refused, and the box goes on") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  auto spec = shell("printf '%100000s' x > large");
  spec.collect_tree = true;
  spec.limits.collect_bytes = 50'000;
  CHECK(sandbox.run(spec).archive.error == EFBIG);
  spec = shell("for i in 1 2 3 4 5; do echo > $i; done");
  spec.collect_tree = true;
  spec.limits.collect_entries = 4;
  CHECK(sandbox.run(spec).archive.error == E2BIG);
  spec = shell("p=.; for i in $(seq 40); do p=$p/d; done; mkdir -p $p");
  spec.collect_tree = true;
  CHECK(sandbox.run(spec).archive.error == E2BIG);
  CHECK_EXITED(sandbox.run(shell("true")), 0);
}

TEST_CASE("collect: bytes that are no archive are not unpacked") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  const Fd noise = file_of(std::string(1000, 'x'));
  auto spec = shell("true");
  spec.archive = noise.get();
  const auto outcome = sandbox.run(spec);
  CHECK(outcome.status == Status::internal_error);
  CHECK(outcome.failure.step == "place_archive");
  CHECK_EXITED(sandbox.run(shell("true")), 0);
}

TEST_CASE("keep: the next run continues in the same box, and the one after that does not") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  auto spec = shell("echo made > /box/file; echo also > /tmp/file");
  spec.keep = true;
  CHECK_EXITED(sandbox.run(spec), 0);
  CHECK(content_of(sandbox.run(shell("cat /box/file /tmp/file")).out.fd) == "made\nalso\n");
  CHECK_EXITED(sandbox.run(shell("cat /box/file")), 1);
}

TEST_CASE("keep: a file is not placed through what an earlier step planted") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  auto spec = shell("ln -s /tmp/target run; mkdir real; ln -s /tmp folder; echo original > /tmp/target");
  spec.keep = true;
  CHECK_EXITED(sandbox.run(spec), 0);
  const Fd file = file_of("placed");
  spec = shell("cat /tmp/target run; test -L run && echo still-a-link");
  spec.keep = true;
  spec.files = {{"run", 0644, file.get()}};
  CHECK(content_of(sandbox.run(spec).out.fd) == "original\nplaced");
  spec.files = {{"folder/target", 0644, file.get()}};
  const auto outcome = sandbox.run(spec);
  CHECK(outcome.status == Status::internal_error);
  CHECK(outcome.failure.step == "place_file");
  // The box is another one now.
  CHECK_EXITED(sandbox.run(shell("test ! -e /tmp/target")), 0);
}

TEST_CASE("limits: what was used is measured") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  auto spec = spec_of({"/usr/bin/python3", "-c", "x = bytearray(100 << 20); t = 0\nfor i in range(3000000): t += i"});
  const auto outcome = sandbox.run(spec);
  CHECK_EXITED(outcome, 0);
  CHECK(outcome.memory_bytes > 100ULL << 20);
  CHECK(outcome.memory_bytes < 200ULL << 20);
  CHECK(outcome.cpu_us > 20'000);
  // Counters start anew.
  const auto next = sandbox.run(spec_of({"/bin/true"}));
  CHECK(next.memory_bytes < 20ULL << 20);
  CHECK(next.cpu_us < outcome.cpu_us);
}

TEST_CASE("limits: files that were placed are not the program's memory") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  const Fd large = file_of(std::string(40 << 20, 'x'));
  auto spec = spec_of({"/usr/bin/python3", "-c", "x = bytearray(30 << 20)"});
  spec.files = {{"large", 0644, large.get()}};
  spec.limits.memory_bytes = 50 << 20;
  CHECK_EXITED(sandbox.run(spec), 0);
}

TEST_CASE("limits: a time limit is hit in time") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  auto spec = spec_of({"/usr/bin/python3", "-c", "while True: pass"});
  spec.limits.cpu_us = 300'000;
  auto outcome = sandbox.run(spec);
  CHECK(outcome.status == Status::time_limit);
  CHECK(outcome.cpu_us >= 300'000);
  CHECK(outcome.cpu_us < 400'000);
  spec = spec_of({"/bin/sleep", "20"});
  spec.limits.wall_us = 200'000;
  outcome = sandbox.run(spec);
  CHECK(outcome.status == Status::wall_limit);
  CHECK(outcome.wall_us >= 200'000);
  CHECK(outcome.wall_us < 1'000'000);
}

TEST_CASE("languages: the runtimes that are installed say hello under sensible limits") {
  if (skip_without_boxes()) return;
  Sandbox sandbox;
  const Fd java = file_of(
      "public class Main { public static void main(String[] a) throws Exception {"
      " Thread t = new Thread(() -> System.out.println(\"hello\")); t.start(); t.join(); } }");
  auto hello = [&sandbox](Spec spec) {
    if (::access(spec.argv[0].c_str(), X_OK) != 0) {
      MESSAGE(spec.argv[0], " is not installed");
      return;
    }
    const auto outcome = sandbox.run(spec);
    CHECK_EXITED(outcome, 0);
    CHECK(content_of(outcome.out.fd) == "hello\n");
  };
  hello(spec_of({"/usr/bin/python3", "-c", "import threading, tempfile; tempfile.TemporaryFile(); print('hello')"}));
  hello(spec_of({"/usr/bin/node", "-e", "new Promise(r => setTimeout(r, 1)).then(() => console.log('hello'))"}));
  auto spec = spec_of({"/usr/bin/java", "-Xmx128m", "Main.java"});
  spec.files = {{"Main.java", 0644, java.get()}};
  hello(spec);
}

}  // namespace pushjudge::sandbox::testing
