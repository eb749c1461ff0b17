#pragma once

// The folder of a package, read with care: packages come from strangers. What lies outside of it is never read, sizes
// are looked at before anything is read, and all names are below the folder. One thread at a time.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/packages/findings.hpp"
#include "proto/base/result.hpp"

namespace pushjudge::packages {

struct FolderEntry {
  std::string name;
  bool folder = false;
};

// A file with what is in it. Names of the files of a program are below its own folder.
using NamedBytes = std::pair<std::string, std::string>;

class PackageFolder {
 public:
  // Errors: invalid.
  static Result<PackageFolder> open(const std::filesystem::path& path);

  // Of the folder itself, as it was named.
  std::string name() const;

  bool has_file(const std::string& name) const;
  bool has_folder(const std::string& name) const;

  // In order of names, without those that begin with a dot. None where there is no such folder.
  std::vector<FolderEntry> list(const std::string& folder, Findings& findings) const;
  // Nothing, with an error in the findings, for what cannot be read, is no file, or is larger.
  std::optional<std::string> read(const std::string& name, std::uint64_t bytes_max, Findings& findings) const;
  // All files below, in order of names.
  std::vector<NamedBytes> read_all(const std::string& folder, std::uint64_t bytes_max, Findings& findings) const;

 private:
  explicit PackageFolder(std::filesystem::path root, std::filesystem::path canonical)
      : root_(std::move(root)), canonical_(std::move(canonical)) {}

  bool is_inside(const std::filesystem::path& path) const;
  void read_into(std::vector<NamedBytes>& all, const std::string& folder, const std::string& prefix,
                 std::uint64_t bytes_max, int depth, Findings& findings) const;

  std::filesystem::path root_;
  std::filesystem::path canonical_;
};

}  // namespace pushjudge::packages
