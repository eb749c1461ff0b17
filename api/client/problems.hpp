#pragma once

// pushjudge problem: checks packages by having all that is in them judged, and publishes them. Main thread.

#include "api/client/client.hpp"
#include "api/client/command.hpp"

namespace pushjudge::client {

int run(const Url& url, const ProblemCommand& command);

}  // namespace pushjudge::client
