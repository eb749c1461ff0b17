#include "api/client/ways.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "api/client/command.hpp"

namespace pushjudge::client {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using std::chrono::system_clock;
using Deadline = steady_clock::time_point;

constexpr std::array<Way, 7> kWays = {{{"websocket", Means::websocket},
                                       {"server-sent events", Means::server_events},
                                       {"long poll", Means::long_poll},
                                       {"poll every 100 ms", Means::poll, 100ms},
                                       {"poll every 500 ms", Means::poll, 500ms},
                                       {"poll every 1000 ms", Means::poll, 1000ms},
                                       {"check every 1000 ms", Means::leetcode_check, 1000ms}}};

constexpr int kConnectionsMax = 5;  // for one submission
constexpr milliseconds kConnectionPause{100};
const Error kNotInTime{Errc::unavailable, "the result did not come in time"};
const Error kLostTooOften{Errc::unavailable, "the connection was lost too often"};

milliseconds left_until(Deadline deadline) {
  return std::max(milliseconds(0), std::chrono::duration_cast<milliseconds>(deadline - steady_clock::now()));
}

// What one submission's events tell, over whatever they come.
class Ending {
 public:
  explicit Ending(const json& accepted) : epoch_(accepted.value("epoch", "")) {}

  const std::string& epoch() const { return epoch_; }
  std::uint64_t seq() const { return seq_; }

  // Takes a message of the push protocol; true when it says that the submission has ended.
  bool take(const json& message) {
    const std::string type = message.value("type", "");
    if (type == "subscribed") epoch_ = message.value("epoch", "");
    if (type == "subscribed" && message.value("recovered", false)) return false;
    if (type != "subscribed" && type != "event") return false;
    seq_ = std::max(seq_, message.value("seq", std::uint64_t{0}));
    if (message.value("event", "") == "queued") known_.queued_at = event_time_ms(message);
    const auto submission = message.find("submission");
    return submission != message.end() && submission->value("state", "") == "finished";
  }

  Known known_at(system_clock::time_point at) {
    known_.at = at;
    return known_;
  }

 private:
  std::string epoch_;
  std::uint64_t seq_ = 0;
  Known known_;
};

class SocketWatcher final : public Watcher {
 public:
  explicit SocketWatcher(Url url) : url_(std::move(url)) {}

  Result<Known> watch(const json& accepted, Deadline deadline) override {
    Ending ending(accepted);
    const std::string channel = accepted.value("channel", "");
    for (int attempt = 0; attempt < kConnectionsMax; ++attempt) {
      if (attempt > 0) std::this_thread::sleep_for(kConnectionPause);
      if (const auto ready = ensure(); !ready) return ready.error();
      if (!stream_->subscribe(channel, ending.epoch(), ending.seq())) {
        drop();
        continue;
      }
      while (const auto message = stream_->next_json(left_until(deadline))) {
        const auto now = system_clock::now();
        if (message->value("channel", "") != channel) continue;
        if (message->value("type", "") == "error") return Error{Errc::invalid, message->value("error", "refused")};
        if (ending.take(*message)) return leave(channel, ending.known_at(now));
      }
      if (!stream_->ended()) return kNotInTime;
      drop();
    }
    return kLostTooOften;
  }

  std::uint64_t requests() const override { return requests_; }
  Traffic traffic() const override {
    Traffic all = of_the_past_;
    if (stream_) all += stream_->traffic();
    return all;
  }

 private:
  Result<void> ensure() {
    if (stream_) return {};
    ++requests_;
    auto stream = Stream::connect(url_);
    if (!stream) return stream.error();
    stream_.emplace(*std::move(stream));
    return {};
  }

  void drop() {
    of_the_past_ += stream_->traffic();
    stream_.reset();
  }

  // A socket holds so many channels and no more, so what has ended is left.
  Result<Known> leave(const std::string& channel, Known known) {
    if (!stream_->send({{"type", "unsubscribe"}, {"channel", channel}})) drop();
    return known;
  }

  Url url_;
  std::optional<Stream> stream_;
  std::uint64_t requests_ = 0;
  Traffic of_the_past_;
};

class ServerEventsWatcher final : public Watcher {
 public:
  explicit ServerEventsWatcher(Url url) : url_(std::move(url)) {}

  Result<Known> watch(const json& accepted, Deadline deadline) override {
    Ending ending(accepted);
    std::string last_id = accepted.value("epoch", "") + ":0";
    for (int attempt = 0; attempt < kConnectionsMax; ++attempt) {
      if (attempt > 0) std::this_thread::sleep_for(kConnectionPause);
      ++requests_;
      auto stream = EventStream::connect(url_, "/submissions/" + accepted.value("token", "") + "/events", last_id);
      if (!stream) return stream.error();
      while (const auto event = stream->next(left_until(deadline))) {
        const auto now = system_clock::now();
        last_id = event->id;
        const json message = json::parse(event->data, nullptr, false);
        if (!message.is_object() || !ending.take(message)) continue;
        traffic_ += stream->traffic();
        return ending.known_at(now);
      }
      traffic_ += stream->traffic();
      if (!stream->ended()) return kNotInTime;
    }
    return kLostTooOften;
  }

  std::uint64_t requests() const override { return requests_; }
  Traffic traffic() const override { return traffic_; }

 private:
  Url url_;
  std::uint64_t requests_ = 0;
  Traffic traffic_;
};

// GET, at once and every so often, or, where the gateway is to wait, as soon as it has answered.
class GetWatcher final : public Watcher {
 public:
  GetWatcher(Url url, Means means, milliseconds interval)
      : client_(std::move(url)), interval_(interval), means_(means) {}

  Result<Known> watch(const json& accepted, Deadline deadline) override {
    const std::string target = target_of(accepted.value("token", ""));
    for (auto next = steady_clock::now(); next < deadline; next += interval_) {
      std::this_thread::sleep_until(next);
      ++requests_;
      const auto reply = client_.request("GET", target);
      const auto now = system_clock::now();
      if (!reply) return reply.error();
      if (reply->status != 200) {
        return Error{reply->status == 404 ? Errc::not_found : Errc::unavailable,
                     "GET " + target + ": status " + std::to_string(reply->status)};
      }
      const json submission = json::parse(reply->body, nullptr, false);
      if (!submission.is_object()) return Error{Errc::unavailable, "the gateway's answer is no JSON"};
      if (ended(submission)) return Known{now};
    }
    return kNotInTime;
  }

  std::uint64_t requests() const override { return requests_; }
  Traffic traffic() const override { return client_.traffic(); }

 private:
  std::string target_of(const std::string& token) const {
    if (means_ == Means::leetcode_check) return "/submissions/detail/" + token + "/check/";
    return "/submissions/" + token + (means_ == Means::long_poll ? "?wait=true" : "");
  }

  // In LeetCode's words, or in Judge0's, which the standard fields are in: 1 is in the queue, 2 is processing.
  bool ended(const json& submission) const {
    if (means_ == Means::leetcode_check) return submission.value("state", "") == "SUCCESS";
    const auto status = submission.find("status");
    return status != submission.end() && status->is_object() && status->value("id", 0) > 2;
  }

  Client client_;
  milliseconds interval_;
  Means means_;
  std::uint64_t requests_ = 0;
};

}  // namespace

std::span<const Way> ways() {
  return kWays;
}

std::unique_ptr<Watcher> make_watcher(const Way& way, const Url& url) {
  switch (way.means) {
    case Means::websocket:
      return std::make_unique<SocketWatcher>(url);
    case Means::server_events:
      return std::make_unique<ServerEventsWatcher>(url);
    case Means::long_poll:
    case Means::poll:
    case Means::leetcode_check:
      break;
  }
  return std::make_unique<GetWatcher>(url, way.means, way.interval);
}

}  // namespace pushjudge::client
