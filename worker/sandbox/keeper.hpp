#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "worker/sandbox/box.hpp"
#include "worker/sandbox/capture.hpp"
#include "worker/sandbox/idmap.hpp"
#include "worker/sandbox/meter.hpp"
#include "worker/sandbox/outcome.hpp"
#include "worker/sandbox/plan.hpp"
#include "worker/sandbox/shared_files.hpp"
#include "worker/sandbox/spec.hpp"

namespace pushjudge::sandbox {

// The outside of one box: takes specs from the worker, lets the init of the box run them, watches the limits, answers
// with outcomes. One thread, one loop, which waits in one place. The box is built once and used for run after run as
// long as its init proves it clean; on any doubt it is destroyed and another is built.
class Keeper {
 public:
  explicit Keeper(int client) : client_(client) {}

  // Serves until the worker is gone or a signal says to end. Returns the exit status of the program.
  [[nodiscard]] int serve();

 private:
  // What the box is doing; every stage but `none`, `idle` and `running` ends in bounded time or with the box.
  enum class Stage : std::uint8_t {
    none,        // there is no box
    building,    //
    idle,        // proved clean, waiting for a spec
    preparing,   // files are being shared and placed
    running,     // from the order to start to the end of every process
    ending,      // the order to kill was given
    collecting,  // files are being returned
    resetting,   // the outcome was sent, the box is being cleaned
  };

  void set_up();
  bool wait_and_handle();
  [[nodiscard]] std::uint64_t next_wake_us(std::uint64_t now) const;

  bool take_client_message();
  void take_box_message();
  void take_reply(const ReplyMessage& reply, Fd fd);
  void take_streams();
  [[nodiscard]] bool too_much_came() const;
  void check_clock();

  void build();
  void begin_run();
  [[nodiscard]] bool parse_spec();
  void prepare_run();
  [[nodiscard]] Failed open_streams();
  [[nodiscard]] Failed send_spec();
  void start_program(std::uint64_t scratch_bytes);
  void program_starts();
  void end_run_early(Status status);
  void program_ended(const ReplyMessage& reply);
  void start_collecting();
  void file_came(const ReplyMessage& reply, Fd fd);
  void tree_came(const ReplyMessage& reply);
  void finish_run();
  void fail_run(const Failed& failed);
  void box_lost(const char* why, int error);
  void send_outcome();
  [[nodiscard]] bool run_under_way() const;
  void enter(Stage stage, std::uint64_t timeout_us);

  int client_;
  Fd signals_;
  Plan plan_;
  IdMap ids_;
  std::unique_ptr<Meter> meter_;
  std::string set_up_failure_;  // why there can be no box on this host
  unsigned processors_ = 1;

  Box box_;
  SharedIndex shared_;              // what lies in the box's shared files
  std::uint64_t shared_bytes_ = 0;  // and how much memory they take
  bool kept_ = false;               // the last run left /box to the next
  Stage stage_ = Stage::none;
  std::uint64_t stage_deadline_us_ = 0;
  std::array<std::byte, kMessageBytesMax> message_;

  // The run: from the arrival of its spec to the sending of its outcome.
  bool spec_waits_ = false;  // it came and the box is not ready yet
  std::vector<std::byte> spec_bytes_;
  SpecView spec_;
  ReceivedFds spec_fds_;
  std::vector<Fd> to_place_;        // what goes into the box with the spec: stdin, archive, files
  Fd stdout_;                       // where its standard output goes, if not to out_
  std::vector<unsigned> to_store_;  // slots of shared files that the box does not have yet
  Outcome outcome_;
  bool ended_early_ = false;  // outcome_.status is decided, whatever the program's end says
  Capture out_;
  Capture err_;
  Capture answers_;
  Capture tree_;
  std::uint64_t came_us_ = 0;    // the spec
  std::uint64_t ready_us_ = 0;   // the box
  std::uint64_t handed_us_ = 0;  // the order to start, to the box
  std::uint64_t started_us_ = 0;
  std::uint64_t ended_us_ = 0;  // the main process
  std::uint64_t cpu_check_us_ = 0;
  std::uint64_t memory_check_us_ = 0;  // 0: nothing to check until the meter's descriptor says so
};

}  // namespace pushjudge::sandbox
