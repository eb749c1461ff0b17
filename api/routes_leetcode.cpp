#include "api/routes_leetcode.hpp"

#include <nlohmann/json.hpp>

#include "proto/problem.hpp"

namespace pushjudge {

namespace asio = boost::asio;
using nlohmann::ordered_json;

void LeetCodeRoutes::add_to(Router& router) {
  router.add("POST", "/problems/{slug}/submit",
             [this](Request request) { return create(LeetCodeKind::submit, std::move(request)); });
  router.add("POST", "/problems/{slug}/interpret_solution",
             [this](Request request) { return create(LeetCodeKind::interpret, std::move(request)); });
  router.add("GET", "/submissions/detail/{id}/check", [this](Request request) { return check(std::move(request)); });
}

asio::awaitable<Response> LeetCodeRoutes::create(LeetCodeKind kind, Request request) {
  if (auto refusal = reception_.refuse(request)) co_return *std::move(refusal);
  const std::string problem = request.capture;
  if (!parse_problem_reference(problem)) co_return plain_error(404);
  const auto languages = core_.languages();
  if (!languages) co_return error_response(Error{Errc::unavailable, "the core has not answered yet"});
  auto body = attributes_from_body(request);
  if (const auto* error = std::get_if<BodyError>(&body)) co_return plain_error(error->status);
  request.body = std::string();
  Attributes sent = std::get<Attributes>(std::exchange(body, Attributes()));
  auto translated = from_leetcode(kind, problem, sent, *languages);
  if (const auto* errors = std::get_if<AttributeErrors>(&translated)) {
    co_return reception_.unless_full(json_response(422, to_json(*errors)));
  }
  auto prepared = reception_.prepare(std::get<Attributes>(translated), Encoding::plain, request.caller);
  if (auto* refusal = std::get_if<Response>(&prepared)) co_return std::move(*refusal);
  Submission submission = std::get<Submission>(std::move(prepared));
  translated = Attributes();  // the submission is another copy, which goes to the core
  request.body_share.give_back();

  std::string key = Reception::key_of(request);
  const auto accepted = co_await reception_.accept(std::move(submission), std::move(key));
  if (!accepted && accepted.error().code == Errc::not_found) co_return error_response(accepted.error());
  if (!accepted && accepted.error().code == Errc::invalid) {
    const AttributeErrors errors = {{"data_input", {accepted.error().message}}};
    co_return json_response(422, to_json(errors));
  }
  if (!accepted) co_return Reception::refusal(accepted.error(), problem);
  ordered_json answer;
  answer[kind == LeetCodeKind::submit ? "submission_id" : "interpret_id"] = accepted->token.text();
  if (const AttributeValue* input = sent.find("data_input"); kind == LeetCodeKind::interpret && input != nullptr) {
    answer["test_case"] = input->text;
  }
  Response response = json_response(200, answer);
  if (accepted->replayed) response.with("Idempotent-Replayed", "true");
  co_return response;
}

asio::awaitable<Response> LeetCodeRoutes::check(Request request) {
  const auto token = Token::parse(request.capture);
  if (!token) co_return plain_error(404);
  const auto got = co_await core_.get(*token);
  if (!got) co_return error_response(got.error());
  const auto languages = core_.languages();
  const Language* language = languages ? find_language(*languages, got->snapshot.language_id) : nullptr;
  Response response = json_response(200, leetcode_check(*got, language));
  response.with("Cache-Control", "no-store");
  co_return response;
}

}  // namespace pushjudge
