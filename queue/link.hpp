#pragma once

// The worker's end of the wire: joins a core, keeps the session alive, takes jobs, delivers reports.
//
// Single-threaded: construct, call and destroy from one thread, which passes its time in wait(). A report is kept and
// sent again until the core has settled it, across restarts of the core; so finished() may be called at any time, also
// while no core answers. Constructors throw std::runtime_error for an address that is none and keys that
// cannot be read; nothing else throws.

#include <poll.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "proto/digest.hpp"
#include "proto/ids.hpp"
#include "proto/language.hpp"
#include "proto/messages.hpp"
#include "proto/submission.hpp"

namespace pushjudge {

// What the core asks of a worker. Called from within Link::wait().
class LinkHandler {
 public:
  virtual ~LinkHandler() = default;
  virtual void on_job(Job job) = 0;        // run it; then finished() or failed() exactly once
  virtual void on_drop(JobRef ref) = 0;    // no longer ours: end it, report nothing. Unknown refs are to be ignored
  virtual void on_joined(bool first) = 0;  // a session began
  // A file that want_blob() asked for, the right one; nothing where the core has none of that digest, or a damaged one.
  virtual void on_blob(const Digest& /*digest*/, std::optional<std::string> /*bytes*/) {}
};

struct LinkOptions {
  std::string queue;  // the core's address, as for endpoints_of()
  std::string name;   // for people
  // For a core that is reached by tcp and asks for keys: the file of our secret one, and the core's public one or its
  // file. Empty: without.
  std::string key_file;
  std::string server_key;
  std::uint32_t slots = 1;
  std::vector<Language> languages;
};

class Link {
 public:
  Link(LinkOptions options, LinkHandler& handler);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  // Waits until a descriptor of `extra` is ready, or `max` has passed, or something came from the core; does the link's
  // own work (joining, beats, reports to be sent again) and calls the handler. Fills in `revents` of `extra`, as
  // poll(2) does.
  void wait(std::span<pollfd> extra, std::chrono::milliseconds max);

  void compiled(JobRef ref, std::chrono::microseconds wall);
  // A test of the job's problem is done. Lossy: without a session nobody hears of it.
  void progress(JobRef ref, TestProgress progress);
  void finished(JobRef ref, Report report);
  void failed(JobRef ref, std::string reason);

  // Asks for a file of a problem; on_blob() follows, once, also where it was asked for before and has not come yet.
  // Asked again until the answer comes, also of the next core.
  void want_blob(const Digest& digest);

  // Asks the core for no further jobs. What runs goes on, and so does what was on its way.
  void drain();
  // No job is running, and each report has been settled.
  bool idle() const;
  // Leaves: tells the core, which gives back at once whatever it still thinks this worker has.
  void leave();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pushjudge
