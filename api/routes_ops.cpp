#include "api/routes_ops.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>

#include "api/judge0.hpp"
#include "proto/base/clock.hpp"

namespace pushjudge {
namespace {

namespace asio = boost::asio;
using nlohmann::ordered_json;

const Error kNoLanguages{Errc::unavailable, "the core has not answered yet"};

// A route whose answer never changes.
Handler constant(Response response) {
  struct Answer {
    static asio::awaitable<Response> make(Response value) { co_return value; }
  };
  return [response = std::move(response)](Request) { return Answer::make(response); };
}

std::vector<Language> by_name(std::vector<Language> languages) {
  std::sort(languages.begin(), languages.end(), [](const Language& a, const Language& b) { return a.name < b.name; });
  return languages;
}

double seconds_of(std::chrono::microseconds time) {
  return std::chrono::duration<double>(time).count();
}

ordered_json workers_of(const StatsReport& stats) {
  ordered_json list = ordered_json::array();
  for (const WorkerStats& worker : stats.workers) {
    list.push_back(
        {{"name", worker.name}, {"slots", worker.slots}, {"running", worker.running}, {"draining", worker.draining}});
  }
  return list;
}

}  // namespace

void OpsRoutes::add_to(Router& router) {
  router.add("GET", "/languages", [this](Request request) { return languages(std::move(request)); });
  router.add("GET", "/languages/all", [this](Request request) { return all_languages(std::move(request)); });
  router.add("GET", "/languages/{id}", [this](Request request) { return language(std::move(request)); });
  router.add("GET", "/workers", [this](Request request) { return workers(std::move(request)); });
  router.add("GET", "/health", [this](Request request) { return health(std::move(request)); });
  router.add("GET", "/statuses", constant(json_response(200, statuses_json())));
  router.add("GET", "/about", constant(json_response(200, about())));
  router.add("GET", "/config_info", constant(json_response(200, config_info())));
  router.add("GET", "/version", constant(text_response(200, std::string(kJudge0Version))));
}

asio::awaitable<Response> OpsRoutes::languages(Request) {
  const auto offered = core_.languages();
  if (!offered) co_return error_response(kNoLanguages);
  ordered_json list = ordered_json::array();
  for (const Language& language : by_name(*offered)) list.push_back(language_brief(language));
  co_return json_response(200, list);
}

asio::awaitable<Response> OpsRoutes::all_languages(Request) {
  const auto offered = core_.languages();
  if (!offered) co_return error_response(kNoLanguages);
  ordered_json list = ordered_json::array();
  for (const Language& language : by_name(*offered)) {
    ordered_json entry = language_brief(language);
    entry["is_archived"] = false;
    list.push_back(std::move(entry));
  }
  co_return json_response(200, list);
}

asio::awaitable<Response> OpsRoutes::language(Request request) {
  const auto offered = core_.languages();
  if (!offered) co_return error_response(kNoLanguages);
  const std::string& text = request.capture;
  std::int64_t id = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (failure != std::errc() || end != text.data() + text.size()) co_return plain_error(404);
  const Language* found = find_language(*offered, id);
  if (found == nullptr) co_return plain_error(404);
  co_return json_response(200, language_full(*found));
}

asio::awaitable<Response> OpsRoutes::workers(Request) {
  const auto stats = co_await core_.stats();
  if (!stats) co_return error_response(stats.error());
  co_return json_response(200, workers_json(*stats));
}

// ok: somebody can judge. degraded: submissions are taken in, and wait for a worker. down: nothing is taken in.
asio::awaitable<Response> OpsRoutes::health(Request) {
  const auto offered = core_.languages();
  ordered_json answer = {{"status", "down"}, {"core", "unreachable"}, {"languages", offered ? offered->size() : 0}};
  // What each has used since it started: one of many gateways, and the core.
  answer["cpu_seconds"] = {{"gateway", seconds_of(cpu_used())}, {"core", nullptr}};
  if (core_.connected()) {
    const auto stats = co_await core_.stats();
    if (stats) {
      const bool judged = std::any_of(stats->workers.begin(), stats->workers.end(),
                                      [](const WorkerStats& worker) { return !worker.draining; });
      answer["status"] = judged ? "ok" : "degraded";
      answer["core"] = "connected";
      answer["epoch"] = stats->epoch;
      answer["queued"] = stats->queued;
      answer["running"] = stats->running;
      answer["workers"] = workers_of(*stats);
      // What the core turned away since it started.
      answer["malformed_frames"] = stats->malformed_frames;
      answer["refused_frames"] = stats->refused_frames;
      answer["refused_connections"] = stats->refused_connections;
      if (stats->cpu_us > 0) answer["cpu_seconds"]["core"] = seconds_of(std::chrono::microseconds(stats->cpu_us));
    }
  }
  Response response = json_response(answer["status"] == "ok" ? 200 : 503, answer);
  response.with("Cache-Control", "no-store");
  co_return response;
}

}  // namespace pushjudge
