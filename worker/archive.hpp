#pragma once

// Reads a zip archive that somebody sent, all of it in memory: no file is opened and none is written. Pure; any thread.
// The archive is as hostile as a program, and the library that reads it (libzip) takes formats apart, so this is called
// inside a box: pushjudge-unpack is this function as a program, and the worker itself never looks into an archive.
//
// libzip: it reads from memory and inflates piece by piece, so that what an archive claims of itself is never
// believed; it reads zip and nothing else; and it is fuzzed all the time (OSS-Fuzz).

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.hpp"

namespace pushjudge {

struct UnpackLimits {
  std::uint64_t bytes = 10'240 << 10;  // of the contents of all files together
  std::size_t entries = 1'000;         // files and folders together, also folders that only a path names
};

struct Unpacked {
  std::string name;  // a path that sandbox::valid_box_path() accepts, without control characters and backslashes
  std::string content;
  bool executable = false;
  bool folder = false;

  bool operator==(const Unpacked&) const = default;
};

// The files and folders of the archive `zip`, in its order. No file comes twice, and none is a folder of another.
// Folders that only the paths of files name are not listed. Errors: `too_large` over a limit; `invalid` for what is no
// archive, is broken or encrypted, holds a link or a device, or a name that is forbidden. Nothing is unpacked then.
Result<std::vector<Unpacked>> unpack(std::string_view zip, const UnpackLimits& limits);

}  // namespace pushjudge
