#pragma once

// Who may publish problems, and see what is told to the judges alone: administrators. Where none is configured, a
// program on this machine that comes by itself. Pure; any thread.

#include "api/http.hpp"

namespace pushjudge {

// By the request's address and headers. A proxy on this machine says for whom it asks, and a browser whose page it is:
// they come from here, and whoever is behind them need not. What is left is a proxy that says nothing; whoever runs one
// configures an administrator.
bool may_publish(const Request& request, const Admission& admission);

}  // namespace pushjudge
