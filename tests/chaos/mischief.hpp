#pragma once

// What goes wrong at a site, when, and for how long: at random, a few faults a second, each mended after a while. One
// thread, the site's.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "proto/base/clock.hpp"
#include "tests/chaos/dice.hpp"
#include "tests/chaos/site.hpp"

namespace pushjudge::chaos {

class Mischief {
 public:
  Mischief(Site& site, Dice dice);

  // Does what is due at `now`.
  void step(TimePoint now);
  // Mends everything at once; nothing more happens.
  void end();

  // How often what was done.
  const std::map<std::string, std::uint64_t>& done() const { return done_; }

 private:
  struct Repair {
    TimePoint at;
    std::function<void()> mend;
  };

  void strike(TimePoint now);
  void kill(Actor& actor, const std::string& what, int down_ms_max, TimePoint now);
  void freeze(Actor& actor, const std::string& what, int least_ms, int most_ms, TimePoint now);
  void disturb(const std::vector<std::unique_ptr<Proxy>>& ways, const std::string& what, std::vector<Ports> parts,
               TimePoint now);
  void later(TimePoint at, std::function<void()> mend);

  Site& site_;
  Dice dice_;
  TimePoint next_;
  std::vector<Repair> repairs_;
  std::set<const Proxy*> disturbed_;
  std::map<std::string, std::uint64_t> done_;
};

}  // namespace pushjudge::chaos
