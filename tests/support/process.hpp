#pragma once

// A child process of a test: started without a shell, its standard error kept in a file, ended by its pid and waited
// for.

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pushjudge::testing {

class Process {
 public:
  // Throws std::system_error when the program cannot be started. What it prints goes to `output`, which is appended to.
  // `environment` ("NAME=value") comes before what is inherited.
  Process(std::vector<std::string> argv, const std::filesystem::path& output,
          std::vector<std::string> environment = {});
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  ~Process();  // SIGKILL, if it still runs

  pid_t pid() const { return pid_; }
  bool running();
  void signal(int number) const;
  // The exit code, or 128 and the signal that ended it. Throws std::runtime_error when it does not end in time.
  int wait(std::chrono::milliseconds deadline = std::chrono::seconds(20));
  void kill();  // SIGKILL, and waited for

 private:
  pid_t pid_ = -1;
  std::optional<int> ended_;
};

// Asks until `condition` holds; false when it does not within the deadline.
template <class Condition>
bool eventually(Condition condition, std::chrono::milliseconds deadline = std::chrono::seconds(30));

void pause_briefly();

template <class Condition>
bool eventually(Condition condition, std::chrono::milliseconds deadline) {
  const auto until = std::chrono::steady_clock::now() + deadline;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= until) return false;
    pause_briefly();
  }
  return true;
}

std::string read_file(const std::filesystem::path& path);

}  // namespace pushjudge::testing
