#pragma once

#include <cstdint>

namespace pushjudge::bench {

// The language that bench_noop_worker offers and the load is written in. Judge0's number for Python, as clients send.
inline constexpr std::int32_t kLanguageId = 71;

}  // namespace pushjudge::bench
