#pragma once

// How a receiver knows that a callback is ours and which one it is: the headers of Standard Webhooks
// (https://www.standardwebhooks.com), so that its libraries, which there are for most languages, verify ours as they
// are. Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "proto/base/clock.hpp"
#include "proto/base/result.hpp"

namespace pushjudge {

// A key that we share with receivers.
struct CallbackSecret {
  std::string key;  // 24 to 64 bytes

  // "whsec_" and the key in base64. Errors: invalid, without the text, which is a credential.
  static Result<CallbackSecret> parse(std::string_view text);
};

// The headers that go with one try, each as "name: value". `id` is the same in all tries, so that a receiver can drop
// the second of two; `at` is when this one is made, so that it can refuse an old one that somebody sends again.
// webhook-signature has a signature for each secret, so that one can take the place of another while both are in use,
// and is left out without secrets.
std::vector<std::string> webhook_headers(std::string_view id, UnixMillis at, std::string_view body,
                                         const std::vector<CallbackSecret>& secrets);

}  // namespace pushjudge
