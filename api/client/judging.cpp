#include "api/client/judging.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

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
  Judging(const Url& url, const std::vector<JudgedJob>& jobs,
          const std::function<void(std::size_t, const std::string&)>& told)
      : url_(url), client_(url), jobs_(jobs), told_(told), results_(jobs.size()) {}

  Result<std::vector<json>> run() {
    while (done_ < jobs_.size()) {
      if (const auto fed = feed(); !fed) return fed.error();
      if (waiting_.empty()) continue;
      if (const auto heard = hear(); !heard) return heard.error();
    }
    return std::move(results_);
  }

 private:
  struct Waiting {
    std::size_t job = 0;
    std::string token;
    std::string epoch;
  };

  Result<void> feed() {
    while (waiting_.size() < kJudgedAtOnce && next_ < jobs_.size()) {
      const std::size_t job = next_++;
      const auto accepted = client_.submit(jobs_[job].attributes);
      if (!accepted && accepted.error().code == Errc::unavailable) return accepted.error();
      if (!accepted) {
        finish(job, json{{"verdict", "refused"}, {"message", accepted.error().message}});
        continue;
      }
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
    auto shown = client_.get(found->second.token, kShownFields, true);
    if (!shown) return shown.error();
    for (const char* text : {"message", "compile_output"}) {
      auto& value = (*shown)[text];
      if (value.is_string()) value = base64_decode(value.get<std::string>());
    }
    const std::size_t job = found->second.job;
    if (!stream_->send({{"type", "unsubscribe"}, {"channel", found->first}})) stream_.reset();
    waiting_.erase(found);
    finish(job, *std::move(shown));
    return {};
  }

  void finish(std::size_t job, json result) {
    results_[job] = std::move(result);
    told_(++done_, jobs_[job].title);
  }

  const Url& url_;
  Client client_;
  const std::vector<JudgedJob>& jobs_;
  const std::function<void(std::size_t, const std::string&)>& told_;
  std::vector<json> results_;
  std::map<std::string, Waiting> waiting_;  // by channel
  std::optional<Stream> stream_;
  std::size_t next_ = 0;
  std::size_t done_ = 0;
  int lost_ = -1;  // the first connection is none that was lost
};

}  // namespace

Result<std::vector<json>> judge_all(const Url& url, const std::vector<JudgedJob>& jobs,
                                    const std::function<void(std::size_t done, const std::string& title)>& told) {
  return Judging(url, jobs, told).run();
}

}  // namespace pushjudge::client
