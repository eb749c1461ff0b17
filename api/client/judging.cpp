#include "api/client/judging.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "api/client/patience.hpp"
#include "proto/codec.hpp"

namespace pushjudge::client {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr int kLostMax = 20;  // in a row, without a message in between
constexpr milliseconds kLostPause{250};
constexpr milliseconds kSilenceMax{600'000};
constexpr const char* kShownFields =
    "token,state,verdict,message,compile_output,exit_code,time,score,score_max,tests,groups";

class Judging {
 public:
  Judging(const Url& url, std::size_t at_once, const JobFlow& flow)
      : url_(url), client_(url), at_once_(at_once), flow_(flow) {}

  Result<void> run() {
    while (true) {
      if (const auto fed = feed(); !fed) return fed.error();
      if (waiting_.empty()) return {};
      if (const auto heard = hear(); !heard) return heard.error();
    }
  }

 private:
  struct Waiting {
    std::size_t job = 0;
    std::string token;
    std::string epoch;
  };

  Result<void> feed() {
    while (waiting_.size() < at_once_) {
      const auto next = flow_.next();
      if (!next) return {};
      const std::size_t job = given_++;
      const auto accepted = patiently([&] { return client_.submit(next->attributes); });
      const bool refuses =
          !accepted && accepted.error().code != Errc::unavailable && accepted.error().code != Errc::busy;
      if (refuses) {
        flow_.ended(job, json{{"verdict", "refused"}, {"message", accepted.error().message}});
        continue;
      }
      if (!accepted) return accepted.error();
      const std::string channel = accepted->value("channel", "");
      waiting_[channel] = {job, accepted->value("token", ""), accepted->value("epoch", "")};
      // A socket that was lost is opened anew for all, by whoever listens.
      if (stream_ && !stream_->subscribe(channel, waiting_[channel].epoch, 0)) stream_.reset();
    }
    return {};
  }

  Result<void> connect() {
    for (int lost = 0;; ++lost) {
      auto stream = Stream::connect(url_);
      if (stream) {
        stream_ = std::move(*stream);
        break;
      }
      if (lost >= kLostMax || stream.error().code == Errc::invalid) return stream.error();
      std::this_thread::sleep_for(kLostPause);
    }
    for (const auto& [channel, waiting] : waiting_) {
      if (!stream_->subscribe(channel, waiting.epoch, 0)) break;
    }
    return {};
  }

  // Listens until one of those that are waited for has ended, or the socket has.
  Result<void> hear() {
    if (!stream_) {
      if (++lost_ > kLostMax) return Error{Errc::unavailable, "the connection was lost too often"};
      if (const auto connected = connect(); !connected) return connected.error();
    }
    while (true) {
      const auto message = stream_->next_json(kSilenceMax);
      if (!message) {
        if (!stream_->ended()) return Error{Errc::unavailable, "the gateway says nothing of what it judges"};
        stream_.reset();
        return {};
      }
      lost_ = 0;
      const auto submission = message->find("submission");
      if (submission == message->end() || submission->value("state", "") != "finished") continue;
      const auto found = waiting_.find(message->value("channel", ""));
      if (found == waiting_.end()) continue;
      return fetch(found);
    }
  }

  Result<void> fetch(std::map<std::string, Waiting>::iterator found) {
    auto shown = patiently([&] { return client_.get(found->second.token, kShownFields, true); });
    if (!shown) return shown.error();
    for (const char* text : {"message", "compile_output"}) {
      auto& value = (*shown)[text];
      if (value.is_string()) value = base64_decode(value.get<std::string>());
    }
    const std::size_t job = found->second.job;
    if (!stream_->send({{"type", "unsubscribe"}, {"channel", found->first}})) stream_.reset();
    waiting_.erase(found);
    flow_.ended(job, *std::move(shown));
    return {};
  }

  const Url& url_;
  Client client_;
  const std::size_t at_once_;
  const JobFlow& flow_;
  std::map<std::string, Waiting> waiting_;  // by channel
  std::optional<Stream> stream_;
  std::size_t given_ = 0;
  int lost_ = -1;  // the first connection is none that was lost
};

}  // namespace

Result<void> judge_stream(const Url& url, std::size_t at_once, const JobFlow& flow) {
  return Judging(url, at_once, flow).run();
}

Result<std::vector<json>> judge_all(const Url& url, const std::vector<JudgedJob>& jobs,
                                    const std::function<void(std::size_t done, const std::string& title)>& told) {
  std::vector<json> results(jobs.size());
  std::size_t given = 0;
  std::size_t done = 0;
  const JobFlow flow = {.next = [&]() -> std::optional<JudgedJob> {
                          if (given == jobs.size()) return std::nullopt;
                          return jobs[given++];
                        },
                        .ended =
                            [&](std::size_t job, json result) {
                              results[job] = std::move(result);
                              told(++done, jobs[job].title);
                            }};
  const auto judged = judge_stream(url, kJudgedAtOnce, flow);
  if (!judged) return judged.error();
  return results;
}

}  // namespace pushjudge::client
