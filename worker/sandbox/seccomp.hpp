#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <string>
#include <vector>

namespace pushjudge::sandbox {

// Builds the system call filter of a box: everything is allowed but a list that no judged program needs. It is built
// once by the keeper and installed once by the init, since loading costs some microseconds an instruction.
// `pass` is Plan::pass. Empty when libseccomp fails; `error` says where.
[[nodiscard]] std::vector<sock_filter> build_filter(std::uint64_t pass, std::string& error);

}  // namespace pushjudge::sandbox
