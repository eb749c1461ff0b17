#pragma once

// Bytes as descriptors and back: how texts go into a box and come out of it without a file on any disk. Any thread.

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/base/result.hpp"
#include "proto/base/unique_fd.hpp"

namespace pushjudge {

// A memfd that holds `bytes` and can never be changed again. `name` is for /proc only. Errors: `unavailable` when the
// system has no memory or no descriptor left.
Result<UniqueFd> make_memory_file(const char* name, std::string_view bytes);

// The first `size` bytes of `fd`, from its beginning, whatever its offset is. Errors: `internal` when there are fewer.
Result<std::string> read_memory_file(int fd, std::uint64_t size);

}  // namespace pushjudge
