#include "tests/chaos/submitter.hpp"

#include <nlohmann/json.hpp>
#include <thread>

namespace pushjudge::chaos {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

// Less than a gateway waits for its core: a client that is gone when the answer comes is a part of the test.
constexpr milliseconds kPatience{4'000};
// Submissions that nobody has seen the end of; beyond it clients wait, so that the load stays steady while the judges
// are away.
constexpr std::size_t kOutstandingMax = 150;

}  // namespace

struct Submitter::Job {
  std::string key;
  json attributes;
  std::string stdout_text;
};

Submitter::Submitter(SubmitterOptions options, Ledger& ledger, Dice dice)
    : options_(std::move(options)),
      ledger_(ledger),
      dice_(dice),
      client_(options_.gateways[dice_.index(options_.gateways.size())], kPatience) {}
Submitter::~Submitter() = default;

void Submitter::run(const std::stop_token& enough, const std::stop_token& give_up) {
  while (!enough.stop_requested()) {
    pause(0, 150);
    if (ledger_.outstanding() >= kOutstandingMax) continue;
    const Job job = next_job();
    if (!submit(job, give_up)) return;
    const std::string token = last_token_;
    if (dice_.percent(10) && !submit(job, give_up)) return;
    if (dice_.percent(8)) {
      pause(0, 600);
      cancel(token, give_up);
    }
  }
}

// Cheap to judge, and long enough at times for a fault to strike while it runs.
Submitter::Job Submitter::next_job() {
  ++ledger_.submissions;
  Job job;
  job.key = options_.name + "/" + std::to_string(++last_job_);
  const int kind = dice_.between(1, 100);
  if (kind <= 40) {
    job.attributes = {{"language", "text"}, {"source_code", job.key + "\n"}};
  } else if (kind <= 65) {
    job.attributes = {{"language", "bash"}, {"source_code", "read line; echo \"$line\""}, {"stdin", job.key + "\n"}};
  } else if (kind <= 90) {
    const std::string seconds = std::to_string(dice_.between(1, 12) * 100 / 1000.0);
    job.attributes = {{"language", "bash"}, {"source_code", "sleep " + seconds + "; echo " + job.key}};
  } else {
    // More than one read of a socket holds.
    job.attributes = {{"language", "bash"}, {"source_code", "printf '%040000d\\n' 7; echo " + job.key}};
    job.stdout_text = std::string(39'999, '0') + "7\n";
  }
  job.stdout_text += job.key + "\n";
  return job;
}

bool Submitter::submit(const Job& job, const std::stop_token& give_up) {
  for (bool first = true; !give_up.stop_requested(); first = false) {
    if (!first) {
      ++ledger_.retries;
      change_gateway();
      pause(20, 400);
    }
    switch (options_.by_socket ? send(job) : post(job)) {
      case Attempt::acknowledged:
        return true;
      case Attempt::refused:
        return false;
      case Attempt::again:
        break;
    }
  }
  ledger_.violation("key " + job.key + " was not accepted before the end; the last refusal: " + last_refusal_);
  return false;
}

Submitter::Attempt Submitter::post(const Job& job) {
  const client::Headers headers{{"Content-Type", "application/json"}, {"Idempotency-Key", job.key}};
  const auto reply = client_.request("POST", "/submissions", headers, job.attributes.dump());
  if (!reply) return Attempt::again;
  if (reply->status == 503) {
    ++ledger_.refused;
    last_refusal_ = reply->body;
    return Attempt::again;
  }
  const json answer = json::parse(reply->body, nullptr, false);
  if (reply->status != 201 || !answer.is_object()) {
    ledger_.violation("key " + job.key + " is answered " + std::to_string(reply->status) + " " + reply->body);
    return Attempt::refused;
  }
  const bool replayed = reply->header("Idempotent-Replayed") == "true";
  if (replayed) ++ledger_.replayed;
  return take(job, answer, replayed);
}

Submitter::Attempt Submitter::send(const Job& job) {
  if (!stream_ || stream_->ended()) {
    client::StreamOptions options;
    options.timeout = kPatience;
    auto stream = client::Stream::connect(options_.gateways[dice_.index(options_.gateways.size())], options);
    if (!stream) return Attempt::again;
    stream_ = *std::move(stream);
  }
  json frame = job.attributes;
  frame["type"] = "submit";
  frame["id"] = ++last_frame_;
  frame["idempotency_key"] = job.key;
  if (!stream_->send(frame)) return Attempt::again;
  const auto answer = stream_->next_json(kPatience);
  if (!answer) return Attempt::again;
  if (answer->value("id", 0) != last_frame_ || answer->contains("errors")) {
    ledger_.violation("key " + job.key + " is answered " + answer->dump());
    return Attempt::refused;
  }
  if (answer->value("type", "") == "error") {
    ++ledger_.refused;
    last_refusal_ = answer->dump();
    return Attempt::again;
  }
  // This way nothing is said of a replay.
  return take(job, *answer, true);
}

Submitter::Attempt Submitter::take(const Job& job, const json& answer, bool may_be_replayed) {
  last_token_ = answer.value("token", "");
  if (last_token_.empty() || answer.value("channel", "") != "submission:" + last_token_) {
    ledger_.violation("key " + job.key + " is answered " + answer.dump());
    return Attempt::refused;
  }
  const bool first = ledger_.acknowledged({job.key, job.stdout_text, last_token_, answer.value("epoch", "")});
  if (!first && !may_be_replayed) ledger_.violation("key " + job.key + " was accepted before, and is so as if new");
  return Attempt::acknowledged;
}

void Submitter::cancel(const std::string& token, const std::stop_token& give_up) {
  while (!give_up.stop_requested()) {
    const auto reply = client_.request("POST", "/submissions/" + token + "/cancel");
    if (reply && reply->status == 200) return ledger_.cancel_answered(token, CancelAnswer::cancelled);
    if (reply && reply->status == 409) return ledger_.cancel_answered(token, CancelAnswer::finished);
    if (reply && reply->status != 503) {
      return ledger_.violation("cancelling " + token + " is answered " + std::to_string(reply->status) + " " +
                               reply->body);
    }
    change_gateway();
    pause(20, 400);
  }
}

void Submitter::change_gateway() {
  stream_.reset();
  client_ = client::Client(options_.gateways[dice_.index(options_.gateways.size())], kPatience);
}

// Between two things that a client does; nothing is waited for here.
void Submitter::pause(int least_ms, int most_ms) {
  std::this_thread::sleep_for(milliseconds(dice_.between(least_ms, most_ms)));
}

}  // namespace pushjudge::chaos
