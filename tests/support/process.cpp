#include "tests/support/process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

extern char** environ;

namespace pushjudge::testing {
namespace {

int code_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Process::Process(std::vector<std::string> argv, const std::filesystem::path& output,
                 std::vector<std::string> environment) {
  std::vector<char*> words;
  for (std::string& word : argv) words.push_back(word.data());
  words.push_back(nullptr);
  std::vector<char*> settings;
  for (std::string& setting : environment) settings.push_back(setting.data());
  for (char** inherited = environ; *inherited != nullptr; ++inherited) settings.push_back(*inherited);
  settings.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, output.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&files, 1, 2);
  // Sockets of the test, above all: held by a child too, one that the test closes would stay open to its peer.
  posix_spawn_file_actions_addclosefrom_np(&files, 3);
  const int failed = posix_spawn(&pid_, words[0], &files, nullptr, words.data(), settings.data());
  posix_spawn_file_actions_destroy(&files);
  if (failed != 0) throw std::system_error(failed, std::generic_category(), argv[0]);
}

Process::Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, -1)), ended_(other.ended_) {}

Process& Process::operator=(Process&& other) noexcept {
  if (this != &other) {
    if (pid_ > 0 && running()) kill();
    pid_ = std::exchange(other.pid_, -1);
    ended_ = other.ended_;
  }
  return *this;
}

Process::~Process() {
  if (pid_ > 0 && running()) kill();
}

bool Process::running() {
  if (ended_) return false;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return true;
  ended_ = code_of(status);
  return false;
}

void Process::signal(int number) const {
  if (!ended_) ::kill(pid_, number);
}

int Process::wait(std::chrono::milliseconds deadline) {
  if (!eventually([this] { return !running(); }, deadline)) {
    throw std::runtime_error("process " + std::to_string(pid_) + " does not end");
  }
  return *ended_;
}

void Process::kill() {
  signal(SIGKILL);
  wait();
}

void pause_briefly() {
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

std::string read_file(const std::filesystem::path& path) {
  const std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace pushjudge::testing
