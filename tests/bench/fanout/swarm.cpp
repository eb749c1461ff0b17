#include "tests/bench/fanout/swarm.hpp"

#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace pushjudge::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{120};
// Well below the least backlog of the servers.
constexpr std::size_t kConnectingMax = 128;
// How long nothing may come before the swarm sleeps instead of asking on.
constexpr std::chrono::milliseconds kPolling{2};
constexpr int kEventsMax = 256;

class Deadline {
 public:
  // Asking the clock is cheap, but not for nothing.
  void check(const char* what) const {
    if (Clock::now() > end_) throw std::runtime_error(std::string("not in time: ") + what);
  }

 private:
  Clock::time_point end_ = Clock::now() + kPatience;
};

}  // namespace

Burst::Burst(std::string text, std::size_t count) : payload(std::move(text)), messages(count) {
  for (std::size_t i = 0; i < count; ++i) frames += testing::client_frame(testing::Opcode::text, payload);
}

Swarm::Swarm(std::uint16_t port, std::string path)
    : port_(port), path_(std::move(path)), epoll_(::epoll_create1(EPOLL_CLOEXEC)), buffer_(testing::kReceiveBytes) {
  if (!epoll_) throw std::system_error(errno, std::generic_category(), "epoll_create1");
}

void Swarm::connect() {
  Client& client = clients_.emplace_back(testing::WireSocket(port_, path_));
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = clients_.size() - 1;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, client.socket.fd(), &event) != 0) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
}

template <class OnMessage>
void Swarm::poll(int patience_ms, OnMessage on_message) {
  std::array<epoll_event, kEventsMax> events;
  const int count = ::epoll_wait(epoll_.get(), events.data(), kEventsMax, patience_ms);
  for (int i = 0; i < count; ++i) {
    Client& client = clients_[events[static_cast<std::size_t>(i)].data.u64];
    client.socket.receive(buffer_, [&](testing::Opcode, std::string_view payload) { on_message(client, payload); });
    if (client.socket.ended()) throw std::runtime_error("the server has closed a connection");
  }
}

void Swarm::grow(std::size_t clients) {
  std::size_t greeted = clients_.size();
  const auto take_greeting = [&greeted](Client& client, std::string_view) {
    if (client.greeted) throw std::runtime_error("a message that nobody sent");
    client.greeted = true;
    ++greeted;
  };
  const Deadline deadline;
  while (greeted < clients) {
    while (clients_.size() < clients && clients_.size() - greeted < kConnectingMax) connect();
    poll(1, take_greeting);
    deadline.check("greetings");
  }
  for (Client& client : clients_) client.messages = 0;
  sent_ = 0;
}

void Swarm::broadcast(const Burst& burst, Histogram& latencies) {
  const std::uint64_t wanted = clients_.size() * burst.messages;
  std::uint64_t got = 0;
  sent_ += burst.messages;
  clients_[0].socket.send(burst.frames);
  const auto sent = Clock::now();
  const auto take = [&](Client& client, std::string_view payload) {
    if (payload != burst.payload) throw std::runtime_error("a message that nobody sent");
    ++client.messages;
    ++got;
    latencies.add(static_cast<std::uint64_t>((Clock::now() - sent).count()));
  };
  const Deadline deadline;
  auto last_message = sent;
  auto last_poll = sent;
  while (got < wanted) {
    const int patience_ms = last_poll - last_message > kPolling ? 1 : 0;
    const auto before = got;
    poll(patience_ms, take);
    const auto now = Clock::now();
    if (got != before) {
      busy_ += now - last_poll;
      last_message = now;
    } else if (patience_ms > 0) {
      deadline.check("deliveries");
    }
    last_poll = now;
  }
}

void Swarm::check_shares() const {
  for (const Client& client : clients_) {
    if (client.messages != sent_) throw std::runtime_error("a client did not get each message once");
  }
}

}  // namespace pushjudge::bench
