#pragma once

// Joins what was kept of a channel and what happens now, without a gap and without a repeat. Pure: no I/O, no clock.
//
// The subscriber is registered for live events first, and only then is the history asked for. So an event comes live,
// or is in the page, or both; live ones are held back until the page is here, and those the page covers are dropped.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/socket.hpp"
#include "proto/ids.hpp"

namespace pushjudge {

inline constexpr std::size_t kEpochCharactersMax = 128;                   // of what a client says; ours are shorter
inline constexpr Seq kSeqMax = std::numeric_limits<std::int64_t>::max();  // the store counts in 63 bits

// Nothing: those are not only digits, or more than kSeqMax.
std::optional<Seq> parse_seq(std::string_view digits);

// Live events of one channel that wait for its history. A submission has a dozen in its life.
inline constexpr std::size_t kHeldMax = 256;

// How far a subscriber has come. An empty epoch goes with seq 0: everything that is kept, whatever the epoch.
struct Since {
  std::string epoch;
  Seq seq = 0;
};

// One event, ready to be sent.
struct NumberedText {
  Seq seq = 0;
  SharedMessage text;
};

// What the core keeps of a channel.
struct KeptEvents {
  std::string epoch;
  Seq top = 0;           // seq of the last event, and of the snapshot
  bool complete = true;  // the log holds everything after Since::seq
  std::vector<NumberedText> events;
};

class Resume {
 public:
  // Nothing: from now on.
  explicit Resume(std::optional<Since> since) : since_(std::move(since)) {}

  // What to ask the core for: the events after this seq.
  Seq ask_after() const;

  // A live event: the one to send now, if any.
  std::optional<NumberedText> live(const std::string& epoch, NumberedText event);

  struct Start {
    bool recovered = false;            // false: what the subscriber knew is void; the snapshot is where it goes on from
    Seq seq = 0;                       // as of which event the snapshot is
    std::vector<NumberedText> replay;  // to be sent after the snapshot, in order
  };
  Start begin(KeptEvents kept);

  // The epoch of what was sent so far; empty before begin().
  const std::string& epoch() const { return epoch_; }
  bool begun() const { return begun_; }
  // How many live events wait for begin(). Whoever feeds it ends it at kHeldMax.
  std::size_t held() const { return held_.size(); }

  // All seqs are void: begin() will say recovered false, and live events are held back until then.
  void start_over();

 private:
  struct Held {
    std::string epoch;
    NumberedText event;
  };

  std::optional<Since> since_;
  bool void_ = false;  // start_over() was called: there is nothing to recover
  bool begun_ = false;
  std::string epoch_;
  Seq last_ = 0;
  std::vector<Held> held_;
};

}  // namespace pushjudge
