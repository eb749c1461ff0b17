#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "worker/sandbox/fd.hpp"

// What both versions of control groups need: finding the hierarchies, small files, and groups of our own that leave
// nothing behind. Used by the keeper.
namespace pushjudge::sandbox {

// The folder of this process's own group in the hierarchy that has `controller` ("memory"), or with an empty name in
// the unified one (version 2). Nothing when it is not mounted or lies outside of what is mounted.
[[nodiscard]] std::optional<std::string> own_group(std::string_view controller);

// Removes the groups below `parent` that sandboxes which no longer live have left: names of our pattern, whose process
// is gone. The kernel refuses to remove a group in which anything lives.
void remove_stale_groups(const std::string& parent);

// pushjudge-<pid of this process>
[[nodiscard]] std::string group_name();

// A control group folder that is removed with this object, with the groups below it.
class Group {
 public:
  Group() = default;
  ~Group() { remove(); }
  Group(Group&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  Group& operator=(Group&& other) noexcept;

  // Returns an errno.
  [[nodiscard]] int create(const std::string& path);
  void remove();

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

// What a new group is limited to, and more than any machine has.
inline constexpr std::uint64_t kUnlimited = 1ULL << 62;

// A file of a group that is used again and again, kept open. Numbers are decimal.
class GroupFile {
 public:
  // Returns an errno.
  [[nodiscard]] int open(const std::string& path, int flags);
  [[nodiscard]] explicit operator bool() const { return static_cast<bool>(fd_); }
  [[nodiscard]] int fd() const { return fd_.get(); }

  [[nodiscard]] int write(std::string_view text);
  [[nodiscard]] int write(std::uint64_t number);

  // For a limit: writes it unless it is what was set last, since a system call costs more than a look. Returns an
  // errno.
  [[nodiscard]] int set(std::uint64_t limit);
  // What was set last.
  [[nodiscard]] std::uint64_t limit() const { return limit_; }

  // The whole file if it is a number, else the number that follows `key` at the beginning of a line; 0 if there is
  // none.
  [[nodiscard]] std::uint64_t read(std::string_view key = {}) const;

 private:
  Fd fd_;
  std::uint64_t limit_ = kUnlimited;
};

// One of several files of a group that are opened together.
struct GroupFileRow {
  GroupFile& file;
  std::string path;
  int flags;
};

// Returns an errno, and in `failed` the path of the file that it is about.
[[nodiscard]] int open_all(std::initializer_list<GroupFileRow> rows, std::string& failed);

// Writes `text` to a file once. Returns an errno.
[[nodiscard]] int write_group_file(const std::string& path, std::string_view text);

// A small file's content; empty when it cannot be read.
[[nodiscard]] std::string read_whole_file(const std::string& path);

}  // namespace pushjudge::sandbox
