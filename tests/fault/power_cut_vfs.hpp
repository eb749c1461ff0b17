#pragma once

// A SQLite file system for tests, over the system's own: it keeps account of what a power cut would leave, and refuses
// to read or write when it is told to. While one lives it is SQLite's default, so that the engine needs to know nothing
// of it. One at a time; made and destroyed while no database is open. What it says may be asked from any thread.
//
// Syncing is cheap here: nothing is given to the real disk, but for files whose names are not durable yet, from which
// it learns whether SQLite syncs the folder too.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "tests/fault/disk.hpp"

namespace pushjudge::testing {

// Calls that can be made to fail, counted from 1.
enum class Calls : std::uint8_t {
  none,
  reads,
  writes
};  // writes: xWrite, xSync, xTruncate, and the growth of the WAL index

struct Fault {
  Calls calls = Calls::none;
  std::uint64_t first = 1;
  std::uint64_t count = 1;  // how many fail in a row
  bool full = false;        // writes fail with SQLITE_FULL instead of an I/O error
};

class PowerCutVfs {
 public:
  PowerCutVfs();
  ~PowerCutVfs();
  PowerCutVfs(const PowerCutVfs&) = delete;
  PowerCutVfs& operator=(const PowerCutVfs&) = delete;

  // `watcher` is called under the lock, on the thread that writes or syncs: after each write, and before and after each
  // sync. It must not use SQLite.
  using Watcher = std::function<void(const Disk&)>;
  void watch(Watcher watcher);
  // Writes the files where they belong and takes them for durable: the power is on again.
  void power_on(const Disk::Files& files);
  void forget(const std::string& folder);

  // Whether a connection may have more than synchronous=NORMAL when it asks; yes at first.
  void allow_synchronous_full(bool allowed);

  // Counts the calls of the kind from now on, and has some fail. A fault without calls heals.
  void inject(const Fault& fault);
  std::uint64_t calls() const;   // of the kind, since inject()
  std::uint64_t failed() const;  // of them

 private:
  struct Shim;
  std::unique_ptr<Shim> shim_;
};

}  // namespace pushjudge::testing
