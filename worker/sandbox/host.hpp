#pragma once

#include <vector>

#include "worker/sandbox/table.hpp"

namespace pushjudge::sandbox {

// What of this host, outside of any box, weakens boxes or makes times uneven. Only reads.
[[nodiscard]] std::vector<TableRow> host_rows();

// Settings of the kernel because of which this user cannot make user namespaces; empty where none stands in the way.
[[nodiscard]] std::vector<TableRow> namespace_rows();

}  // namespace pushjudge::sandbox
