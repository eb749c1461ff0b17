// pushjudge-worker as a process: how it joins, works, drains and leaves. The core is the real one.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <functional>

#include "proto/endpoints.hpp"
#include "proto/messages.hpp"
#include "queue/socket.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/zip_file.hpp"
#include "worker/catalogue.hpp"
#include "worker/config.hpp"

using namespace pushjudge;
namespace fs = std::filesystem;

namespace {

constexpr auto kPatience = std::chrono::seconds(60);
constexpr std::int32_t kBash = 46;
constexpr std::int32_t kMultiFile = 89;

fs::path program(const char* name) {
  return fs::path(worker_defaults().sandbox).parent_path() / name;
}

// A child process whose standard error we read; killed at the end when it has not been waited for.
class Process {
 public:
  Process(const char* name, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), program(name).string());
    std::vector<char*> argv;
    for (auto& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    log_ = UniqueFd(ends[0]);
    const UniqueFd writer(ends[1]);
    posix_spawn_file_actions_t actions;
    REQUIRE(::posix_spawn_file_actions_init(&actions) == 0);
    REQUIRE(::posix_spawn_file_actions_adddup2(&actions, writer.get(), STDERR_FILENO) == 0);
    const int failed = ::posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    REQUIRE(failed == 0);
  }
  ~Process() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Reads what it logs until `text` is there.
  void wait_for_log(const std::string& text) {
    std::string seen;
    while (seen.find(text) == std::string::npos) {
      pollfd readable{log_.get(), POLLIN, 0};
      REQUIRE(::poll(&readable, 1, static_cast<int>(std::chrono::milliseconds(kPatience).count())) == 1);
      std::array<char, 4096> piece{};
      const auto got = ::read(log_.get(), piece.data(), piece.size());
      REQUIRE(got > 0);
      seen.append(piece.data(), static_cast<std::size_t>(got));
    }
  }

  void signal(int number) const { REQUIRE(::kill(pid_, number) == 0); }

  // The exit code; fails when a signal ended it or it does not end.
  int wait() {
    const UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
    pollfd ended{pidfd.get(), POLLIN, 0};
    REQUIRE(::poll(&ended, 1, static_cast<int>(std::chrono::milliseconds(kPatience).count())) == 1);
    int status = 0;
    REQUIRE(::waitpid(pid_, &status, 0) == pid_);
    pid_ = 0;
    REQUIRE(WIFEXITED(status));
    return WEXITSTATUS(status);
  }

 private:
  pid_t pid_ = 0;
  UniqueFd log_;
};

// A core with a database of its own, and a gateway to it.
class Core {
 public:
  Core() : process_("pushjudge-queue", {"--data", data(), "--listen", address(), "--log-level", "warn"}) {
    REQUIRE(gateway_.connect(endpoints_of(address())->submit));
  }

  std::string address() const { return "ipc://" + (folder_.path() / "run").string(); }

  Token submit(std::string source) {
    Submission submission;
    submission.language_id = kBash;
    submission.source_code = std::move(source);
    return submit(std::move(submission));
  }

  Token submit(Submission submission) {
    Submit message;
    message.submission = std::move(submission);
    message.submission.token = Token::make(wall_now());
    message.submission.limits.wall_ms = 20'000;
    ask<Submitted>(message);
    return message.submission.token;
  }

  Snapshot snapshot(Token token) {
    Get message;
    message.token = token;
    return ask<Got>(message).snapshot;
  }

  Snapshot wait_for(Token token, const std::function<bool(const Snapshot&)>& condition) {
    const auto deadline = Steady::now() + kPatience;
    while (true) {
      auto now = snapshot(token);
      if (condition(now)) return now;
      REQUIRE(Steady::now() < deadline);
      poll({}, {}, std::chrono::milliseconds(20));
    }
  }

  Snapshot finished(Token token) {
    return wait_for(token, [](const Snapshot& s) { return s.state == State::finished; });
  }

 private:
  std::string data() const { return (folder_.path() / "data").string(); }

  template <class Answer, class Request>
  Answer ask(Request& request) {
    request.request = ++request_;
    REQUIRE(gateway_.send(encode(request)));
    const auto deadline = Steady::now() + kPatience;
    while (Steady::now() < deadline) {
      void* const sockets[] = {gateway_.handle()};
      poll(sockets, {}, std::chrono::milliseconds(100));
      while (const auto frame = gateway_.receive()) {
        if (auto answer = decode<Answer>(*frame); answer && answer->request == request_) return *std::move(answer);
        if (const auto refused = decode<Refused>(*frame)) FAIL(refused->error.message);
      }
    }
    FAIL("the core does not answer");
    std::abort();
  }

  testing::TemporaryFolder folder_;
  Process process_;
  SocketContext context_;
  Socket gateway_{context_, SocketType::dealer, SocketOptions{}};
  std::uint64_t request_ = 0;
};

// A folder with one language, so that a worker is quick to start.
struct OneLanguage {
  explicit OneLanguage(const char* slug = "bash") {
    fs::copy(fs::path(PJ_LANGUAGES_DIR) / slug, folder.path() / slug, fs::copy_options::recursive);
  }
  testing::TemporaryFolder folder;
};

std::vector<std::string> worker_arguments(const std::string& queue, const OneLanguage& language,
                                          const std::string& name = "anna") {
  return {"--queue", queue,         "--languages", language.folder.path().string(), "--name", name, "--slots",
          "2",       "--log-level", "info"};
}

bool boxes_work() {
  const OneLanguage language;
  const auto read = Catalogue::read(language.folder.path(), worker_defaults().sandbox);
  if (read) return true;
  if (std::getenv("PJ_REQUIRE_SANDBOX") != nullptr) FAIL(read.error().message);
  MESSAGE("skipped: " << read.error().message);
  return false;
}

}  // namespace

TEST_CASE("worker: judges what the core hands out, more than it has slots for, and leaves when told to") {
  if (!boxes_work()) return;
  const OneLanguage language;
  Core core;
  Process worker("pushjudge-worker", worker_arguments(core.address(), language));
  std::vector<Token> tokens;
  for (int i = 0; i < 8; ++i) tokens.push_back(core.submit("echo " + std::to_string(i)));
  for (int i = 0; i < 8; ++i) {
    const auto done = core.finished(tokens[static_cast<std::size_t>(i)]);
    REQUIRE(done.report);
    CHECK(done.report->verdict == Verdict::accepted);
    CHECK(done.report->stdout_text == std::to_string(i) + "\n");
    CHECK(done.worker == "anna");
    CHECK(done.attempt == 1);
  }
  worker.signal(SIGTERM);
  CHECK(worker.wait() == 0);
}

TEST_CASE("worker: files that come with a submission travel with it, and more than it may unpack is refused") {
  if (!boxes_work()) return;
  const OneLanguage language("multi-file");
  Core core;
  auto arguments = worker_arguments(core.address(), language);
  arguments.insert(arguments.end(), {"--extract-kib-max", "100"});
  Process worker("pushjudge-worker", std::move(arguments));
  Submission submission;
  submission.language_id = kMultiFile;
  submission.stdin_text = "world\n";
  submission.additional_files = testing::zip_of_folder(language.folder.path() / "multi-file" / "hello");
  submission.number_of_runs = 3;
  const auto good = core.submit(submission);
  submission.additional_files = testing::zip_of({{"run", std::string(101 << 10, '\n'), 0100644, true}});
  const auto large = core.submit(submission);
  CHECK(core.finished(good).report->verdict == Verdict::accepted);
  CHECK(core.finished(good).report->stdout_text == "hello, world\n");
  CHECK(core.finished(large).report->verdict == Verdict::compilation_error);
  CHECK(core.finished(large).report->compile_output ==
        "additional_files: unpacked, the files are more than 100 kB together");
  CHECK(core.finished(large).attempt == 1);
}

TEST_CASE("worker: told to leave, it finishes what runs and takes no more") {
  if (!boxes_work()) return;
  const OneLanguage language;
  Core core;
  Process worker("pushjudge-worker", worker_arguments(core.address(), language));
  const auto first = core.submit("sleep 2; echo done");
  worker.wait_for_log("job_started");
  worker.signal(SIGINT);
  CHECK(worker.wait() == 0);
  CHECK(core.finished(first).report->stdout_text == "done\n");
  const auto second = core.submit("echo late");
  CHECK(core.snapshot(second).state == State::queued);
}

TEST_CASE("worker: a second signal ends it at once, and the job goes to another worker") {
  if (!boxes_work()) return;
  const OneLanguage language;
  Core core;
  Process worker("pushjudge-worker", worker_arguments(core.address(), language));
  const auto token = core.submit("sleep 3; echo done");
  worker.wait_for_log("job_started");
  const auto begin = Steady::now();
  worker.signal(SIGTERM);
  worker.signal(SIGINT);
  CHECK(worker.wait() == 1);
  CHECK(Steady::now() - begin < std::chrono::seconds(3));

  Process other("pushjudge-worker", worker_arguments(core.address(), language, "berta"));
  const auto done = core.finished(token);
  CHECK(done.report->stdout_text == "done\n");
  CHECK(done.worker == "berta");
}

TEST_CASE("worker: a core that is not there is waited for, and a signal ends the waiting") {
  if (!boxes_work()) return;
  const OneLanguage language;
  const testing::TemporaryFolder nowhere;
  Process worker("pushjudge-worker", worker_arguments("ipc://" + nowhere.path().string(), language));
  worker.wait_for_log("worker_started");
  worker.signal(SIGTERM);
  CHECK(worker.wait() == 0);
}

TEST_CASE("worker: settings that are wrong end it with a sentence and exit code 2, no sandbox and no core with 1") {
  const OneLanguage language;
  const auto exit_code = [](std::vector<std::string> arguments) {
    return Process("pushjudge-worker", std::move(arguments)).wait();
  };
  CHECK(exit_code({}) == 2);
  CHECK(exit_code({"--slots", "0", "--queue", "ipc:///x"}) == 2);
  CHECK(exit_code({"--queue", "ipc:///x", "--log-level", "loud"}) == 2);
  CHECK(exit_code({"--queue", "ipc:///x", "--sandbox", "/nowhere"}) == 1);
  CHECK(exit_code({"--queue", "ipc:///x", "--languages", "/nowhere"}) == 1);
  const auto without_unpacker = [&](const char* unpacker) {
    return exit_code({"--queue", "ipc:///x", "--languages", language.folder.path().string(), "--unpacker", unpacker});
  };
  CHECK(without_unpacker("/nowhere") == 1);
  CHECK(without_unpacker("/bin/false") == 1);
  CHECK(exit_code({"doctor", "--sandbox", "/nowhere"}) == 1);
  CHECK(exit_code({"--help"}) == 0);
  CHECK(exit_code({"--version"}) == 0);
}

TEST_CASE("worker: an address that is none ends it") {
  if (!boxes_work()) return;
  const OneLanguage language;
  CHECK(Process("pushjudge-worker", worker_arguments("http://core", language)).wait() == 1);
}
