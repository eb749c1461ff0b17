#include "tests/e2e/followers.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace pushjudge::testing {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

// So long a client waits at most before it comes back: a thousand that came at once would be a second blow.
constexpr int kPauseMaxMs = 250;
constexpr int kPollMs = 10;
constexpr int kEventsMax = 256;

}  // namespace

Followers::Followers(std::vector<std::uint16_t> gateways, unsigned seed)
    : gateways_(std::move(gateways)), random_(seed), epoll_(::epoll_create1(EPOLL_CLOEXEC)), buffer_(kReceiveBytes) {
  if (!epoll_) throw std::system_error(errno, std::generic_category(), "epoll_create1");
}

void Followers::add(const json& accepted, std::size_t gateway) {
  followers_.push_back({.channel = accepted.at("channel"), .epoch = accepted.at("epoch")});
  places_.emplace_back().gateway = gateway;
  connect(followers_.size() - 1);
}

void Followers::connect(std::size_t index) {
  Place& place = places_[index];
  place.comes_back.reset();
  place.asked = false;
  followers_[index].subscribed = false;
  try {
    place.socket.emplace(gateways_[place.gateway], "/ws");
  } catch (const std::system_error& refused) {
    if (refused.code() != std::errc::connection_refused) throw;
    leave(index);
    return;
  }
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = index;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, place.socket->fd(), &event) != 0) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
}

void Followers::leave(std::size_t index) {
  Place& place = places_[index];
  place.socket.reset();
  // Another one than before.
  std::uniform_int_distribution<std::size_t> step(1, gateways_.size() - 1);
  place.gateway = (place.gateway + step(random_)) % gateways_.size();
  std::uniform_int_distribution<int> pause(0, kPauseMaxMs);
  place.comes_back = Clock::now() + milliseconds(pause(random_));
}

void Followers::come_back() {
  const auto now = Clock::now();
  for (std::size_t i = 0; i < places_.size(); ++i) {
    if (places_[i].comes_back && *places_[i].comes_back <= now) connect(i);
  }
}

void Followers::read(std::size_t index) {
  Follower& follower = followers_[index];
  Place& place = places_[index];
  place.socket->receive(buffer_, [&](Opcode, std::string_view text) { take(follower, text); });
  if (place.socket->open() && !place.asked) {
    place.asked = true;
    const std::uint64_t seen = follower.seqs.empty() ? 0 : follower.seqs.back();
    const json subscribe = {
        {"type", "subscribe"}, {"channel", follower.channel}, {"since", {{"epoch", follower.epoch}, {"seq", seen}}}};
    place.socket->send(client_frame(Opcode::text, subscribe.dump()));
  }
  if (!place.socket->ended()) return;
  follower.endings.push_back(place.socket->close_code());
  leave(index);
}

void Followers::take(Follower& follower, std::string_view text) {
  const json message = json::parse(text);
  const std::string type = message.at("type");
  if (type == "event") {
    follower.seqs.push_back(message.at("seq"));
    if (message.at("event") == "finished") follower.finished = true;
  } else if (type == "subscribed") {
    follower.subscribed = true;
    if (message.at("recovered") != true) follower.recovered = false;
  } else if (type == "pong") {
    ++follower.pongs;
  } else {
    throw std::runtime_error("a follower was told " + std::string(text));
  }
}

bool Followers::run_until(const std::function<bool()>& done, milliseconds max) {
  const auto deadline = Clock::now() + max;
  while (!done()) {
    if (Clock::now() >= deadline) return false;
    come_back();
    std::array<epoll_event, kEventsMax> events;
    const int count = ::epoll_wait(epoll_.get(), events.data(), kEventsMax, kPollMs);
    for (int i = 0; i < count; ++i) read(events[static_cast<std::size_t>(i)].data.u64);
  }
  return true;
}

bool Followers::run_until_each(const std::function<bool(const Follower&)>& done) {
  return run_until([&] { return count(done) == followers_.size(); });
}

bool Followers::settle() {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    followers_[i].pongs = 0;
    if (places_[i].socket) places_[i].socket->send(client_frame(Opcode::text, R"({"type":"ping"})"));
  }
  return run_until_each([](const Follower& follower) { return follower.pongs == 1; });
}

std::size_t Followers::count(const std::function<bool(const Follower&)>& which) const {
  return static_cast<std::size_t>(std::count_if(followers_.begin(), followers_.end(), which));
}

}  // namespace pushjudge::testing
