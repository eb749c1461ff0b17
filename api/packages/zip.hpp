#pragma once

// Makes a zip archive of files, as submissions carry their additional files. Any thread.

#include <string>
#include <vector>

#include "api/packages/folder.hpp"

namespace pushjudge::packages {

// Errors: internal.
Result<std::string> zip_archive(const std::vector<NamedBytes>& files);

}  // namespace pushjudge::packages
