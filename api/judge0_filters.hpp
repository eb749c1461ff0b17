#pragma once

// Judge0's refusals that come before anybody looks at a submission, in its words and in the order in which it checks:
// maintenance, wait, then what the request itself says. Each answers nothing where the request may go on.
// Pure; any thread.

#include <cstddef>
#include <optional>
#include <string_view>

#include "api/http.hpp"
#include "api/judge0_settings.hpp"

namespace pushjudge {

// What Judge0 has words of its own for: {"error": message}, without a status.
Response judge0_error(int status, std::string_view message);

// Of creating and deleting one submission; batches are not asked.
std::optional<Response> refuse_maintenance(const Judge0Settings& settings);
// `wait` is whether the request asks for it.
std::optional<Response> refuse_wait(const Judge0Settings& settings, bool wait);
std::optional<Response> refuse_delete(const Judge0Settings& settings);
// Of batches at all, and of one of so many submissions or tokens.
std::optional<Response> refuse_batches(const Judge0Settings& settings);
std::optional<Response> refuse_batch_size(const Judge0Settings& settings, std::size_t size);

}  // namespace pushjudge
