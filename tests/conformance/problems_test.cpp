// Problems over HTTP, beside a real core: how they get there, who sees what of them, and what is pushed while one is
// judged.

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/conformance/site.hpp"
#include "tests/support/problems.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;
using nlohmann::json;

namespace {

const std::string kInput = "1 2\n";
const std::string kAnswer = "3\n";
const client::Headers kBytes = {{"Content-Type", "application/octet-stream"}};
const client::Headers kJson = {{"Content-Type", "application/json"}};

Problem sum_problem() {
  Problem problem = small_problem("two-sum", kInput, kAnswer);
  problem.statements = {{"en", "Sum", StatementFormat::markdown, "Add *two*. <script>"},
                        {"sv", "Summa", StatementFormat::markdown, "Addera."}};
  problem.samples = {{"1", "1 2\n", "3\n", ""}};
  return problem;
}

client::Reply ask(client::Client& client, std::string_view method, const std::string& target,
                  const client::Headers& headers = {}, std::string body = {}) {
  auto reply = client.request(method, target, headers, std::move(body));
  REQUIRE(reply);
  return *std::move(reply);
}

std::string blob_target(const std::string& bytes) {
  return "/blobs/" + to_hex(digest_of(bytes));
}

// Its version.
std::string publish(client::Client& client, const Problem& problem) {
  for (const std::string& bytes : {kInput, kAnswer}) {
    REQUIRE(ask(client, "PUT", blob_target(bytes), kBytes, bytes).status == 204);
  }
  const auto added = ask(client, "POST", "/problems", kBytes, encode(problem));
  REQUIRE(added.status == 201);
  return json::parse(added.body)["version"];
}

json attributes_with(json more) {
  json attributes = {{"source_code", "x"}, {"language_id", 54}};
  attributes.update(more);
  return attributes;
}

client::Reply submit(client::Client& client, json more, const client::Headers& headers = kJson) {
  return ask(client, "POST", "/submissions", headers, attributes_with(std::move(more)).dump());
}

TestProgress test_done(std::uint32_t done) {
  TestProgress progress;
  progress.done = done;
  progress.of = 2;
  progress.test.name = "secret/" + std::to_string(done);
  progress.test.verdict = Verdict::accepted;
  progress.test.message = "fine";
  return progress;
}

}  // namespace

TEST_CASE("problems: a manifest is taken once its files are there, and then all see the problem") {
  const Site site;
  auto client = site.client();
  CHECK(ask(client, "GET", "/problems").body == "[]");
  CHECK(ask(client, "GET", "/problems/two-sum").status == 404);
  const std::string manifest = encode(sum_problem());
  const std::string version = to_hex(digest_of(manifest));

  const auto refused = ask(client, "POST", "/problems", kBytes, manifest);
  CHECK(refused.status == 409);
  const json missing_files = json::parse(refused.body)["missing"];
  CHECK(missing_files.size() == 2);
  CHECK(ask(client, "GET", "/problems").body == "[]");
  for (const json& missing : missing_files) {
    const std::string& bytes = missing == to_hex(digest_of(kInput)) ? kInput : kAnswer;
    CHECK(ask(client, "PUT", "/blobs/" + missing.get<std::string>(), kBytes, bytes).status == 204);
    CHECK(ask(client, "PUT", "/blobs/" + missing.get<std::string>(), kBytes, bytes).status == 204);
  }
  const auto draft = ask(client, "POST", "/problems?publish=false", kBytes, manifest);
  CHECK(draft.status == 201);
  CHECK(json::parse(draft.body) ==
        json({{"slug", "two-sum"}, {"version", version}, {"published", false}, {"missing", json::array()}}));
  CHECK(ask(client, "GET", "/problems").body == "[]");
  CHECK(ask(client, "GET", "/problems/two-sum").status == 404);
  CHECK(json::parse(ask(client, "GET", "/problems/two-sum@" + version).body)["published_at"].is_null());

  CHECK(json::parse(ask(client, "POST", "/problems", kBytes, manifest).body)["published"] == true);
  const json cards = json::parse(ask(client, "GET", "/problems").body);
  REQUIRE(cards.size() == 1);
  CHECK(cards[0]["slug"] == "two-sum");
  CHECK(cards[0]["version"] == version);
  CHECK(cards[0]["published_at"].is_string());
  const json shown = json::parse(ask(client, "GET", "/problems/two-sum").body);
  CHECK(shown["version"] == version);
  CHECK(shown["tests"] == 1);
  CHECK(shown["samples"][0]["output"] == "3\n");
  CHECK(shown["statements"][0]["html"] == "<p>Add <em>two</em>. &lt;script&gt;</p>\n");
  const json swedish = json::parse(ask(client, "GET", "/problems/two-sum?language=sv").body);
  CHECK(swedish["statements"].size() == 1);
  CHECK(swedish["statements"][0]["title"] == "Summa");

  CHECK(ask(client, "DELETE", "/problems/two-sum").status == 204);
  CHECK(ask(client, "DELETE", "/problems/two-sum").status == 404);
  CHECK(ask(client, "DELETE", "/problems/Two%20Sum").status == 404);
  CHECK(ask(client, "GET", "/problems/two-sum").status == 404);
  CHECK(ask(client, "GET", "/problems/two-sum@" + version).status == 200);
}

TEST_CASE("problems: what is no manifest, and what is not what its name says, is refused") {
  const Site site;
  auto client = site.client();
  const std::string manifest = encode(sum_problem());
  CHECK(ask(client, "POST", "/problems", kBytes, "").status == 422);
  CHECK(ask(client, "POST", "/problems", kBytes, manifest.substr(0, manifest.size() / 2)).status == 422);
  CHECK(ask(client, "POST", "/problems", kBytes, std::string(kManifestBytesMax + 1, 'x')).status == 413);
  const auto wrong = ask(client, "PUT", blob_target("a"), kBytes, "b");
  CHECK(wrong.status == 422);
  CHECK(json::parse(wrong.body)["error"] == "the file has another SHA-256 than its name");
  CHECK(ask(client, "PUT", "/blobs/abc", kBytes, "b").status == 422);
  CHECK(ask(client, "GET", blob_target("a")).status == 405);
}

TEST_CASE("problems: the largest file is taken, and a larger one is not") {
  const Site site;
  auto client = site.client();
  std::string bytes(kBlobBytesMax, 'x');
  CHECK(ask(client, "PUT", blob_target(bytes), kBytes, bytes).status == 204);
  bytes += 'x';
  CHECK(ask(client, "PUT", blob_target(bytes), kBytes, bytes).status == 413);
}

TEST_CASE("problems: a submission names one that is there, alone and in a batch, and says nothing that it says") {
  const Site site;
  const ScriptedWorker worker(site.queue());
  site.wait_for_language();
  auto client = site.client();
  const std::string version = publish(client, sum_problem());

  const auto unknown = submit(client, {{"problem", "three-sum"}});
  CHECK(unknown.status == 422);
  CHECK(unknown.body == R"({"problem":["there is no problem three-sum"]})");
  CHECK(submit(client, {{"problem", "two-sum@" + std::string(64, '0')}}).status == 422);
  CHECK(submit(client, {{"problem", "two-sum"}, {"stdin", "1"}}).status == 422);

  const auto accepted = submit(client, {{"problem", "two-sum"}, {"all_tests", true}});
  REQUIRE(accepted.status == 201);
  const std::string target = "/submissions/" + json::parse(accepted.body)["token"].get<std::string>();
  CHECK(json::parse(ask(client, "GET", target).body)["problem"] == "two-sum");
  const json some =
      json::parse(ask(client, "GET", target + "?fields=problem,problem_version,all_tests,score,tests").body);
  CHECK(some == json({{"problem", "two-sum"},
                      {"problem_version", version},
                      {"all_tests", true},
                      {"score", nullptr},
                      {"tests", json::array()}}));

  const json good = attributes_with({{"problem", "two-sum"}});
  const json bad = attributes_with({{"problem", "three-sum"}});
  const json batch = {
      {"submissions", {good, attributes_with({{"problem", "!"}}), bad, attributes_with(json::object())}}};
  const auto none = ask(client, "POST", "/submissions/batch", kJson, batch.dump());
  CHECK(none.status == 422);
  const json answers = json::parse(none.body);
  REQUIRE(answers.size() == 4);
  CHECK(answers[0]["error"].is_string());
  CHECK(answers[1]["problem"].is_array());
  CHECK(answers[2] == json({{"problem", {"there is no problem three-sum"}}}));
  CHECK(answers[3]["error"].is_string());
  const json fine = {{"submissions", {good, attributes_with(json::object())}}};
  CHECK(ask(client, "POST", "/submissions/batch", kJson, fine.dump()).status == 201);

  auto socket = site.stream();
  json frame = bad;
  frame.update({{"type", "submit"}, {"id", 7}});
  REQUIRE(socket.send(frame));
  const auto answer = socket.next_json(kPatience);
  REQUIRE(answer);
  CHECK((*answer)["errors"] == json({{"problem", {"there is no problem three-sum"}}}));
}

TEST_CASE("problems: whoever may not publish adds nothing, sees no draft, and hears nothing that is for judges") {
  const Site site({"--authz-token", "root"});
  const ScriptedWorker worker(site.queue());
  site.wait_for_language();
  auto client = site.client();
  client::Headers bytes = kBytes;
  bytes.emplace_back("X-Auth-User", "root");
  client::Headers as_root = kJson;
  as_root.emplace_back("X-Auth-User", "root");
  const std::string manifest = encode(sum_problem());
  CHECK(ask(client, "PUT", blob_target(kInput), kBytes, kInput).status == 403);
  CHECK(ask(client, "PUT", blob_target(kInput), bytes, kInput).status == 204);
  CHECK(ask(client, "PUT", blob_target(kAnswer), bytes, kAnswer).status == 204);
  CHECK(ask(client, "POST", "/problems", kBytes, manifest).status == 403);
  CHECK(ask(client, "POST", "/problems", bytes, manifest).status == 201);
  const auto refused = ask(client, "DELETE", "/problems/two-sum");
  CHECK(refused.status == 403);
  CHECK(json::parse(refused.body)["error"] == "this wants an administrator's token, in X-Auth-User");
  CHECK(ask(client, "GET", "/problems/two-sum").status == 200);
  const std::string versioned = "/problems/two-sum@" + to_hex(digest_of(manifest));
  CHECK(ask(client, "GET", versioned).status == 403);
  CHECK(ask(client, "GET", versioned, as_root).status == 200);

  const json curious = {{"problem", "two-sum"}, {"judge_messages", true}};
  CHECK(submit(client, curious).status == 403);
  CHECK(submit(client, curious, as_root).status == 201);
  const std::string batch = json({{"submissions", {attributes_with(curious)}}}).dump();
  CHECK(ask(client, "POST", "/submissions/batch", kJson, batch).status == 403);
  CHECK(ask(client, "POST", "/submissions/batch", as_root, batch).status == 201);
  json frame = attributes_with(curious);
  frame.update({{"type", "submit"}, {"id", 1}});
  client::StreamOptions options;
  for (const bool is_root : {false, true}) {
    if (is_root) options.path = "/ws?X-Auth-User=root";
    auto socket = site.stream(options);
    REQUIRE(socket.send(frame));
    const auto answer = socket.next_json(kPatience);
    REQUIRE(answer);
    CHECK((*answer)["type"] == (is_root ? "submitted" : "error"));
  }
}

TEST_CASE("problems: without an administrator a proxy's clients may not publish, and are told what to configure") {
  const Site site;
  auto client = site.client();
  client::Headers through_proxy = kBytes;
  through_proxy.emplace_back("X-Forwarded-For", "10.0.0.7");
  const auto refused = ask(client, "PUT", blob_target(kInput), through_proxy, kInput);
  CHECK(refused.status == 403);
  CHECK(json::parse(refused.body)["error"].get<std::string>().find("--authz-token") != std::string::npos);
  client::Headers by_page = kBytes;
  by_page.emplace_back("Origin", "http://elsewhere.example");
  CHECK(ask(client, "PUT", blob_target(kInput), by_page, kInput).status == 403);
}

TEST_CASE("problems: who follows a submission hears of each test between its events, who listens to all does not") {
  const Site site({"--events-token", "ears"});
  ScriptedWorker worker(site.queue());
  site.wait_for_language();
  auto client = site.client();
  publish(client, sum_problem());
  client::Url listening = site.url();
  listening.auth_token = "ears";
  auto listener = client::Stream::connect(listening);
  REQUIRE(listener);
  REQUIRE(listener->send({{"type", "subscribe"}, {"channel", "events"}, {"cursor", "all"}, {"from", "beginning"}}));
  const json accepted = json::parse(submit(client, {{"problem", "two-sum"}}).body);
  const std::string channel = accepted["channel"];
  auto socket = site.stream();
  REQUIRE(socket.subscribe(channel, accepted["epoch"].get<std::string>(), 0));
  auto stream = client::EventStream::connect(
      site.url(), "/submissions/" + accepted["token"].get<std::string>() + "/events?last_event_id=0");
  REQUIRE(stream);

  // Both follow once they have heard of the start, which comes after their history.
  std::vector<json> heard;
  const auto hear_until = [&heard, &socket](const std::string& name) {
    for (;;) {
      auto message = socket.next_json(kPatience);
      REQUIRE(message);
      heard.push_back(*message);
      if (message->value("event", message->value("type", "")) == name) return;
    }
  };
  std::vector<client::ServerEvent> read;
  const auto read_until = [&read, &stream](const std::string& name) {
    for (;;) {
      auto event = stream->next(kPatience);
      REQUIRE(event);
      read.push_back(*event);
      if (event->name == name) return;
    }
  };
  hear_until("started");
  read_until("started");
  REQUIRE(worker.tell_test(test_done(1)));
  hear_until("progress");
  read_until("progress");
  REQUIRE(worker.tell_test(test_done(2)));
  hear_until("progress");
  read_until("progress");
  REQUIRE(worker.finish_next("done"));
  hear_until("finished");
  read_until("finished");

  std::vector<std::string> kinds;
  for (const json& message : heard) kinds.push_back(message.value("event", message.value("type", "")));
  CHECK(kinds == std::vector<std::string>{"subscribed", "queued", "started", "progress", "progress", "finished"});
  const json result = {{"name", "secret/2"},   {"sample", false}, {"verdict", "accepted"}, {"time", "0.000"},
                       {"wall_time", "0.000"}, {"memory", 0},     {"message", "fine"}};
  CHECK(heard[4] == json({{"type", "progress"}, {"channel", channel}, {"test", 2}, {"of", 2}, {"result", result}}));
  CHECK(heard[5]["seq"].get<int>() == heard[2]["seq"].get<int>() + 1);

  std::vector<std::string> names;
  for (const client::ServerEvent& event : read) names.push_back(event.name);
  CHECK(names == std::vector<std::string>{"queued", "started", "progress", "progress", "finished"});
  CHECK(json::parse(read[3].data) == heard[4]);

  // Who listens to all has heard of the end, and so of all that came before it.
  std::vector<std::string> told;
  while (told.empty() || told.back() != "finished") {
    const auto message = listener->next_json(kPatience);
    REQUIRE(message);
    told.push_back(message->value("event", message->value("type", "")));
  }
  CHECK(told == std::vector<std::string>{"subscribed", "queued", "started", "finished"});
}

namespace {

// Of the inputs that are there already.
Problem function_problem(bool with_reference) {
  Problem problem = small_problem(with_reference ? "add" : "add-unknown", "1\n2\n", kAnswer);
  FunctionTask task;
  const Type integer{Scalar::integer, {}};
  task.signature.function = {"add", {{"a", integer}, {"b", integer}}, integer};
  if (with_reference) task.reference = ReferenceSolution{"scripted", blob_of(kAnswer)};
  problem.function = task;
  return problem;
}

void publish_functions(client::Client& client) {
  publish(client, sum_problem());
  REQUIRE(ask(client, "PUT", blob_target("1\n2\n"), kBytes, "1\n2\n").status == 204);
  for (const bool with_reference : {true, false}) {
    REQUIRE(ask(client, "POST", "/problems", kBytes, encode(function_problem(with_reference))).status == 201);
  }
}

}  // namespace

TEST_CASE("problems: a trial is taken where its tests are tests of a function and it is known what is right") {
  const Site site;
  const ScriptedWorker worker(site.queue());
  site.wait_for_language();
  auto client = site.client();
  publish_functions(client);
  const std::string not_there = R"({"stdin":["can't be sent with a problem, which says it itself"]})";
  const std::string no_reference =
      R"({"stdin":["can't be tried: the problem has no reference solution that says what is right"]})";

  CHECK(submit(client, {{"problem", "add"}, {"stdin", "1\n2\n3\n4"}}).status == 201);
  CHECK(submit(client, {{"problem", "two-sum"}, {"stdin", "1"}}).body == not_there);
  CHECK(submit(client, {{"problem", "add-unknown"}, {"stdin", "1\n2"}}).body == no_reference);
  CHECK(submit(client, {{"problem", "nothing"}, {"stdin", "1\n2"}}).body ==
        R"({"problem":["there is no problem nothing"]})");
  for (const char* bad : {"1", "1\n2\n3", "1\n\"x\"", "{}", "  "}) {
    CAPTURE(bad);
    const auto refused = submit(client, {{"problem", "add"}, {"stdin", bad}});
    CHECK(refused.status == 422);
    const json reason = json::parse(refused.body)["stdin"];
    REQUIRE(reason.size() == 1);
    CHECK(reason[0].get<std::string>().starts_with("is no test of the problem: "));
  }
  std::string many;
  for (std::size_t i = 0; i <= kTrialTestsMax; ++i) many += "1\n2\n";
  CHECK(submit(client, {{"problem", "add"}, {"stdin", many}}).status == 422);

  const auto long_one = submit(client, {{"problem", "add"}, {"stdin", std::string((1 << 20) + 1, ' ')}});
  CHECK(json::parse(long_one.body)["stdin"][0].get<std::string>().starts_with("is too long"));

  // In a batch each is refused by itself.
  const json batch = {{"submissions",
                       {attributes_with({{"problem", "add"}, {"stdin", "1\n2"}}),
                        attributes_with({{"problem", "add"}, {"stdin", "1"}})}}};
  const auto taken = ask(client, "POST", "/submissions/batch", kJson, batch.dump());
  CHECK(taken.status == 201);
  const json answers = json::parse(taken.body);
  CHECK(answers[0].contains("token"));
  CHECK(answers[1].contains("stdin"));

  // And over a socket.
  auto stream = site.stream();
  json frame = attributes_with({{"type", "submit"}, {"id", "x"}, {"problem", "add"}, {"stdin", "1"}});
  REQUIRE(stream.send(frame));
  const auto refused = stream.next_json(kPatience);
  REQUIRE(refused);
  CHECK(refused->at("type") == "error");
  CHECK(refused->at("errors").contains("stdin"));
}

TEST_CASE("problems: LeetCode's requests take what they know, and refuse the rest by its names") {
  const Site site({"--auth-token", "secret"});
  ScriptedWorker worker(site.queue());
  auto url = site.url();
  url.auth_token = "secret";
  client::Client client(url);
  REQUIRE(eventually([&] {
    const auto languages = client.languages();
    return languages && !languages->empty();
  }));
  publish_functions(client);
  const json solution = {{"lang", "scripted"}, {"typed_code", "x"}, {"question_id", 1}, {"data_input", "1\n2"}};
  const auto post = [&](const std::string& target, json body, const client::Headers& headers = kJson) {
    return ask(client, "POST", target, headers, body.dump());
  };
  auto stranger = site.client();
  CHECK(ask(stranger, "POST", "/problems/add/submit/", kJson, solution.dump()).status == 401);

  client::Headers keyed = kJson;
  keyed.push_back({"Idempotency-Key", "one"});
  const auto submitted = post("/problems/add/submit/", solution, keyed);
  CHECK(submitted.status == 200);
  const std::string id = json::parse(submitted.body)["submission_id"];
  const auto again = post("/problems/add/submit", solution, keyed);
  CHECK(json::parse(again.body)["submission_id"] == id);
  CHECK(again.header("Idempotent-Replayed") == "true");
  json other = solution;
  other["typed_code"] = "y";
  CHECK(post("/problems/add/submit", other, keyed).status == 422);
  const std::string check = "/submissions/detail/" + id + "/check";
  // The worker has it, and waits for the word below.
  CHECK(eventually([&] { return ask(client, "GET", check + "/").body == R"({"state":"STARTED"})"; }));
  REQUIRE(worker.finish_next("done"));
  CHECK(eventually([&] { return json::parse(ask(client, "GET", check).body)["state"] == "SUCCESS"; }));
  CHECK(json::parse(ask(client, "GET", check).body)["lang"] == "scripted");

  const auto tried = post("/problems/add/interpret_solution/", solution);
  CHECK(tried.status == 200);
  CHECK(json::parse(tried.body)["test_case"] == "1\n2");
  CHECK(json::parse(tried.body)["interpret_id"].is_string());

  json bad = solution;
  bad["data_input"] = "1";
  CHECK(json::parse(post("/problems/add/interpret_solution", bad).body).contains("data_input"));
  CHECK(post("/problems/add/submit", json::object()).body ==
        R"({"lang":["is no language on offer"],"typed_code":["can't be blank"]})");
  CHECK(post("/problems/nothing/submit", solution).status == 404);
  CHECK(post("/problems/No%20Name/submit", solution).status == 404);
  CHECK(ask(client, "POST", "/problems/add/submit", kJson, "[").status == 400);
  CHECK(ask(client, "POST", "/problems/add/submit", {{"Content-Type", "text/plain"}}, "x").status == 415);
  CHECK(ask(client, "GET", "/submissions/detail/1/check/").status == 404);
  CHECK(ask(client, "GET", "/submissions/detail/" + Token::make(1).text() + "/check/").status == 404);
  CHECK(ask(client, "GET", "/problems/add/submit").status == 405);
}
