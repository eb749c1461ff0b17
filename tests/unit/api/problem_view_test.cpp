#include "api/problem_view.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/support/problems.hpp"

using namespace pushjudge;
using nlohmann::json;

namespace {

Problem told_problem() {
  Problem problem = testing::small_problem("two-sum", "secret input", "secret answer");
  problem.title = "Two Sum";
  problem.author = "A. Author";
  problem.license = "cc by";
  problem.limits.time_ms = 1'500;
  problem.tests[0].name = "secret/group1/hard";
  problem.tests[0].checker_arguments = {"float_tolerance", "1e-6"};
  problem.languages = {"cpp", "python"};
  problem.statements = {{"en", "Two Sum", StatementFormat::markdown, "Add *two*."},
                        {"sv", "Summa", StatementFormat::markdown, "Addera <b>."},
                        {"pt-BR", "Soma", StatementFormat::tex, "Some $a$."}};
  problem.samples = {{"1", "1 2\n", "3\n", ""}, {"2", "", "", ">1\n<2\n"}};
  return problem;
}

std::string statement_titles(std::string_view language) {
  const json view = json::parse(problem_view(told_problem(), digest_of(""), 0, language, {}).dump());
  std::string titles;
  for (const json& statement : view["statements"]) titles += statement["title"].get<std::string>() + ";";
  return titles;
}

}  // namespace

TEST_CASE("problem view: a problem as people see it") {
  CHECK(problem_view(told_problem(), digest_of(""), 1'712'576'571'856, "en", {}).dump() ==
        R"({"slug":"two-sum","title":"Two Sum",)"
        R"("version":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",)"
        R"("published_at":"2024-04-08T11:42:51.856Z","author":"A. Author","source":null,"license":"cc by",)"
        R"("scoring":false,"score_max":null,"languages":["cpp","python"],"limits":{"time":1.5,"memory":2097152,)"
        R"("output":8192,"code":128,"compilation_time":60.0,"compilation_memory":2097152},"tests":1,)"
        R"("interactive":false,"passes":1,)"
        R"("statements":[{"language":"en","title":"Two Sum","html":"<p>Add <em>two</em>.</p>\n"}],)"
        R"("samples":[{"name":"1","input":"1 2\n","output":"3\n","interaction":null},)"
        R"({"name":"2","input":"","output":"","interaction":">1\n<2\n"}]})");
}

TEST_CASE("problem view: nothing of a test, its name or its checker is shown") {
  Problem problem = told_problem();
  problem.checker.protocol = CheckerProtocol::kattis;
  problem.checker.language = "cpp";
  problem.checker.main_file = "validate.cpp";
  problem.checker.files = {{"validate.cpp", testing::blob_of("int main() {}")}};
  const std::string text = problem_view(problem, digest_of(""), 0, "", {}).dump();
  for (const std::string& secret :
       {std::string("hard"), std::string("group1"), std::string("validate"), std::string("tolerance"),
        to_hex(digest_of("secret input")), to_hex(digest_of("secret answer")), to_hex(digest_of("int main() {}"))}) {
    CAPTURE(secret);
    CHECK(text.find(secret) == std::string::npos);
  }
  CHECK(json::parse(text)["published_at"].is_null());
}

TEST_CASE("problem view: one statement can be asked for, and what is there is given where that one is not") {
  CHECK(statement_titles("") == "Two Sum;Summa;Soma;");
  CHECK(statement_titles("sv") == "Summa;");
  CHECK(statement_titles("SV") == "Summa;");
  CHECK(statement_titles("sv-FI") == "Summa;");
  CHECK(statement_titles("pt") == "Soma;");
  CHECK(statement_titles("de") == "Two Sum;");
  Problem problem = told_problem();
  problem.statements.erase(problem.statements.begin());
  CHECK(json::parse(problem_view(problem, digest_of(""), 0, "de", {}).dump())["statements"][0]["title"] == "Summa");
  problem.statements.clear();
  CHECK(json::parse(problem_view(problem, digest_of(""), 0, "de", {}).dump())["statements"].empty());
}

TEST_CASE("problem view: of a function problem it says what one begins with in each language that may be used") {
  Problem problem = told_problem();
  CHECK_FALSE(problem_view(problem, digest_of(""), 0, "", {}).contains("function"));
  FunctionTask task;
  task.signature.function = {"twice", {{"n", Type{Scalar::integer, {}}}}, Type{Scalar::integer, {}}};
  problem.function = task;
  problem.samples = {{"1", "3", "6\n", ""}, {"2", "4\n", "8\n", ""}};
  const std::string style = R"({"types": {"integer": "int", "long": "int", "double": "float", "boolean": "bool",
      "character": "str", "string": "str", "ListNode": "ListNode", "TreeNode": "TreeNode", "void": "None"},
      "array": "list[{{element}}]", "list": "list[{{element}}]",
      "starter": "def {{name}}({{#parameters}}{{name}}: {{type}}{{/parameters}}):\n    ", "keywords": []})";
  std::vector<Language> languages(4);
  languages[0] = {71, "python", "Python", "main.py", "", "python3", style};
  languages[1] = {70, "python", "Python", "main.py", "", "python3", style};
  languages[2] = {72, "ruby", "Ruby", "main.rb", "", "ruby", style};
  languages[3] = {54, "cpp", "C++", "main.cpp", "g++", "./main", ""};
  const json view = json::parse(problem_view(problem, digest_of(""), 0, "", languages).dump());
  const json& function = view.at("function");
  CHECK(function["metadata"]["name"] == "twice");
  CHECK(function["example_test_cases"] == "3\n4\n");
  CHECK(function["can_try"] == false);
  REQUIRE(function["code_snippets"].size() == 1);
  CHECK(function["code_snippets"][0]["lang"] == "python3");
  CHECK(function["code_snippets"][0]["language_id"] == 70);
  CHECK(function["code_snippets"][0]["language"] == "Python");
  CHECK(function["code_snippets"][0]["code"] == "def twice(n: int):\n    ");
}

TEST_CASE("problem view: a card is what a list needs") {
  ProblemCard card;
  card.slug = "two-sum";
  card.title = "Two Sum";
  card.version = digest_of("");
  card.published_at = 1'712'576'571'856;
  card.scoring = true;
  card.score_max = 100;
  card.time_ms = 2'000;
  card.memory_kib = 262'144;
  card.tests = 20;
  CHECK(problem_card(card).dump() == R"({"slug":"two-sum","title":"Two Sum",)"
                                     R"("version":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",)"
                                     R"("published_at":"2024-04-08T11:42:51.856Z","scoring":true,"score_max":100.0,)"
                                     R"("limits":{"time":2.0,"memory":262144},"tests":20})");
}
