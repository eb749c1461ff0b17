#pragma once

// LeetCode's words for submissions and what comes of them, and ours, one into the other. Pure; any thread.

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "api/attributes.hpp"
#include "api/judge0.hpp"
#include "proto/language.hpp"
#include "proto/messages.hpp"

namespace pushjudge {

// A language as LeetCode calls it: "golang" and "Go". One that LeetCode has not goes by our own names.
struct LeetCodeName {
  std::string lang;
  std::string pretty_lang;
};
LeetCodeName leetcode_name(const Language& language);

// What its lang names of what is on offer, of several the one with the least id. Null: none.
const Language* leetcode_language(std::span<const Language> languages, std::string_view lang);

// What was sent to …/submit ({lang, typed_code}) or …/interpret_solution ({lang, typed_code, data_input}) of a problem,
// as the attributes of a submission, plain. Whatever else was sent says nothing.
enum class LeetCodeKind { submit, interpret };
std::variant<Attributes, AttributeErrors> from_leetcode(LeetCodeKind kind, const std::string& problem,
                                                        const Attributes& sent, std::span<const Language> languages);

// What …/check says of it. Texts are shown as they are.
nlohmann::ordered_json leetcode_check(const Got& got, const Language* language);

}  // namespace pushjudge
