#include "tests/chaos/follower.hpp"

#include <nlohmann/json.hpp>
#include <thread>

namespace pushjudge::chaos {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr milliseconds kTimeout{3'000};
constexpr milliseconds kPing{500};
constexpr milliseconds kSilence{3'000};
constexpr milliseconds kAskAgain{300};
// A gateway allows a socket 256.
constexpr std::size_t kSubscriptionsMax = 240;
// So many that have ended are listened to on, for an event after the last one.
constexpr std::size_t kEndedKept = 60;

std::string text_at(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

Follower::Follower(std::string name, Temper temper, std::vector<client::Url> gateways, Ledger& ledger, Dice dice)
    : name_(std::move(name)), temper_(temper), gateways_(std::move(gateways)), ledger_(ledger), dice_(dice) {}
Follower::~Follower() = default;

void Follower::run(const std::stop_token& all_accepted, const std::stop_token& give_up) {
  while (!give_up.stop_requested()) {
    // Asked before the ledger is read: what is accepted afterwards is none of ours.
    const bool last_round = all_accepted.stop_requested();
    take_accepted();
    if (last_round && unfinished_ == 0) return;
    if (!stream_ && !connect()) {
      std::this_thread::sleep_for(milliseconds(dice_.between(20, 200)));
      continue;
    }
    leave_some();
    ask();
    listen();
    // In the end all are patient.
    const bool restless = temper_ == Temper::restless && !last_round;
    if (!alive() || (restless && Steady::now() >= leave_at_)) disconnect();
  }
}

std::map<std::string, std::vector<std::string>> Follower::told() const {
  std::map<std::string, std::vector<std::string>> told;
  for (const auto& [token, channel] : channels_) told.emplace(token, channel.events);
  return told;
}

std::vector<std::string> Follower::unfinished() const {
  std::vector<std::string> tokens;
  for (const auto& [token, channel] : channels_) {
    if (!channel.ended) tokens.push_back(token);
  }
  return tokens;
}

void Follower::take_accepted() {
  for (Accepted& accepted : ledger_.accepted_from(taken_)) {
    ++taken_;
    ++unfinished_;
    const std::string token = accepted.token;
    Channel channel;
    channel.accepted = std::move(accepted);
    // Two keys with one token, which the audit reports.
    if (!channels_.emplace(token, std::move(channel)).second) {
      --unfinished_;
      continue;
    }
    to_ask_.push_back(token);
  }
}

bool Follower::connect() {
  client::StreamOptions options;
  options.timeout = kTimeout;
  auto stream = client::Stream::connect(gateways_[dice_.index(gateways_.size())], options);
  if (!stream) return false;
  stream_ = *std::move(stream);
  ++ledger_.follower_connections;
  pinged_ = ponged_ = Steady::now();
  pongs_ = 0;
  leave_at_ = pinged_ + milliseconds(dice_.between(1'000, 12'000));
  to_ask_.clear();
  for (const auto& [token, channel] : channels_) {
    if (!channel.left) to_ask_.push_back(token);
  }
  return true;
}

// Without a word, as a machine does that loses its network.
void Follower::disconnect() {
  stream_.reset();
  subscriptions_ = 0;
  for (auto& [token, channel] : channels_) {
    channel.asked = channel.subscribed = false;
    channel.ask_again.reset();
  }
}

// Makes room for what has just been accepted.
void Follower::leave_some() {
  while (to_leave_.size() > kEndedKept) {
    const std::string token = to_leave_.front();
    Channel& channel = channels_.at(token);
    to_leave_.pop_front();
    channel.left = true;
    if (!channel.asked) continue;
    if (!stream_->send(json{{"type", "unsubscribe"}, {"channel", "submission:" + token}})) return;
    channel.asked = channel.subscribed = false;
    --subscriptions_;
  }
}

void Follower::ask() {
  while (!to_ask_.empty() && subscriptions_ < kSubscriptionsMax && !stream_->ended()) {
    Channel& channel = channels_.at(to_ask_.front());
    if (channel.left || channel.asked) {
      to_ask_.pop_front();
      continue;
    }
    if (channel.ask_again && Steady::now() < *channel.ask_again) return;
    to_ask_.pop_front();
    const Accepted& accepted = channel.accepted;
    if (!stream_->subscribe("submission:" + accepted.token, accepted.epoch, channel.last())) return;
    if (channel.last() > 0) ++ledger_.resumes;
    channel.asked = true;
    ++subscriptions_;
  }
}

// A connection whose other end is gone may look open for ever, so the gateway is asked.
bool Follower::alive() {
  const TimePoint now = Steady::now();
  if (stream_->ended()) return false;
  if (stream_->pongs() != pongs_) {
    pongs_ = stream_->pongs();
    ponged_ = now;
  }
  if (now - pinged_ >= kPing) {
    pinged_ = now;
    if (!stream_->ping()) return false;
  }
  return now - ponged_ < kSilence;
}

void Follower::listen() {
  auto patience = milliseconds(20);
  while (const auto message = stream_->next_json(patience)) {
    on_message(*message);
    // What has come already is taken before anything else is done.
    patience = milliseconds(0);
  }
}

void Follower::on_message(const json& message) {
  const std::string type = text_at(message, "type");
  if (type == "unsubscribed") return;
  const std::string name = text_at(message, "channel");
  const std::string token = name.substr(std::min(name.size(), std::string_view("submission:").size()));
  const auto found = channels_.find(token);
  if (found == channels_.end()) return blame(token, "says of a channel nobody asked for: " + message.dump());
  Channel& channel = found->second;
  if (type == "event") return on_event(channel, message);
  // It was left while its history was on the way.
  if (!channel.asked) return;
  if (type == "subscribed") {
    channel.subscribed = true;
    if (!message.value("recovered", false)) blame(token, "what was missed is not recovered: " + message.dump());
    if (text_at(message, "epoch") != channel.accepted.epoch) blame(token, "another epoch: " + message.dump());
    return;
  }
  // The gateway has no answer from the core. What was acknowledged cannot be unknown.
  if (type != "error" || text_at(message, "error") == "unknown channel") blame(token, message.dump());
  channel.asked = false;
  --subscriptions_;
  channel.ask_again = Steady::now() + kAskAgain;
  to_ask_.push_back(token);
}

void Follower::on_event(Channel& channel, const json& message) {
  const std::string& token = channel.accepted.token;
  if (!channel.subscribed) return blame(token, "an event before 'subscribed': " + message.dump());
  const Seq seq = message.value("seq", Seq{0});
  if (seq <= channel.last()) return blame(token, "a duplicate: " + message.dump());
  if (seq != channel.last() + 1) {
    blame(token, "a gap after " + std::to_string(channel.last()) + ": " + message.dump());
    channel.events.resize(seq - 1, "missing");
  }
  const std::string kind = text_at(message, "event");
  channel.events.push_back(kind);
  if (channel.ended) return blame(token, "an event after the last one: " + message.dump());
  if (kind != "finished" && kind != "cancelled") return;

  channel.ended = true;
  --unfinished_;
  to_leave_.push_back(token);
  ledger_.ended(token);
  const json shown = message.value("submission", json::object());
  const std::string verdict = text_at(shown, "verdict");
  if (kind == "cancelled" ? verdict != "cancelled" : verdict != "accepted" && verdict != "internal_error") {
    blame(token, "the wrong verdict: " + message.dump());
  }
  if (verdict == "accepted" && text_at(shown, "stdout") != channel.accepted.stdout_text) {
    blame(token, "the output of another: " + message.dump());
  }
}

void Follower::blame(const std::string& token, const std::string& what) {
  ledger_.violation(name_ + ", submission " + token + ": " + what.substr(0, 2'000));
}

}  // namespace pushjudge::chaos
