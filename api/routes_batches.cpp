#include "api/routes_batches.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "api/judge0.hpp"
#include "api/judge0_filters.hpp"

namespace pushjudge {
namespace {

namespace asio = boost::asio;
using nlohmann::ordered_json;

constexpr std::string_view kSomeNotUtf8 =
    "some attributes for one or more submissions cannot be converted to UTF-8, use base64_encoded=true query parameter";
constexpr std::int64_t kPerPage = 20;
// Submissions can be large, so few are held at once, and an answer ends somewhere.
constexpr std::size_t kReadTogether = 20;
constexpr std::size_t kAnswerBytesMax = 64 << 20;
// What is put behind an idempotency key for each submission of a batch: "/19".
constexpr std::size_t kKeySuffixMax = 5;

// As view errors are answered: everything that Judge0 has a sentence for is a 400.
Response view_error(const Error& error) {
  return error.code == Errc::invalid ? judge0_error(400, error.message) : error_response(error);
}

std::string text_of(const Attributes& parameters, std::string_view name) {
  const AttributeValue* value = parameters.find(name);
  return value == nullptr ? std::string() : value->text;
}

// A number as Ruby reads one: the digits that a text begins with, else 0.
std::int64_t number_of(const Attributes& parameters, std::string_view name, std::int64_t otherwise) {
  const std::string text = text_of(parameters, name);
  if (text.empty()) return otherwise;
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::size_t text_bytes(const ordered_json& value) {
  if (const auto* text = value.get_ptr<const std::string*>()) return text->size();
  std::size_t bytes = 0;
  if (value.is_structured()) {
    for (const ordered_json& member : value) bytes += text_bytes(member);
  }
  return bytes;
}

// As Ruby's split(","): empty parts at the end do not count.
std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    parts.emplace_back(text.substr(0, comma));
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  while (!parts.empty() && parts.back().empty()) parts.pop_back();
  return parts;
}

bool is_json(const Request& request) {
  const std::string* type = request.header("Content-Type");
  return type == nullptr || type->find("json") != std::string::npos;
}

ordered_json receipt(const Accepted& accepted) {
  return {{"token", accepted.token.text()},
          {"channel", channel_of(accepted.token)},
          {"epoch", accepted.epoch},
          {"seq", accepted.seq}};
}

}  // namespace

void BatchRoutes::add_to(Router& router) {
  router.add("POST", "/submissions/batch", [this](Request request) { return create(std::move(request)); });
  router.add("GET", "/submissions/batch", [this](Request request) { return show(std::move(request)); });
  router.add(
      "GET", "/submissions", [this](Request request) { return list(std::move(request)); }, Access::administrators);
}

asio::awaitable<Response> BatchRoutes::create(Request request) {
  const std::string* named = request.header("Idempotency-Key");
  if (named != nullptr &&
      (!valid_idempotency_key(*named) || named->size() + kKeySuffixMax > kIdempotencyKeyCharactersMax)) {
    co_return judge0_error(400, kIdempotencyKeyRule);
  }
  if (!request.body.empty() && !is_json(request)) co_return plain_error(415);
  BatchAttributes batch;
  if (!request.body.empty()) {
    auto read = batch_from_json(request.body, settings_.max_submission_batch_size);
    if (!read) co_return plain_error(400);
    batch = *std::move(read);
  }
  const std::string key = named != nullptr ? *named : std::string();
  request.body = std::string();
  batch.outer.overlay(request.query);
  if (auto refusal = refuse_batches(settings_)) co_return *std::move(refusal);
  if (auto refusal = refuse_batch_size(settings_, batch.count)) co_return *std::move(refusal);
  if (const auto wait_for = admission_.too_soon(request.caller, Steady::now(), batch.count)) {
    co_return too_many_submissions(*wait_for);
  }

  const Encoding encoding = encoding_of(batch.outer, settings_);
  ordered_json answers = ordered_json::array();
  std::vector<SubmitBatch::Entry> entries;
  std::vector<std::size_t> places;    // of each entry among the answers
  std::vector<std::string> problems;  // of each
  for (const Attributes& attributes : batch.submissions) {
    auto prepared = intake_.prepare(attributes, encoding, request.caller);
    if (const auto* error = std::get_if<Error>(&prepared)) co_return error_response(*error);
    const std::size_t place = answers.size();
    if (const auto* errors = std::get_if<AttributeErrors>(&prepared)) {
      answers.push_back(to_json(*errors));
      continue;
    }
    Submission submission = std::get<Submission>(std::move(prepared));
    if (asks_too_much(submission, request.caller)) co_return error_response(403, admission_.refuse_publishing());
    const auto checked = co_await intake_.check_trial(submission);
    if (!checked && checked.error().code == Errc::invalid) {
      answers.push_back(to_json(refused_attributes(checked.error(), *submission.problem).value()));
      continue;
    }
    // One that names no problem is refused with all that do, below.
    if (!checked && checked.error().code != Errc::not_found) co_return error_response(checked.error());
    answers.push_back(nullptr);
    places.push_back(place);
    problems.push_back(submission.problem.value_or(""));
    std::string own_key = key.empty() ? std::string() : key + "/" + std::to_string(place);
    entries.push_back({std::move(submission), std::move(own_key)});
  }
  batch = BatchAttributes();
  request.body_share.give_back();
  if (entries.empty() && core_.queue_full()) {
    const Error full{Errc::busy, std::string(kQueueIsFull)};
    co_return error_response(full);
  }
  if (entries.empty()) co_return json_response(422, answers);

  bool replayed = true;
  const auto accepted = co_await intake_.accept_batch(std::move(entries));
  for (std::size_t i = 0; i < accepted.size(); ++i) {
    const Result<Accepted>& one = accepted[i];
    if (!one && one.error().code == Errc::not_found) {
      co_return co_await refuse_problems(std::move(answers), std::move(places), std::move(problems));
    }
    // What is wrong with the core or the queue is wrong with all of them.
    if (!one && one.error().code != Errc::conflict) co_return error_response(one.error());
    answers[places[i]] = one ? receipt(*one) : ordered_json{{"error", one.error().message}};
    replayed = replayed && one && one->replayed;
  }
  Response response = json_response(201, answers);
  if (replayed) response.with("Idempotent-Replayed", "true");
  co_return response;
}

asio::awaitable<Response> BatchRoutes::refuse_problems(ordered_json answers, std::vector<std::size_t> places,
                                                       std::vector<std::string> problems) {
  std::map<std::string, bool> known;
  for (const std::string& problem : problems) {
    if (problem.empty() || known.contains(problem)) continue;
    const auto found = co_await core_.problem(problem);
    if (!found && found.error().code != Errc::not_found) co_return error_response(found.error());
    known.emplace(problem, found.has_value());
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto found = known.find(problems[i]);
    const bool missing = found != known.end() && !found->second;
    answers[places[i]] =
        missing ? to_json(unknown_problem(problems[i]))
                : ordered_json{{"error", "not taken in: another of this batch names a problem that is not there"}};
  }
  co_return json_response(422, answers);
}

asio::awaitable<Response> BatchRoutes::show(Request request) {
  const Attributes parameters = parameters_of(request);
  const std::string* header = request.header("tokens");
  const std::vector<std::string> names = split(header != nullptr ? *header : text_of(parameters, "tokens"));
  if (auto refusal = refuse_batches(settings_)) co_return *std::move(refusal);
  auto fields = fields_of(parameters);
  if (!fields) co_return judge0_error(400, fields.error().message);
  if (auto refusal = refuse_batch_size(settings_, names.size())) co_return *std::move(refusal);

  std::vector<Token> tokens;
  std::vector<std::size_t> places;  // of each token among the answers
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto token = Token::parse(names[i]);
    if (!token) continue;
    tokens.push_back(*token);
    places.push_back(i);
  }
  auto found = co_await views(std::move(tokens), *std::move(fields), encoding_of(parameters, settings_));
  if (!found) co_return view_error(found.error());
  ordered_json submissions(names.size(), ordered_json(nullptr));
  for (std::size_t i = 0; i < places.size(); ++i) submissions[places[i]] = std::move((*found)[i]);
  ordered_json answer;
  answer["submissions"] = std::move(submissions);
  Response response = json_response(200, answer);
  response.with("Cache-Control", "no-store");
  co_return response;
}

asio::awaitable<Response> BatchRoutes::list(Request request) {
  const Attributes parameters = parameters_of(request);
  auto fields = fields_of(parameters);
  if (!fields) co_return judge0_error(400, fields.error().message);
  const std::int64_t page = number_of(parameters, "page", 1);
  const std::int64_t per_page = number_of(parameters, "per_page", kPerPage);
  if (page <= 0) co_return judge0_error(400, "invalid page: " + std::to_string(page));
  if (per_page <= 0 || per_page > std::int64_t{kListMax} ||
      page > std::numeric_limits<std::int64_t>::max() / per_page) {
    co_return judge0_error(400, "invalid per_page: " + std::to_string(per_page));
  }

  const auto offset = static_cast<std::uint64_t>((page - 1) * per_page);
  auto listed = co_await core_.list(offset, static_cast<std::uint32_t>(per_page));
  if (!listed) co_return error_response(listed.error());
  auto found = co_await views(std::move(listed->tokens), *std::move(fields), encoding_of(parameters, settings_));
  if (!found) co_return view_error(found.error());
  // What was erased since the page was looked up.
  found->erase(std::remove(found->begin(), found->end(), nullptr), found->end());

  const auto total = static_cast<std::int64_t>(listed->total);
  const std::int64_t pages = (total + per_page - 1) / per_page;
  const auto page_or_null = [pages](std::int64_t number) {
    return number >= 1 && number <= pages ? ordered_json(number) : ordered_json(nullptr);
  };
  ordered_json answer;
  answer["submissions"] = *std::move(found);
  answer["meta"] = {{"current_page", page},
                    {"next_page", page_or_null(page + 1)},
                    {"prev_page", page_or_null(page - 1)},
                    {"total_pages", pages},
                    {"total_count", total}};
  Response response = json_response(200, answer);
  response.with("Cache-Control", "no-store");
  co_return response;
}

asio::awaitable<Result<ordered_json>> BatchRoutes::views(std::vector<Token> tokens, Fields fields, Encoding encoding) {
  const auto languages = core_.languages();
  ordered_json all = ordered_json::array();
  std::size_t bytes = 0;
  for (std::size_t begin = 0; begin < tokens.size(); begin += kReadTogether) {
    const std::size_t end = std::min(tokens.size(), begin + kReadTogether);
    std::vector<std::optional<Got>> group(end - begin);
    std::vector<Token> asked;
    std::vector<std::size_t> places;
    for (std::size_t i = begin; i < end; ++i) {
      if (fields.kind == Fields::Kind::standard) group[i - begin] = recent_.ended(tokens[i]);
      if (group[i - begin]) continue;
      asked.push_back(tokens[i]);
      places.push_back(i - begin);
    }
    auto answers = co_await core_.get_all(std::move(asked));
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (answers[i]) {
        group[places[i]] = *std::move(answers[i]);
      } else if (answers[i].error().code != Errc::not_found) {
        co_return answers[i].error();
      }
    }
    for (const auto& got : group) {
      if (!got) {
        all.push_back(nullptr);
        continue;
      }
      const Language* language = languages ? find_language(*languages, got->submission.language_id) : nullptr;
      auto shown = view_of(*got, fields, language, encoding);
      if (!shown) co_return Error{Errc::invalid, std::string(kSomeNotUtf8)};
      bytes += text_bytes(*shown);
      if (bytes > kAnswerBytesMax) {
        co_return Error{Errc::too_large, "the answer would be too large: ask for fewer submissions or fields at once"};
      }
      all.push_back(*std::move(shown));
    }
  }
  co_return all;
}

}  // namespace pushjudge
