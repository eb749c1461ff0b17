#pragma once

// A gateway and a core as real processes, with a worker that does what the test says instead of running programs. And a
// connection that sends exactly the bytes that the test wants to have sent.

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "api/client/client.hpp"
#include "proto/submission.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace pushjudge::testing {

inline constexpr std::chrono::seconds kPatience{20};  // nothing here takes longer, on any machine

// Offers one language, "scripted", compiled, id 54. Joins the core from a thread of its own.
class ScriptedWorker {
 public:
  explicit ScriptedWorker(const std::string& queue);
  ~ScriptedWorker();

  // Says that a test of the next job is done, which stays the next. Waits for the job; false when none comes in time.
  bool tell_test(const TestProgress& progress);
  // Has the next job end as accepted with this output. Waits for the job; false when none comes in time.
  bool finish_next(const std::string& output);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

class Site {
 public:
  // `arguments` are the gateway's, beyond those that it needs.
  explicit Site(std::vector<std::string> arguments = {});

  client::Url url() const { return url_; }
  client::Client client() const { return client::Client(url_); }
  client::Stream stream(client::StreamOptions options = {}) const;
  std::string queue() const { return "ipc://" + folder_.file("run"); }
  Process& gateway() { return *gateway_; }

  void stop_core();
  // The core ends and begins again, with its database or with a new one.
  void restart_core(bool new_database);
  // Waits until the gateway sees the language of a scripted worker.
  void wait_for_language() const;
  // A submission in that language; what POST answered.
  nlohmann::json submit() const;

 private:
  void start_core();

  TemporaryFolder folder_;
  std::optional<Process> core_;
  std::optional<Process> gateway_;
  client::Url url_;
};

// One TCP connection. Fails the test when it cannot connect or is not answered in time.
class RawConnection {
 public:
  explicit RawConnection(const client::Url& url);
  ~RawConnection();
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  // False: the other side has closed.
  bool send(std::string_view bytes) const;
  // All that comes until the other side closes, or until `end` has come (and perhaps more has).
  std::string read_until_closed() const { return read_until(""); }
  std::string read_until(std::string_view end) const;

 private:
  int fd_ = -1;
};

}  // namespace pushjudge::testing
