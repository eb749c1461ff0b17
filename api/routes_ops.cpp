#include "api/routes_ops.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>

#include "api/docs_page.hpp"
#include "api/judge0.hpp"
#include "api/license.hpp"
#include "api/openapi.hpp"
#include "api/system_info.hpp"
#include "proto/base/clock.hpp"

namespace pushjudge {
namespace {

namespace asio = boost::asio;
using nlohmann::ordered_json;

// As long as Judge0.
constexpr std::chrono::milliseconds kStatisticsKept{10 * 60 * 1'000};

const Error kNoLanguages{Errc::unavailable, "the core has not answered yet"};

// A route whose answer never changes.
Handler constant(Response response) {
  struct Answer {
    static asio::awaitable<Response> make(Response value) { co_return value; }
  };
  return [response = std::move(response)](Request) { return Answer::make(response); };
}

Response redirect(const std::string& target) {
  Response response;
  response.status = 302;
  response.with("Location", target);
  return response;
}

Response docs() {
  Response response = text_response(200, docs_page(kOpenApi), "text/html; charset=utf-8");
  response.with("Content-Security-Policy", std::string(kDocsPolicy));
  response.with("X-Content-Type-Options", "nosniff");
  return response;
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

struct OpsRoutes::Counted {
  ordered_json answer;
  TimePoint until;
};

void OpsRoutes::add_to(Router& router) {
  router.add("GET", "/languages", [this](Request request) { return languages(std::move(request)); });
  router.add("GET", "/languages/all", [this](Request request) { return all_languages(std::move(request)); });
  router.add("GET", "/languages/{id}", [this](Request request) { return language(std::move(request)); });
  router.add("GET", "/workers", [this](Request request) { return workers(std::move(request)); });
  router.add("GET", "/health", [this](Request request) { return health(std::move(request)); });
  router.add("GET", "/statuses", constant(json_response(200, statuses_json())));
  router.add("GET", "/about", constant(json_response(200, about())));
  router.add("GET", "/config_info", [this](Request request) { return config_info(std::move(request)); });
  router.add("GET", "/statistics", [this](Request request) { return statistics(std::move(request)); });
  router.add("GET", "/system_info", [this](Request request) { return system_info(std::move(request)); });
  router.add("GET", "/version", constant(text_response(200, std::string(kJudge0Version))));
  router.add("GET", "/license", constant(text_response(200, std::string(kLicense))));
  router.add("GET", "/isolate", constant(text_response(200, "pushjudge-sandbox " PJ_VERSION)));
  // The router has seen to it that whoever gets here may.
  router.add("POST", "/authenticate", constant(Response()));
  router.add("POST", "/authorize", constant(Response()), Access::administrators);
  // What there is to know about the API is no secret of those who may use it.
  router.add("GET", "/openapi.json",
             constant(text_response(200, std::string(kOpenApi), "application/json; charset=utf-8")), Access::everybody);
  router.add("GET", "/docs", constant(docs()), Access::everybody);
  // Where Judge0 has its pages: what they were for is done by ours.
  router.add("GET", "/dummy-client.html", constant(redirect("/")), Access::everybody);
  router.add("GET", "/docs.html", constant(redirect("/docs")), Access::everybody);
  if (settings_.use_docs_as_homepage) router.add("GET", "/", constant(redirect("/docs")), Access::everybody);
}

asio::awaitable<Response> OpsRoutes::languages(Request) {
  const auto offered = core_.languages();
  if (!offered) co_return error_response(kNoLanguages);
  ordered_json list = ordered_json::array();
  for (const Language& language : listed(*offered)) list.push_back(language_brief(language));
  co_return json_response(200, list);
}

asio::awaitable<Response> OpsRoutes::all_languages(Request) {
  const auto offered = core_.languages();
  if (!offered) co_return error_response(kNoLanguages);
  std::vector<ordered_json> all;
  for (const Language& language : *offered) {
    all.push_back(language_brief(language));
    all.back()["is_archived"] = false;
  }
  for (const ArchivedLanguage& language : archived_languages()) {
    all.push_back(language_brief(language));
    all.back()["is_archived"] = true;
  }
  std::sort(all.begin(), all.end(), [](const ordered_json& a, const ordered_json& b) { return a["name"] < b["name"]; });
  co_return json_response(200, all);
}

asio::awaitable<Response> OpsRoutes::language(Request request) {
  const auto offered = core_.languages();
  if (!offered) co_return error_response(kNoLanguages);
  const std::string& text = request.capture;
  std::int64_t id = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (failure != std::errc() || end != text.data() + text.size()) co_return plain_error(404);
  if (const Language* found = find_language(*offered, id)) co_return json_response(200, language_full(*found));
  const auto archived = archived_languages();
  const auto found = std::find_if(archived.begin(), archived.end(),
                                  [id](const ArchivedLanguage& language) { return language.id == id; });
  if (found == archived.end()) co_return plain_error(404);
  co_return json_response(200, language_full(*found));
}

asio::awaitable<Response> OpsRoutes::workers(Request) {
  const auto stats = co_await core_.stats();
  if (!stats) co_return error_response(stats.error());
  co_return json_response(200, workers_json(*stats));
}

asio::awaitable<Response> OpsRoutes::config_info(Request) {
  // Clients ask for this before anything else, so a core that is away holds nobody up.
  if (core_.connected()) {
    const auto stats = co_await core_.stats();
    if (stats && stats->queue_max > 0) queue_max_ = stats->queue_max;
  }
  co_return json_response(200, pushjudge::config_info(settings_, queue_max_));
}

asio::awaitable<Response> OpsRoutes::statistics(Request request) {
  const bool anew = request.query.is_true("invalidate_cache");
  if (anew || counted_ == nullptr || Steady::now() >= counted_->until) {
    const auto found = co_await core_.statistics();
    if (!found) co_return error_response(found.error());
    const auto languages = core_.languages();
    const UnixMillis now = wall_now();
    Counted counted{
        statistics_json(*found, languages ? std::span<const Language>(*languages) : std::span<const Language>(), now,
                        now + kStatisticsKept.count()),
        Steady::now() + kStatisticsKept};
    counted_ = std::make_shared<const Counted>(std::move(counted));
  }
  co_return json_response(200, counted_->answer);
}

asio::awaitable<Response> OpsRoutes::system_info(Request) {
  co_return json_response(200, pushjudge::system_info());
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
