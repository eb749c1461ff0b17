// The floor below every broadcast server: accepts, answers handshakes, and sends what one client sends to all of them
// by a loop of send(2), messages that came together together. No pings, no limits, no outbox: who does not read ends
// it.
//
//     bench_raw_fanout PORT_FILE

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "proto/base/unique_fd.hpp"
#include "tests/support/descriptors.hpp"

namespace {

using pushjudge::UniqueFd;

constexpr int kEventsMax = 256;
constexpr std::size_t kReadBytes = 64 << 10;
constexpr std::uint64_t kListener = ~0ULL;
constexpr std::string_view kGreeting = "Hello! Message From Server!!";
// The accept key belongs to the one key that the benchmark's clients send.
constexpr std::string_view kAnswer =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: SkLC41jdx8+HefCDTWcSFx4Qzyg=\r\n\r\n";

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

void send_all(int fd, std::string_view bytes) {
  if (::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size())) fail("send");
}

// Appends the text frames of a server that say what the client's frames say. Short payloads only, and whole frames.
void pass_on(std::string& out, std::string_view in) {
  constexpr std::size_t kHead = 6;
  while (!in.empty()) {
    const std::size_t length = in.size() < 2 ? 0 : static_cast<unsigned char>(in[1]) & 0x7fU;
    if (in.size() < kHead + length || length > 125) throw std::runtime_error("a frame that is long or in pieces");
    out.push_back(in[0]);
    out.push_back(static_cast<char>(length));
    for (std::size_t i = 0; i < length; ++i) out.push_back(static_cast<char>(in[kHead + i] ^ in[2 + i % 4]));
    in.remove_prefix(kHead + length);
  }
}

class RawServer {
 public:
  explicit RawServer(const std::string& port_file);
  [[noreturn]] void run();

 private:
  struct Client {
    UniqueFd fd;
    bool open = false;
  };

  void accept_all();
  void serve(Client& client);

  UniqueFd listener_;
  UniqueFd epoll_;
  std::vector<Client> clients_;  // those that have gone too: a benchmark's clients come once
  std::vector<char> buffer_ = std::vector<char>(kReadBytes);
  std::string frames_;
};

RawServer::RawServer(const std::string& port_file)
    : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const name = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_.get(), name, size) != 0) fail("bind");
  if (::listen(listener_.get(), SOMAXCONN) != 0) fail("listen");
  if (::getsockname(listener_.get(), name, &size) != 0) fail("getsockname");
  epoll_event event{.events = EPOLLIN, .data = {.u64 = kListener}};
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, listener_.get(), &event) != 0) fail("epoll_ctl");
  std::ofstream(port_file + ".new") << ntohs(address.sin_port) << '\n';
  std::filesystem::rename(port_file + ".new", port_file);
}

void RawServer::run() {
  std::array<epoll_event, kEventsMax> events;
  for (;;) {
    const int count = ::epoll_wait(epoll_.get(), events.data(), kEventsMax, -1);
    for (int i = 0; i < count; ++i) {
      const std::uint64_t subject = events[static_cast<std::size_t>(i)].data.u64;
      if (subject == kListener) {
        accept_all();
      } else {
        serve(clients_[subject]);
      }
    }
  }
}

void RawServer::accept_all() {
  for (;;) {
    UniqueFd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!fd && errno == EAGAIN) return;
    if (!fd) fail("accept4");
    const int on = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    epoll_event event{.events = EPOLLIN, .data = {.u64 = clients_.size()}};
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd.get(), &event) != 0) fail("epoll_ctl");
    clients_.push_back({std::move(fd), false});
  }
}

void RawServer::serve(Client& client) {
  const ssize_t got = ::recv(client.fd.get(), buffer_.data(), buffer_.size(), 0);
  if (got <= 0) {
    client.fd.reset();
    client.open = false;
    return;
  }
  if (!client.open) {
    frames_ = kAnswer;
    frames_ += {static_cast<char>(0x81), static_cast<char>(kGreeting.size())};
    frames_ += kGreeting;
    send_all(client.fd.get(), frames_);
    client.open = true;
    return;
  }
  frames_.clear();
  pass_on(frames_, {buffer_.data(), static_cast<std::size_t>(got)});
  for (const Client& each : clients_) {
    if (each.open) send_all(each.fd.get(), frames_);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s PORT_FILE\n", argv[0]);
    return 2;
  }
  try {
    pushjudge::testing::raise_descriptor_limit();
    RawServer(argv[1]).run();
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s: %s\n", argv[0], e.what());
    return 1;
  }
}
