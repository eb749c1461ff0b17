// pushjudge: submits programs to a gateway and watches them being judged.

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "api/client/client.hpp"
#include "api/client/command.hpp"
#include "api/client/compare.hpp"
#include "api/client/console.hpp"
#include "api/client/problem_import.hpp"
#include "api/client/problems.hpp"
#include "proto/codec.hpp"

namespace pushjudge::client {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int kReconnectsMax = 20;  // in a row, without a message in between
constexpr milliseconds kReconnectPause{250};
constexpr milliseconds kHealthPause{100};
constexpr milliseconds kMessageWait{600'000};

// What is shown of a submission whose texts may have come as base64, because they are no UTF-8.
json readable(json submission) {
  if (!submission.value("base64_encoded", false)) return submission;
  for (const char* key : {"stdout", "stderr", "compile_output", "message"}) {
    if (submission.contains(key) && submission[key].is_string()) {
      submission[key] = base64_decode(submission[key].get<std::string>());
    }
  }
  if (!submission.contains("tests")) return submission;
  for (json& test : submission["tests"]) {
    for (const char* key : {"input", "expected", "output", "stdout"}) {
      if (test.contains(key) && test[key].is_string()) test[key] = base64_decode(test[key].get<std::string>());
    }
  }
  return submission;
}

// Follows one submission over the WebSocket until it is finished, across lost connections.
class Follower {
 public:
  Follower(const Url& url, std::string channel, std::string epoch, bool as_json)
      : url_(url), channel_(std::move(channel)), epoch_(std::move(epoch)), json_(as_json) {}

  int run() {
    for (int failures = 0; failures < kReconnectsMax; ++failures) {
      if (failures > 0) std::this_thread::sleep_for(kReconnectPause);
      auto stream = Stream::connect(url_);
      if (!stream) {
        if (stream.error().code == Errc::invalid || failures + 1 == kReconnectsMax) return fail(stream.error());
        continue;
      }
      if (!stream->subscribe(channel_, epoch_, seq_)) continue;
      while (auto message = stream->next_json(kMessageWait)) {
        failures = 0;
        if (const auto exit_code = on_message(*message)) return *exit_code;
      }
    }
    return fail({Errc::unavailable, "the connection was lost too often"});
  }

 private:
  std::optional<int> on_message(const json& message) {
    if (json_) print(message.dump() + "\n");
    const std::string type = message.value("type", "");
    if (type == "error") return fail({Errc::invalid, message.value("error", "the gateway refuses")});
    if (type == "subscribed") {
      epoch_ = message.value("epoch", "");
      if (message.value("recovered", false)) return std::nullopt;
      seq_ = message.value("seq", seq_);
      return finish_if_finished(message);
    }
    if (type == "progress" && !json_) print(progress_line(message) + "\n");
    if (type != "event" || message.value("seq", std::uint64_t{0}) <= seq_) return std::nullopt;
    seq_ = message.value("seq", seq_);
    if (!json_) {
      const std::int64_t at = event_time_ms(message).value_or(0);
      if (!first_at_) first_at_ = at;
      print(timeline_line(message, at - *first_at_) + "\n");
    }
    return finish_if_finished(message);
  }

  std::optional<int> finish_if_finished(const json& message) {
    const auto submission = message.find("submission");
    if (submission == message.end() || submission->value("state", "") != "finished") return std::nullopt;
    if (!json_) print(outcome_text(readable(*submission)));
    return client::exit_code_of(*submission);
  }

  Url url_;
  std::string channel_;
  std::string epoch_;
  std::uint64_t seq_ = 0;
  bool json_;
  std::optional<std::int64_t> first_at_;  // of the first event that was seen
};

Result<json> attributes_to_submit(Client& client, const SubmitCommand& command) {
  auto source = read_file(command.file);
  if (!source) return source.error();
  const auto languages = client.languages();
  if (!languages) return languages.error();
  const auto language = choose_language(*languages, command.language, command.file);
  if (!language) return language.error();
  // base64, since JSON cannot carry bytes that are no UTF-8.
  json attributes = {
      {"base64_encoded", "true"}, {"language_id", language->id}, {"source_code", base64_encode(*source)}};
  if (!command.stdin_file.empty()) {
    const auto text = read_file(command.stdin_file);
    if (!text) return text.error();
    attributes["stdin"] = base64_encode(*text);
  }
  if (!command.test_cases_file.empty()) {
    const auto text = read_file(command.test_cases_file);
    if (!text) return text.error();
    attributes["stdin"] = base64_encode(*text);
  }
  if (!command.expected_file.empty()) {
    const auto text = read_file(command.expected_file);
    if (!text) return text.error();
    attributes["expected_output"] = base64_encode(*text);
  }
  if (!command.compiler_options.empty()) attributes["compiler_options"] = command.compiler_options;
  if (!command.arguments.empty()) attributes["command_line_arguments"] = command.arguments;
  if (command.cpu_seconds) attributes["cpu_time_limit"] = *command.cpu_seconds;
  if (command.wall_seconds) attributes["wall_time_limit"] = *command.wall_seconds;
  if (command.memory_kib) attributes["memory_limit"] = *command.memory_kib;
  if (!command.problem.empty()) attributes["problem"] = command.problem;
  if (command.all_tests) attributes["all_tests"] = true;
  if (!command.user.empty()) attributes["user"] = command.user;
  if (!command.job_class.empty()) attributes["class"] = command.job_class;
  return attributes;
}

int run(const Url& url, const SubmitCommand& command) {
  Client client(url);
  const auto attributes = attributes_to_submit(client, command);
  if (!attributes) return fail(attributes.error());
  const auto accepted = client.submit(*attributes);
  if (!accepted) return fail(accepted.error());
  if (!command.wait) {
    print(command.json ? accepted->dump() + "\n" : accepted->value("token", "") + "\n");
    return kExitAccepted;
  }
  if (!command.json) print(accepted->value("token", "") + "\n");
  return Follower(url, accepted->value("channel", ""), accepted->value("epoch", ""), command.json).run();
}

int run(const Url& url, const WatchCommand& command) {
  return Follower(url, "submission:" + command.token, "", command.json).run();
}

int run(const Url& url, const GetCommand& command) {
  const auto found = Client(url).get(command.token, command.fields);
  if (!found) return fail(found.error());
  print(found->dump(2) + "\n");
  return 0;
}

int run(const Url& url, const CancelCommand& command) {
  const auto done = Client(url).cancel(command.token);
  return done ? 0 : fail(done.error());
}

int run(const Url& url, const LanguagesCommand& command) {
  const auto languages = Client(url).languages();
  if (!languages) return fail(languages.error());
  json list = json::array();
  std::set<std::string> printed;  // one language may be on offer under several ids
  for (const Language& language : *languages) {
    list.push_back({{"id", language.id}, {"language", language.slug}, {"name", language.name}});
    if (!command.json && printed.insert(language.slug).second) {
      std::printf("%-12s %s\n", language.slug.c_str(), language.name.c_str());
    }
  }
  if (command.json) print(list.dump(2) + "\n");
  return 0;
}

int run(const Url& url, const ImportCommand& command) {
  return run_import(url, command);
}

bool healthy(Client& client, std::uint64_t workers, std::string& said) {
  const auto reply = client.request("GET", "/health");
  if (!reply) {
    said = reply.error().message;
    return false;
  }
  said = reply->body;
  const json health = json::parse(reply->body, nullptr, false);
  if (reply->status != 200 || !health.is_object()) return false;
  const auto there = health.find("workers");
  if (there == health.end() || !there->is_array() || there->size() < workers) return false;
  const auto languages = client.languages();
  return languages && !languages->empty();
}

int run(const Url& url, const HealthCommand& command) {
  Client client(url);
  const auto until = steady_clock::now() + std::chrono::duration<double>(command.wait_seconds);
  std::string said;
  bool well = healthy(client, command.workers, said);
  while (!well && steady_clock::now() < until) {
    std::this_thread::sleep_for(kHealthPause);
    well = healthy(client, command.workers, said);
  }
  print(said + "\n");
  return well ? 0 : kExitUnreachable;
}

int run(const Url&, const PrintCommand& command) {
  std::fputs(command.output.c_str(), command.exit_code == 0 ? stdout : stderr);
  return command.exit_code;
}

}  // namespace
}  // namespace pushjudge::client

int main(int argc, char** argv) {
  using namespace pushjudge::client;
  const CommandLine line = read_command_line(argc, argv);
  if (const auto* command = std::get_if<PrintCommand>(&line.command)) return run({}, *command);
  auto url = parse_url(line.url);
  if (!url) return fail(url.error());
  url->auth_token = line.auth_token;
  url->authz_token = line.authz_token;
  return std::visit([&url](const auto& command) { return run(*url, command); }, line.command);
}
