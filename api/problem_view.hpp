#pragma once

// What everybody may see of a problem, as JSON: never its tests, their names, or who checks them. Pure; any thread.

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string_view>

#include "proto/digest.hpp"
#include "proto/language.hpp"
#include "proto/messages.hpp"
#include "proto/problem.hpp"

namespace pushjudge {

// An entry of GET /problems.
nlohmann::ordered_json problem_card(const ProblemCard& card);

// The whole of it. `published_at` 0: a draft. With a language (not empty) one statement is shown: that in it, else in
// another form of it ("pt" for "pt-BR"), else the English one, else the first. `languages` are those on offer: of a
// function problem the view says what one begins with in each that may be used for it.
nlohmann::ordered_json problem_view(const Problem& problem, const Digest& version, UnixMillis published_at,
                                    std::string_view language, std::span<const Language> languages);

}  // namespace pushjudge
