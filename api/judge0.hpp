#pragma once

// Judge0's attributes and our Submission, one into the other: names, coercion, bounds, and the exact words of every
// refusal. Pure; any thread.

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "api/attributes.hpp"
#include "api/judge0_settings.hpp"
#include "proto/codec.hpp"
#include "proto/language.hpp"
#include "proto/messages.hpp"
#include "proto/submission.hpp"

namespace pushjudge {

// The version of Judge0 whose contract this is. Its client libraries look it up in a table of their own.
inline constexpr std::string_view kJudge0Version = "1.13.1";

// ---- submissions, in

// What is wrong with each attribute, in the order in which it was found: the body of a 422.
using AttributeErrors = std::vector<std::pair<std::string, std::vector<std::string>>>;
nlohmann::ordered_json to_json(const AttributeErrors& errors);

// That of source_code, stdin and expected_output, by what the request says of base64_encoded.
Encoding encoding_of(const Attributes& attributes, const Judge0Settings& settings);

// Whether a submission may name this address to be called back. Errors: invalid, with what is wrong with it.
using CheckCallbackUrl = std::function<Result<void>(std::string_view url)>;

// `encoding` as above; additional_files are base64 whatever it is. The token and created_at are left to the caller.
std::variant<Submission, AttributeErrors> parse_submission(const Attributes& attributes,
                                                           std::span<const Language> languages, Encoding encoding,
                                                           const Judge0Settings& settings,
                                                           const CheckCallbackUrl& check_callback_url = nullptr);

// What is wrong with an attribute that is sent with a problem.
inline constexpr std::string_view kProblemSaysIt = "can't be sent with a problem, which says it itself";

// The language of Judge0's whose program is an archive.
inline constexpr std::int32_t kMultiFileId = 89;

// The language on offer that has this id. Null: none.
const Language* find_language(std::span<const Language> languages, std::int64_t id);
// The one that has this slug; of several, for several ids, that with the least.
const Language* find_language(std::span<const Language> languages, std::string_view slug);

// What is to be chosen from, by name. Workers offer a language once for each id that means it; where it has one of
// Judge0 1.13.1's, its ids of later versions are taken but not listed.
std::vector<Language> listed(std::span<const Language> languages);

// ---- submissions, out

// Which fields of a submission a client asked for.
struct Fields {
  enum class Kind { standard, all, some };
  Kind kind = Kind::standard;
  std::vector<std::string> names;  // of `some`
};

// "" is the standard choice, "*" all, else names with commas between. Errors: invalid, with Judge0's message.
Result<Fields> parse_fields(std::string_view text);
// The same of what a request says of `fields`.
Result<Fields> fields_of(const Attributes& parameters);

// What Judge0 says where a text is no UTF-8 and base64 was not asked for.
inline constexpr std::string_view kNotUtf8 =
    "some attributes for this submission cannot be converted to UTF-8, use base64_encoded=true query parameter";

// The chosen fields. Errors: invalid with kNotUtf8.
Result<nlohmann::ordered_json> view_of(const Got& got, const Fields& fields, const Language* language,
                                       Encoding encoding);

// ---- what the server says of itself

nlohmann::ordered_json about();
// `queue_max` is the core's: how many submissions may wait.
nlohmann::ordered_json config_info(const Judge0Settings& settings, std::uint64_t queue_max);
nlohmann::ordered_json statuses_json();
nlohmann::ordered_json workers_json(const StatsReport& stats);
// `languages` give those names that are known. `now` is when it was counted, `until` how long it is told.
nlohmann::ordered_json statistics_json(const Statistics& statistics, std::span<const Language> languages,
                                       UnixMillis now, UnixMillis until);

// A language in the list, in the list of all, and alone; Judge0's keys and ours.
nlohmann::ordered_json language_brief(const Language& language);
nlohmann::ordered_json language_full(const Language& language);

// A language that Judge0 had once. Nobody can use it, but old submissions have its id.
struct ArchivedLanguage {
  std::int32_t id = 0;
  std::string_view name;
};
std::span<const ArchivedLanguage> archived_languages();
nlohmann::ordered_json language_brief(const ArchivedLanguage& language);
nlohmann::ordered_json language_full(const ArchivedLanguage& language);

}  // namespace pushjudge
