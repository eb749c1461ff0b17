#include "tests/fault/wire_tap.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace pushjudge::testing {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  return address;
}

void make_pipe(UniqueFd& out, UniqueFd& in) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe");
  out.reset(ends[0]);
  in.reset(ends[1]);
}

}  // namespace

WireTap::WireTap(const std::string& core, const std::string& folder) : target_(core + "/events.sock") {
  std::filesystem::create_directory(folder);
  for (const char* name : {"/lobby.sock", "/uplink.sock", "/submit.sock"}) {
    std::filesystem::create_symlink(core + name, folder + name);
  }
  listening_.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!listening_) fail("socket");
  const sockaddr_un address = address_of(folder + "/events.sock");
  if (::bind(listening_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fail("bind");
  if (::listen(listening_.get(), 16) != 0) fail("listen");
  make_pipe(orders_out_, orders_in_);
  make_pipe(done_out_, done_in_);
  thread_ = std::thread([this] { loop(); });
}

WireTap::~WireTap() {
  give(Order::end);
  thread_.join();
}

void WireTap::cut() {
  give(Order::cut);
}

void WireTap::mend() {
  give(Order::mend);
}

void WireTap::give(Order order) {
  char done = 0;
  if (::write(orders_in_.get(), &order, 1) != 1 || ::read(done_out_.get(), &done, 1) != 1) std::abort();
}

void WireTap::loop() {
  for (;;) {
    std::vector<pollfd> watched = {{orders_out_.get(), POLLIN, 0}, {listening_.get(), POLLIN, 0}};
    for (const auto& [gateway, core] : pairs_) {
      watched.push_back({gateway.get(), POLLIN, 0});
      watched.push_back({core.get(), POLLIN, 0});
    }
    ::poll(watched.data(), watched.size(), -1);
    for (std::size_t i = pairs_.size(); i-- > 0;) {
      const auto& [gateway, core] = pairs_[i];
      const bool up = watched[2 + 2 * i].revents == 0 || pass(gateway.get(), core.get());
      const bool down = watched[3 + 2 * i].revents == 0 || pass(core.get(), gateway.get());
      if (!up || !down) pairs_.erase(pairs_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (watched[1].revents != 0) accept_one();
    if (watched[0].revents != 0) {
      Order order{};
      if (::read(orders_out_.get(), &order, 1) != 1) return;
      broken_ = order == Order::cut;
      if (order != Order::mend) pairs_.clear();
      connections_ = pairs_.size();
      if (::write(done_in_.get(), &order, 1) != 1 || order == Order::end) return;
    }
  }
}

void WireTap::accept_one() {
  UniqueFd gateway(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!gateway || broken_) return;
  UniqueFd core(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_un address = address_of(target_);
  if (::connect(core.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
  pairs_.emplace_back(std::move(gateway), std::move(core));
  connections_ = pairs_.size();
}

// False: one of the ends is gone.
bool WireTap::pass(int from, int to) {
  std::array<char, 64 << 10> bytes{};
  const ssize_t count = ::read(from, bytes.data(), bytes.size());
  for (ssize_t sent = 0; count > 0 && sent < count;) {
    const ssize_t more = ::send(to, bytes.data() + sent, static_cast<std::size_t>(count - sent), MSG_NOSIGNAL);
    if (more <= 0) return false;
    sent += more;
  }
  return count > 0;
}

}  // namespace pushjudge::testing
