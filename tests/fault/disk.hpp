#pragma once

// What a disk holds, as it is seen while the power is on, and what may be left of it after a power cut: what was synced
// is there; of what was not, any part may be, by sectors. Pure. Owned by whoever locks it.

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pushjudge::testing {

// What becomes of the writes that were not synced.
enum class Survival : std::uint8_t {
  nothing,     // the disk had not begun
  everything,  // it was as good as done
  in_order,    // the first of them, and a part of the next
  sectors,     // here a sector and there one
};

// The folder that a file is in.
std::string folder_of(const std::string& path);

class Disk {
 public:
  using Files = std::map<std::string, std::string>;  // bytes by path

  // Makes the file if there is none.
  void open(const std::string& path);
  void write(const std::string& path, std::uint64_t offset, std::string_view bytes);
  void truncate(const std::string& path, std::uint64_t size);
  void remove(const std::string& path);
  void sync(const std::string& path);
  bool knows(const std::string& path) const;  // its name is durable
  // Makes the names in the folder durable: those made, and those removed.
  void sync_folder(const std::string& folder);
  // Takes the files of a folder as durable, as they are after the power came back.
  void adopt(const Files& files);
  void forget(const std::string& folder);

  Files after_power_cut(Survival survival, std::mt19937_64& random) const;

 private:
  struct Write {
    std::uint64_t offset;
    std::string bytes;
  };
  struct Truncation {
    std::uint64_t size;
  };
  using Change = std::variant<Write, Truncation>;
  struct Contents {
    std::string durable;
    std::vector<Change> pending;
  };
  struct Entry {
    std::shared_ptr<Contents> now;      // null: removed
    std::shared_ptr<Contents> durable;  // null: its name was never synced
  };

  Contents& contents(const std::string& path);
  static void apply(std::string& bytes, const Change& change);
  static std::string survivor(const Contents& contents, Survival survival, std::mt19937_64& random);

  std::map<std::string, Entry> entries_;
};

}  // namespace pushjudge::testing
