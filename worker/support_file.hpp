#pragma once

// A file of a language's folder that is put beside a source. A value; any thread.

#include <memory>
#include <string>

#include "proto/base/unique_fd.hpp"

namespace pushjudge {

struct SupportFile {
  std::string name;
  std::shared_ptr<const UniqueFd> content;  // a sealed memfd, shared by all slots
};

}  // namespace pushjudge
