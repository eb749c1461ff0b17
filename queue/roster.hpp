#pragma once

// Who may do what on the wire. Pure: no I/O, no clock, no logging. Owned by the core's thread.
//
// A key opens the sockets of its role and no others. A session belongs to the key that said hello for it: nobody else
// speaks in it, takes jobs from its pipe, or reports what it was given. Senders without a key (ipc, whose folder is
// private, or tcp that was opened without keys) share the empty key: for them a session's number is the only proof.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/messages.hpp"
#include "queue/keys.hpp"

namespace pushjudge {

enum class Door { lobby, uplink, submit, events, pipe };
std::string_view to_string(Door door);

// What ZeroMQ is told to ask by: the door and, for a pipe, whose it is.
std::string domain_of(Door door, const std::string& pipe_owner = "");

class Roster {
 public:
  // From now on these are enrolled. Gives the keys that are not, or not in the same role, any more.
  std::vector<std::string> replace(Keyring ring);

  bool knows(const std::string& key, const Enrolled& enrolled) const;

  // Whether whoever holds the key may come in; if not, why.
  struct Answer {
    bool yes = false;
    std::string_view why;
  };
  Answer may_connect(std::string_view domain, const std::string& key) const;
  // The same for each message: the key may have been revoked since its connection was let in.
  Answer may_speak(Door door, const std::string& key) const;

  void open(std::uint64_t session, const std::string& key);
  void close(std::uint64_t session) { owners_.erase(session); }
  std::vector<std::uint64_t> sessions_of(const std::string& key) const;
  // Whether a hello of this key may take the place of the session.
  bool may_replace(std::uint64_t session, const std::string& key) const { return owns(session, key); }
  bool may_open(const std::string& key) const;  // not too many of one key

  // What to make of a worker's message, given who has the job it is about.
  enum class Verdict {
    take,
    drop,     // its session is over
    stale,    // as drop; but the sender waits for an answer, which is that the job is no longer its own
    refused,  // it is another's session or another's job
  };
  Verdict judge(const std::string& key, const UplinkSubject& subject, std::optional<std::uint64_t> holder) const;

  // Of the jobs that a worker says it has, those that are another's. `holder_of` gives the session that has a job: 0
  // for one of before the core started, which is its worker's by name.
  void remember(JobRef ref, std::string worker) { before_[ref] = std::move(worker); }
  template <class HolderOf>
  std::vector<JobRef> others(const std::vector<JobRef>& claimed, const std::string& key, HolderOf holder_of) const {
    std::vector<JobRef> found;
    for (const JobRef& ref : claimed) {
      const std::optional<std::uint64_t> holder = holder_of(ref);
      if (holder && !may_claim(ref, *holder, key)) found.push_back(ref);
    }
    return found;
  }

  // What people call a worker of this key that calls itself `name`. A machine may run several with one key.
  std::string display_name(const std::string& key, const std::string& name) const;
  // For the log: the name of the key, or the key itself where it has none.
  std::string who(const std::string& key) const;

 private:
  bool owns(std::uint64_t session, const std::string& key) const;
  bool may_claim(JobRef ref, std::uint64_t holder, const std::string& key) const;

  Keyring ring_;
  Keyring revoked_;  // since the core started
  std::map<std::uint64_t, std::string> owners_;
  std::map<JobRef, std::string> before_;  // whose name a job of before the core started is under
};

}  // namespace pushjudge
