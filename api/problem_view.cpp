#include "api/problem_view.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "api/http.hpp"
#include "api/leetcode.hpp"
#include "api/statement.hpp"
#include "proto/base/clock.hpp"
#include "proto/code_style.hpp"

namespace pushjudge {
namespace {

using nlohmann::ordered_json;

double seconds_of_ms(std::uint64_t millis) {
  return static_cast<double>(millis) / 1'000;
}

ordered_json published_json(UnixMillis at) {
  return at == 0 ? ordered_json(nullptr) : ordered_json(to_iso8601(at));
}

ordered_json points_json(const std::optional<double>& points) {
  return points ? ordered_json(*points) : ordered_json(nullptr);
}

ordered_json said_or_null(const std::string& text) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

ordered_json limits_json(const ProblemLimits& limits) {
  return {
      {"time", seconds_of_ms(limits.time_ms)},
      {"memory", limits.memory_kib},
      {"output", limits.output_kib},
      {"code", limits.code_kib},
      {"compilation_time", seconds_of_ms(limits.compilation_ms)},
      {"compilation_memory", limits.compilation_memory_kib},
  };
}

ordered_json statement_json(const Statement& statement) {
  return {{"language", statement.language}, {"title", statement.title}, {"html", statement_html(statement)}};
}

ordered_json sample_json(const Sample& sample) {
  return {{"name", sample.name},
          {"input", sample.input},
          {"output", sample.output},
          {"interaction", said_or_null(sample.interaction)}};
}

// "pt" of "pt-BR".
std::string_view primary_of(std::string_view language) {
  return language.substr(0, language.find_first_of("-_"));
}

// Null: there is none at all.
const Statement* statement_in(const std::vector<Statement>& statements, std::string_view language) {
  const auto find = [&statements](auto fits) {
    const auto found = std::find_if(statements.begin(), statements.end(), fits);
    return found == statements.end() ? nullptr : &*found;
  };
  if (const auto* same = find([&](const Statement& one) { return same_name(one.language, language); })) return same;
  const auto* kin =
      find([&](const Statement& one) { return same_name(primary_of(one.language), primary_of(language)); });
  if (kin != nullptr) return kin;
  if (const auto* english = find([](const Statement& one) { return primary_of(one.language) == "en"; })) return english;
  return statements.empty() ? nullptr : &statements.front();
}

ordered_json statements_json(const std::vector<Statement>& statements, std::string_view language) {
  ordered_json list = ordered_json::array();
  if (language.empty()) {
    for (const Statement& statement : statements) list.push_back(statement_json(statement));
  } else if (const Statement* chosen = statement_in(statements, language)) {
    list.push_back(statement_json(*chosen));
  }
  return list;
}

// What one begins with in the language; nothing: there is no such function in it.
std::optional<std::string> starter_in(const Language& language, const Signature& signature) {
  if (language.code_style.empty()) return std::nullopt;
  const auto style = parse_code_style(language.code_style);
  if (!style || unsupported(*style, signature)) return std::nullopt;
  return starter_code(*style, signature);
}

ordered_json snippets_json(const Problem& problem, std::span<const Language> languages) {
  // One that is on offer under several ids is told once.
  std::set<std::string_view> slugs;
  for (const Language& language : languages) slugs.insert(language.slug);
  ordered_json snippets = ordered_json::array();
  for (const auto slug : slugs) {
    if (!takes_language(problem, slug)) continue;
    const Language* language = find_language(languages, slug);
    const auto code = starter_in(*language, problem.function->signature);
    if (!code) continue;
    snippets.push_back({{"lang", leetcode_name(*language).lang},
                        {"language_id", language->id},
                        {"language", language->name},
                        {"code", *code}});
  }
  return snippets;
}

std::string example_test_cases(const std::vector<Sample>& samples) {
  std::string text;
  for (const Sample& sample : samples) {
    if (!text.empty() && !text.ends_with('\n')) text += '\n';
    text += sample.input;
  }
  return text;
}

ordered_json function_json(const Problem& problem, std::span<const Language> languages) {
  return {{"metadata", ordered_json::parse(to_json(problem.function->signature))},
          {"code_snippets", snippets_json(problem, languages)},
          {"example_test_cases", example_test_cases(problem.samples)},
          {"can_try", problem.function->reference.has_value()}};
}

}  // namespace

ordered_json problem_card(const ProblemCard& card) {
  return {
      {"slug", card.slug},
      {"title", card.title},
      {"version", to_hex(card.version)},
      {"published_at", published_json(card.published_at)},
      {"scoring", card.scoring},
      {"score_max", points_json(card.score_max)},
      {"limits", {{"time", seconds_of_ms(card.time_ms)}, {"memory", card.memory_kib}}},
      {"tests", card.tests},
  };
}

ordered_json problem_view(const Problem& problem, const Digest& version, UnixMillis published_at,
                          std::string_view language, std::span<const Language> languages) {
  ordered_json samples = ordered_json::array();
  for (const Sample& sample : problem.samples) samples.push_back(sample_json(sample));
  ordered_json view = {
      {"slug", problem.slug},
      {"title", problem.title},
      {"version", to_hex(version)},
      {"published_at", published_json(published_at)},
      {"author", said_or_null(problem.author)},
      {"source", said_or_null(problem.source)},
      {"license", said_or_null(problem.license)},
      {"scoring", problem.scoring},
      {"score_max", points_json(score_max(problem))},
      {"languages", problem.languages},
      {"limits", limits_json(problem.limits)},
      {"tests", problem.tests.size()},
      {"interactive", problem.checker.interactive},
      {"passes", problem.limits.passes},
      {"statements", statements_json(problem.statements, language)},
      {"samples", std::move(samples)},
  };
  if (problem.function) view["function"] = function_json(problem, languages);
  return view;
}

}  // namespace pushjudge
