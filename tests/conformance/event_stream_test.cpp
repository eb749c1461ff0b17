// A submission's events without a WebSocket: Server-Sent Events, and GETs that wait.

#include <doctest/doctest.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/conformance/site.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;
using nlohmann::json;

namespace {

using Names = std::vector<std::string>;

struct SentEvent {
  std::string id;
  std::string name;
  json data;
};

std::string request(const std::string& target, const std::string& more = "", const char* version = "1.1") {
  return "GET " + target + " HTTP/" + version + "\r\nHost: x\r\n" + more + "\r\n";
}

std::string path_of(const json& accepted) {
  return "/submissions/" + accepted["token"].get<std::string>();
}

std::string id_of(const json& accepted, int seq) {
  return accepted["epoch"].get<std::string>() + ":" + std::to_string(seq);
}

std::string get(const Site& site, const std::string& target, const std::string& more = "",
                const char* version = "1.1") {
  const RawConnection connection(site.url());
  REQUIRE(connection.send(request(target, more, version)));
  return connection.read_until_closed();
}

std::string body_of(const std::string& answer) {
  return answer.substr(answer.find("\r\n\r\n") + 4);
}

// The text in the chunks of an answer. Fails the test where the last one, of no length, is missing.
std::string unchunked(const std::string& answer) {
  std::string all;
  std::string rest = body_of(answer);
  for (;;) {
    const std::size_t size = std::stoul(rest, nullptr, 16);
    const std::size_t begin = rest.find("\r\n") + 2;
    REQUIRE(rest.size() >= begin + size + 2);
    all += rest.substr(begin, size);
    rest = rest.substr(begin + size + 2);
    if (size == 0) return all;
  }
}

std::vector<SentEvent> events_in(const std::string& text) {
  std::vector<SentEvent> events;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find("\n\n", at);
    REQUIRE(end != std::string::npos);
    const std::string block = text.substr(at, end - at) + "\n";
    at = end + 2;
    const auto field = [&block](const std::string& name) {
      const std::size_t begin = block.find(name + ": ");
      if (begin == std::string::npos) return std::string();
      const std::size_t value = begin + name.size() + 2;
      return block.substr(value, block.find('\n', value) - value);
    };
    if (!field("event").empty()) events.push_back({field("id"), field("event"), json::parse(field("data"))});
  }
  return events;
}

std::vector<SentEvent> events(const std::string& answer) {
  return events_in(unchunked(answer));
}

Names names(const std::vector<SentEvent>& events) {
  Names all;
  for (const SentEvent& event : events) all.push_back(event.name);
  return all;
}

}  // namespace

TEST_CASE("events: a reader hears all of a submission's events, as over the WebSocket, and then the end") {
  const Site site;
  ScriptedWorker worker(site.queue());
  site.wait_for_language();
  const json accepted = site.submit();
  auto socket = site.stream();
  REQUIRE(socket.subscribe(accepted["channel"].get<std::string>(), accepted["epoch"].get<std::string>(), 0));
  const RawConnection reader(site.url());
  REQUIRE(reader.send(request(path_of(accepted) + "/events?last_event_id=" + id_of(accepted, 0))));
  std::string answer = reader.read_until("event: started");
  REQUIRE(worker.finish_next("done"));
  answer += reader.read_until_closed();

  CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
  for (const char* line :
       {"Content-Type: text/event-stream\r\n", "Cache-Control: no-store\r\n", "X-Accel-Buffering: no\r\n",
        "Transfer-Encoding: chunked\r\n", "Connection: close\r\n", "Access-Control-Allow-Origin: *\r\n"}) {
    CHECK(answer.find(line) < answer.find("\r\n\r\n"));
  }
  CHECK(answer.find("Content-Length") == std::string::npos);
  const auto heard = events(answer);
  CHECK(names(heard) == Names{"queued", "started", "finished"});
  for (int i = 0; i < 3; ++i) {
    json same = *socket.next_json(kPatience);
    if (same["type"] == "subscribed") same = *socket.next_json(kPatience);
    const SentEvent& event = heard.at(static_cast<std::size_t>(i));
    CHECK(event.id == id_of(accepted, i + 1));
    CHECK(event.data == same);
  }
}

TEST_CASE("events: without an id the snapshot comes first; with one, what followed; after the end, 204") {
  const Site site;
  ScriptedWorker worker(site.queue());
  site.wait_for_language();
  const json accepted = site.submit();
  const std::string path = path_of(accepted) + "/events";
  const RawConnection reader(site.url());
  REQUIRE(reader.send(request(path)));
  std::string answer = reader.read_until("event: snapshot");
  REQUIRE(worker.finish_next("done"));
  answer += reader.read_until_closed();
  const auto live = events(answer);
  CHECK(live.front().data["type"] == "subscribed");
  CHECK(live.front().data["recovered"] == true);
  CHECK(live.front().id == id_of(accepted, live.front().data["seq"].get<int>()));
  CHECK(live.back().name == "finished");
  CHECK(live.back().data["submission"]["stdout"] == "done");

  CHECK(names(events(get(site, path))) == Names{"snapshot"});
  CHECK(names(events(get(site, path, "Last-Event-ID: 0\r\n"))) == Names{"queued", "started", "finished"});
  // The header is newer than the address.
  const std::string first_time = path + "?last_event_id=" + id_of(accepted, 0);
  CHECK(names(events(get(site, first_time, "Last-Event-ID: " + id_of(accepted, 1) + "\r\n"))) ==
        Names{"started", "finished"});
  const std::string after_the_end =
      get(site, path, "Last-Event-ID: " + id_of(accepted, 3) + "\r\nConnection: close\r\n");
  CHECK(after_the_end.starts_with("HTTP/1.1 204 No Content\r\n"));
  for (const std::string& unknown : {std::string("elsewhere:2"), id_of(accepted, 9)}) {
    const auto again = events(get(site, path, "Last-Event-ID: " + unknown + "\r\n"));
    CHECK(names(again) == Names{"snapshot"});
    CHECK(again.front().data["recovered"] == false);
    CHECK(again.front().data["submission"]["stdout"] == "done");
  }
  // For HTTP/1.0 the end of the connection is the end.
  const std::string old = get(site, path, "Last-Event-ID: 0\r\n", "1.0");
  CHECK(old.find("Transfer-Encoding") == std::string::npos);
  CHECK(names(events_in(body_of(old))) == Names{"queued", "started", "finished"});
}

TEST_CASE("events: who asks for what is not there, or may not, is told so as everywhere") {
  const Site site({"--auth-token", "secret"});
  const std::string unknown = "/submissions/018bcfe5-6800-4000-8000-0123456789ab/events";
  const std::string close = "Connection: close\r\n";
  CHECK(get(site, unknown, close).starts_with("HTTP/1.1 401 "));
  CHECK(get(site, unknown + "?X-Auth-Token=secret", close).starts_with("HTTP/1.1 404 "));
  CHECK(get(site, "/submissions/no-token/events?X-Auth-Token=secret", close).starts_with("HTTP/1.1 404 "));
  CHECK(get(site, unknown + "?X-Auth-Token=secret&last_event_id=nonsense", close).starts_with("HTTP/1.1 400 "));
  const auto wrong = site.client().request("POST", unknown, {{"X-Auth-Token", "secret"}});
  REQUIRE(wrong);
  CHECK(wrong->status == 405);
}

TEST_CASE("events: many readers of one submission hear each event once, in order") {
  const Site site;
  ScriptedWorker worker(site.queue());
  site.wait_for_language();
  const json accepted = site.submit();
  std::vector<std::unique_ptr<RawConnection>> readers;
  for (int i = 0; i < 50; ++i) {
    readers.push_back(std::make_unique<RawConnection>(site.url()));
    REQUIRE(readers.back()->send(request(path_of(accepted) + "/events", "Last-Event-ID: 0\r\n")));
  }
  REQUIRE(worker.finish_next("done"));
  for (const auto& reader : readers) {
    CHECK(names(events(reader->read_until_closed())) == Names{"queued", "started", "finished"});
  }
}

TEST_CASE("events: a stream outlives a core that comes back, and ends when it comes back with another database") {
  Site site({"--sse-ping-ms", "20"});
  json accepted;
  {
    ScriptedWorker worker(site.queue());
    site.wait_for_language();
    accepted = site.submit();
    const RawConnection reader(site.url());
    REQUIRE(reader.send(request(path_of(accepted) + "/events")));
    std::string answer = reader.read_until("event: snapshot");
    answer += reader.read_until("3\r\n:\n\n\r\n");
    site.restart_core(false);
    REQUIRE(worker.finish_next("done"));
    answer += reader.read_until_closed();
    CHECK(events(answer).back().name == "finished");
    accepted = site.submit();
  }
  const RawConnection reader(site.url());
  REQUIRE(reader.send(request(path_of(accepted) + "/events")));
  reader.read_until("event: snapshot");
  site.restart_core(true);
  reader.read_until_closed();
  CHECK(get(site, path_of(accepted) + "/events", "Connection: close\r\n").starts_with("HTTP/1.1 404 "));
}

TEST_CASE("events: a gateway that stops ends its streams, and says when to come back") {
  Site site;
  const ScriptedWorker worker(site.queue());
  site.wait_for_language();
  const json accepted = site.submit();
  std::string answer;
  {
    const RawConnection reader(site.url());
    REQUIRE(reader.send(request(path_of(accepted) + "/events?last_event_id=0")));
    answer = reader.read_until("event: started");
    site.gateway().signal(SIGTERM);
    answer += reader.read_until_closed();
  }
  const std::string text = unchunked(answer);
  const std::size_t hint = text.rfind("retry: ");
  CHECK(hint > text.find("event: started"));
  CHECK(text.find("\n\n", hint) == text.size() - 2);
  CHECK(site.gateway().wait(std::chrono::seconds(10)) == 0);
}

TEST_CASE("long-poll: a GET waits for the end, or for whatever follows what its sender has seen") {
  const Site site({"--wait-max-ms", "15000"});
  ScriptedWorker worker(site.queue());
  site.wait_for_language();
  const json accepted = site.submit();
  const std::string path = path_of(accepted);
  auto client = site.client();
  const auto state = [&client](const std::string& target) {
    const auto reply = client.request("GET", target);
    REQUIRE(reply);
    REQUIRE(reply->status == 200);
    CHECK(reply->header("Cache-Control") == "no-store");
    return json::parse(reply->body);
  };
  // Two ways to say it; `started` follows `queued` whenever the worker takes it.
  CHECK(state(path + "?after=" + id_of(accepted, 1))["seq"] == 2);
  CHECK(state(path + "?wait=true&epoch=" + accepted["epoch"].get<std::string>() + "&seq=1")["seq"] == 2);
  // What is not as the asker thinks is told at once.
  CHECK(state(path + "?wait=true&after=elsewhere:9")["seq"] == 2);
  CHECK(state(path + "?wait=false&after=" + id_of(accepted, 2))["seq"] == 2);

  const RawConnection for_end(site.url());
  const RawConnection for_more(site.url());
  const std::string close = "Connection: close\r\n";
  REQUIRE(for_end.send(request(path + "?wait=true&fields=stdout,status", close)));
  REQUIRE(for_more.send(request(path + "?after=" + id_of(accepted, 2), close)));
  // An answer to a later request of another connection: the gateway has both.
  CHECK(state(path)["seq"] == 2);
  REQUIRE(worker.finish_next("done"));
  CHECK(json::parse(body_of(for_end.read_until_closed()))["stdout"] == "done");
  const json more = json::parse(body_of(for_more.read_until_closed()));
  CHECK(more["seq"] == 3);
  CHECK(more["stdout"] == "done");
  // Nothing more will come: no wait.
  CHECK(state(path + "?after=" + id_of(accepted, 3))["seq"] == 3);
  for (const char* bad : {"?after=x", "?wait=true&epoch=e", "?epoch=e&seq=x", "?seq=1"}) {
    CAPTURE(bad);
    const auto reply = client.request("GET", path + bad);
    REQUIRE(reply);
    CHECK(reply->status == 400);
  }
}

TEST_CASE("long-poll: one that takes too long is answered with what there is") {
  const Site site({"--wait-max-ms", "200"});
  const ScriptedWorker worker(site.queue());
  site.wait_for_language();
  const json accepted = site.submit();
  const auto late = site.client().request("GET", path_of(accepted) + "?wait=true");
  REQUIRE(late);
  CHECK(late->status == 200);
  CHECK(json::parse(late->body)["status"]["id"].get<int>() <= 2);
}

TEST_CASE("polling: what has ended is told from memory, also while there is no core") {
  Site site({"--core-timeout-ms", "300"});
  std::string path;
  json known;
  {
    ScriptedWorker worker(site.queue());
    site.wait_for_language();
    const json accepted = site.submit();
    path = path_of(accepted);
    REQUIRE(worker.finish_next("done"));
    const auto ended = site.client().request("GET", path + "?wait=true");
    REQUIRE(ended);
    known = json::parse(ended->body);
    const auto asked = site.client().request("GET", path + "?fields=*");
    REQUIRE(asked);
    // The core's own answer, where both have the field.
    const json whole = json::parse(asked->body);
    for (const auto& [name, value] : known.items()) CHECK(whole.at(name) == value);
  }
  site.stop_core();
  const auto remembered = site.client().request("GET", path);
  REQUIRE(remembered);
  CHECK(remembered->status == 200);
  CHECK(json::parse(remembered->body) == known);
  const auto more = site.client().request("GET", path + "?fields=source_code");
  REQUIRE(more);
  CHECK(more->status == 503);
}
