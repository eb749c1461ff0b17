#pragma once

// The command `pushjudge compare`: has the same jobs watched in each way, one way at a time, and tells what each costs.

#include "api/client/client.hpp"
#include "api/client/command.hpp"

namespace pushjudge::client {

// The exit code. Starts threads, and has ended them when it returns.
int run(const Url& url, const CompareCommand& command);

}  // namespace pushjudge::client
