#include "api/routes_problems.hpp"

#include <nlohmann/json.hpp>

#include "api/problem_view.hpp"
#include "proto/base/log.hpp"
#include "proto/problem.hpp"

namespace pushjudge {
namespace {

namespace asio = boost::asio;
using nlohmann::ordered_json;

// What cannot be taken is wrong in what it says, and not in how it is sent.
Response problem_refusal(const Error& error) {
  return error.code == Errc::invalid ? error_response(422, error.message) : error_response(error);
}

Response files_are_missing(const ProblemAdded& added) {
  ordered_json missing = ordered_json::array();
  for (const Digest& digest : added.missing) missing.push_back(to_hex(digest));
  return json_response(
      409, {{"status", 409}, {"error", "send these files first, each to /blobs/{sha256}"}, {"missing", missing}});
}

}  // namespace

void ProblemRoutes::add_to(Router& router) {
  router.add("GET", "/problems", [this](Request request) { return list(std::move(request)); });
  router.add(
      "POST", "/problems", [this](Request request) { return add(std::move(request)); }, Access::publishers);
  router.add("GET", "/problems/{slug}", [this](Request request) { return show(std::move(request)); });
  router.add(
      "DELETE", "/problems/{slug}", [this](Request request) { return remove(std::move(request)); }, Access::publishers);
  router.add(
      "PUT", "/blobs/{sha256}", [this](Request request) { return store(std::move(request)); }, Access::publishers);
}

asio::awaitable<Response> ProblemRoutes::list(Request) {
  const auto problems = co_await core_.problems();
  if (!problems) co_return error_response(problems.error());
  ordered_json cards = ordered_json::array();
  for (const ProblemCard& card : problems->problems) cards.push_back(problem_card(card));
  Response response = json_response(200, cards);
  response.with("Cache-Control", "no-store");
  co_return response;
}

// A version by its own name may be a draft, or what was taken back: that is not for everybody.
asio::awaitable<Response> ProblemRoutes::show(Request request) {
  const auto reference = parse_problem_reference(request.capture);
  if (!reference) co_return plain_error(404);
  if (reference->version && !request.caller.may_publish) {
    co_return error_response(403, admission_.refuse_publishing());
  }
  const auto got = co_await core_.problem(request.capture);
  if (!got) co_return error_response(got.error());
  const auto problem = decode_problem(got->manifest);
  if (!problem) {
    log::error("manifest_unreadable", {{"problem", request.capture}, {"reason", problem.error().message}});
    co_return plain_error(500);
  }
  const std::string* language = request.query.find("language");
  const auto offered = core_.languages();
  const auto languages = offered ? std::span<const Language>(*offered) : std::span<const Language>();
  const std::string_view wanted = language == nullptr ? std::string_view() : *language;
  Response response = json_response(200, problem_view(*problem, got->version, got->published_at, wanted, languages));
  response.with("Cache-Control", "no-store");
  co_return response;
}

asio::awaitable<Response> ProblemRoutes::store(Request request) {
  const auto digest = parse_digest(request.capture);
  if (!digest) co_return error_response(422, "the name of a file is its SHA-256, 64 hexadecimal digits");
  if (request.body.size() > kBlobBytesMax) co_return error_response(413, "a file of a problem has at most 32 MiB");
  if (digest_of(request.body) != *digest) co_return error_response(422, "the file has another SHA-256 than its name");
  const auto stored = co_await core_.store_blob(std::move(request.body));
  if (!stored) co_return problem_refusal(stored.error());
  Response response;
  response.status = 204;
  co_return response;
}

asio::awaitable<Response> ProblemRoutes::add(Request request) {
  if (request.body.size() > kManifestBytesMax) co_return error_response(413, "a manifest has at most 4 MiB");
  const std::string* asked = request.query.find("publish");
  const bool publish = asked == nullptr || (*asked != "false" && *asked != "0");
  const auto added = co_await core_.add_problem(std::move(request.body), publish);
  if (!added) co_return problem_refusal(added.error());
  if (!added->missing.empty()) co_return files_are_missing(*added);
  const std::string version = to_hex(added->version);
  log::info("problem_added", {{"problem", added->slug}, {"version", version}, {"published", publish}});
  co_return json_response(
      201, {{"slug", added->slug}, {"version", version}, {"published", publish}, {"missing", ordered_json::array()}});
}

asio::awaitable<Response> ProblemRoutes::remove(Request request) {
  if (!is_slug(request.capture)) co_return plain_error(404);
  const auto removed = co_await core_.remove_problem(request.capture);
  if (!removed) co_return error_response(removed.error());
  log::info("problem_removed", {{"problem", request.capture}});
  Response response;
  response.status = 204;
  co_return response;
}

}  // namespace pushjudge
