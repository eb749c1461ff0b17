#pragma once

// Compression as permessage-deflate wants it (RFC 7692, section 7.2.1). Net thread.

#include <string>
#include <string_view>

namespace pushjudge {

// A message's payload by itself, as if nothing had been sent before it: so all who agreed to compression can be sent
// the same bytes. For receivers that take a window of 15 bits.
std::string deflate(std::string_view payload);

}  // namespace pushjudge
