#pragma once

// pushjudge problem import: makes problems of a collection, one a line, and publishes those whose solutions are
// accepted. Holds a few at a time, however long the collection. Main thread.

#include "api/client/client.hpp"
#include "api/client/command.hpp"

namespace pushjudge::client {

int run_import(const Url& url, const ImportCommand& command);

}  // namespace pushjudge::client
