#pragma once

// The values that functions are called with and give back: JSON texts, as LeetCode writes them, one line a value. All
// are brought into one form, so that most comparing is of bytes: without blanks, numbers in their shortest form,
// strings with no more escapes than JSON demands, a tree without nulls at its end, null for an empty list or tree as
// []. Pure; any thread; nothing here is taken at its word.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.hpp"
#include "proto/signature.hpp"

namespace pushjudge {

// A test's arguments, each a canonical line: as many as the function has parameters; of a class two, the names of what
// is called, the class first, and the arguments of each call.
//   ["MinStack","push","top"]
//   [[],[3],[]]
using Arguments = std::vector<std::string>;
std::size_t lines_per_test(const Signature& signature);

// A value of the type, and nothing but blanks around it. A number that is written as a string ("NaN", "Infinity") is a
// double that JSON cannot say. Errors: invalid; where, and what is expected there.
Result<std::string> canonical(const Type& type, std::string_view json);

// As LeetCode writes a test: each value on a line of its own, or with names (`nums = [2,7,11,15], target = 9`), or both
// mixed. Errors: invalid.
Result<Arguments> parse_arguments(const Signature& signature, std::string_view text);
// Several tests one after another, at most `tests_max`. Errors: invalid, with the test's number.
Result<std::vector<Arguments>> parse_tests(const Signature& signature, std::string_view text, std::size_t tests_max);

// What a test's answer is to be, or is. Of a class: an array of what each call gave, null for the constructor and for
// methods that return nothing; hence `calls`, the first line of its arguments, which is not looked at for a function.
// Errors: invalid.
Result<std::string> canonical_answer(const Signature& signature, std::string_view calls, std::string_view json);

enum class AnswerOrder : std::uint8_t {
  exact,
  unordered,         // the elements of the answer may come in any order
  unordered_nested,  // and so may those of its elements
};

std::string_view to_string(AnswerOrder order);  // "exact", "unordered", "unordered_nested"
std::optional<AnswerOrder> parse_answer_order(std::string_view text);

struct AnswerComparison {
  AnswerOrder order = AnswerOrder::exact;
  double tolerance = 1e-5;  // of doubles: absolute, or relative to what is expected

  bool operator==(const AnswerComparison&) const = default;
};

// Of two canonical values of the same type, of up to three dimensions.
bool is_same(const AnswerComparison& comparison, std::string_view expected, std::string_view answer);
// Of two canonical answers to the same arguments; `calls` as above. Calls of a class, and nodes of a list or tree, keep
// their order.
bool is_same_answer(const AnswerComparison& comparison, const Signature& signature, std::string_view calls,
                    std::string_view expected, std::string_view answer);

}  // namespace pushjudge
