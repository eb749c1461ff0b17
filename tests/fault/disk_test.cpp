// The model of a disk that the power cuts are made with.

#include "tests/fault/disk.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace pushjudge::testing;

namespace {

Disk::Files cut(const Disk& disk, Survival survival, std::uint64_t seed = 1) {
  std::mt19937_64 random(seed);
  return disk.after_power_cut(survival, random);
}

}  // namespace

TEST_CASE("disk: what was synced survives, and what was not may or may not") {
  Disk disk;
  disk.open("/f/a");
  disk.write("/f/a", 0, "one");
  disk.sync("/f/a");
  disk.sync_folder("/f");
  disk.write("/f/a", 0, "TWO");
  CHECK(cut(disk, Survival::nothing).at("/f/a") == "one");
  CHECK(cut(disk, Survival::everything).at("/f/a") == "TWO");
}

TEST_CASE("disk: a file whose name was not synced may be gone, and one removed may be back") {
  Disk disk;
  disk.open("/f/a");
  disk.write("/f/a", 0, "one");
  disk.sync("/f/a");
  CHECK(cut(disk, Survival::nothing).empty());
  disk.sync_folder("/f");
  disk.remove("/f/a");
  CHECK(cut(disk, Survival::nothing).at("/f/a") == "one");
  CHECK(cut(disk, Survival::everything).empty());
  disk.sync_folder("/f");
  CHECK(cut(disk, Survival::nothing).empty());
}

TEST_CASE("disk: a write that was not synced may be there in some sectors and not in others, out of order") {
  Disk disk;
  disk.open("/f/a");
  disk.write("/f/a", 0, std::string(1'024, '.'));
  disk.sync("/f/a");
  disk.sync_folder("/f");
  disk.write("/f/a", 0, std::string(1'024, 'x'));
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 64; ++seed) {
    const std::string bytes = cut(disk, Survival::sectors, seed).at("/f/a");
    seen.insert({bytes.front(), bytes.back()});
    CHECK(bytes.substr(0, 512) == std::string(512, bytes.front()));
  }
  CHECK(seen == std::set<std::string>{"..", ".x", "x.", "xx"});
}
