#pragma once

// Zip archives for tests, made byte by byte, so that they can say what no decent program would write. Any thread.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pushjudge::testing {

struct ZipEntry {
  std::string name;  // a folder's ends with a slash
  std::string content;
  std::uint32_t mode = 0100644;  // as of stat(2); 0 as of programs that know no modes
  bool deflated = false;
  std::uint16_t flags = 0;                         // bit 0: encrypted
  std::uint16_t method = 0;                        // when not deflated; 0: stored
  std::optional<std::uint32_t> claimed_size = {};  // instead of the true one
  std::optional<std::uint32_t> claimed_crc = {};
};

// An archive of these entries, in this order.
std::string zip_of(const std::vector<ZipEntry>& entries);

// An archive of the regular files below `folder`.
std::string zip_of_folder(const std::filesystem::path& folder);

}  // namespace pushjudge::testing
