#include "tests/bench/pipeline/load.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <deque>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include "proto/base/unique_fd.hpp"
#include "tests/bench/pipeline/noop.hpp"
#include "tests/support/loopback.hpp"

namespace pushjudge::bench {
namespace {

using testing::connect_to_loopback;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kReadBytes = 64 << 10;
constexpr std::size_t kTokenCharacters = 36;
constexpr std::chrono::seconds kPatience{30};

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

std::string post_request() {
  const std::string body = "{\"language_id\":" + std::to_string(kLanguageId) +
                           R"(,"source_code":"import sys\n\ndef main():\n    numbers = [int(word) for word in )"
                           R"(sys.stdin.read().split()]\n    print(sum(numbers))\n\nmain()\n","stdin":"1 1\n",)"
                           R"("expected_output":"2\n"})";
  return "POST /submissions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

void send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    // A few hundred bytes to a server that has answered everything before them always fit.
    if (sent < 0) fail("send");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

// Appends what there is, at least a byte; false when there is nothing now.
bool receive_some(int fd, std::string& buffer) {
  const std::size_t before = buffer.size();
  buffer.resize(before + kReadBytes);
  ssize_t got = 0;
  do {
    got = ::recv(fd, buffer.data() + before, kReadBytes, 0);
  } while (got < 0 && errno == EINTR);
  buffer.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  if (got > 0) return true;
  if (got < 0 && errno == EAGAIN) return false;
  if (got < 0) fail("recv");
  throw std::runtime_error("the server closed a connection");
}

// The first whole response in a buffer.
struct HttpResponse {
  std::string_view head;
  std::string_view body;
  std::size_t size = 0;  // of both; 0: not whole yet
};

HttpResponse first_response(std::string_view buffer) {
  const std::size_t end = buffer.find("\r\n\r\n");
  if (end == std::string_view::npos) return {};
  HttpResponse response;
  response.head = buffer.substr(0, end + 4);
  std::size_t length = 0;
  // The one header that counts, in the two spellings that are usual.
  for (const std::string_view name : {"\r\nContent-Length: ", "\r\ncontent-length: "}) {
    const std::size_t at = response.head.find(name);
    if (at == std::string_view::npos) continue;
    const std::string_view digits = response.head.substr(at + name.size());
    std::from_chars(digits.begin(), digits.end(), length);
  }
  if (buffer.size() < response.head.size() + length) return {};
  response.body = buffer.substr(response.head.size(), length);
  response.size = response.head.size() + length;
  return response;
}

std::string_view text_field(std::string_view json, std::string_view name) {
  const std::string key = "\"" + std::string(name) + "\":\"";
  const std::size_t at = json.find(key);
  if (at == std::string_view::npos) return {};
  const std::string_view value = json.substr(at + key.size());
  return value.substr(0, value.find('"'));
}

// A text frame as clients send it: masked, with a mask of zeros, which leaves the text as it is.
void append_frame(std::string& out, std::string_view text) {
  out += static_cast<char>(0x81);
  if (text.size() < 126) {
    out += static_cast<char>(0x80 | text.size());
  } else {
    out += static_cast<char>(0x80 | 126);
    out += static_cast<char>(text.size() >> 8);
    out += static_cast<char>(text.size() & 0xff);
  }
  out.append(4, '\0');
  out += text;
}

// The first whole frame in a buffer.
struct WsFrame {
  std::string_view text;
  std::size_t size = 0;  // 0: not whole yet
};

WsFrame first_frame(std::string_view buffer) {
  if (buffer.size() < 2) return {};
  std::size_t header = 2;
  std::size_t length = static_cast<unsigned char>(buffer[1]);
  const std::size_t extra = length == 126 ? 2 : length == 127 ? 8 : 0;
  if (extra > 0) {
    header += extra;
    if (buffer.size() < header) return {};
    length = 0;
    for (std::size_t i = 2; i < header; ++i) length = length << 8 | static_cast<unsigned char>(buffer[i]);
  }
  if (buffer.size() < header + length) return {};
  return {buffer.substr(header, length), header + length};
}

UniqueFd connect_websocket(std::uint16_t port) {
  UniqueFd fd = connect_to_loopback(port);
  send_all(fd.get(),
           "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  std::string buffer;
  while (buffer.find("\r\n\r\n") == std::string::npos) receive_some(fd.get(), buffer);
  if (!buffer.starts_with("HTTP/1.1 101")) throw std::runtime_error("no WebSocket: " + buffer);
  return fd;
}

class Client {
 public:
  Client(std::uint16_t port, bool with_websocket) : http_(connect_to_loopback(port)) {
    if (with_websocket) websocket_ = connect_websocket(port);
    for (const UniqueFd* fd : {&http_, &websocket_}) {
      if (*fd) ::fcntl(fd->get(), F_SETFL, O_NONBLOCK);
    }
  }

  int http() const { return http_.get(); }
  int websocket() const { return websocket_.get(); }

  void submit(std::string_view request, Clock::time_point since) {
    since_ = since;
    send_all(http(), request);
  }
  Clock::time_point since() const { return since_; }

  // Reads the answer to the POST; true when it is there.
  bool read_accepted() {
    while (receive_some(http(), http_buffer_)) {
      const HttpResponse response = first_response(http_buffer_);
      if (response.size == 0) continue;
      if (!response.head.starts_with("HTTP/1.1 201")) throw std::runtime_error("not accepted: " + http_buffer_);
      if (websocket_) subscribe(response.body);
      http_buffer_.clear();
      return true;
    }
    return false;
  }

  // Reads what was pushed; true when the submission is finished.
  bool read_pushed() {
    bool finished = false;
    while (receive_some(websocket(), pushed_)) {
      std::size_t used = 0;
      for (WsFrame frame = first_frame(pushed_); frame.size != 0;
           frame = first_frame(std::string_view(pushed_).substr(used))) {
        used += frame.size;
        if (frame.text.find("\"type\":\"error\"") != std::string_view::npos) {
          throw std::runtime_error("an error was pushed: " + std::string(frame.text));
        }
        finished = finished || (frame.text.find("\"event\":\"finished\"") != std::string_view::npos &&
                                frame.text.find(token_) != std::string_view::npos);
      }
      pushed_.erase(0, used);
    }
    return finished;
  }

 private:
  // Leaves the channel of the last submission in the same breath, as a page does that shows one at a time.
  void subscribe(std::string_view body) {
    std::string frames;
    if (!token_.empty()) {
      append_frame(frames, R"({"type":"unsubscribe","channel":"submission:)" + token_ + "\"}");
    }
    token_ = text_field(body, "token");
    if (token_.size() != kTokenCharacters) throw std::runtime_error("no token: " + std::string(body));
    append_frame(frames, R"({"type":"subscribe","channel":"submission:)" + token_ + R"(","since":{"epoch":")" +
                             std::string(text_field(body, "epoch")) + R"(","seq":1}})");
    send_all(websocket(), frames);
  }

  UniqueFd http_;
  UniqueFd websocket_;
  std::string http_buffer_;
  std::string pushed_;
  std::string token_;
  Clock::time_point since_;
};

class Run {
 public:
  Run(std::uint16_t port, const Load& load, const std::function<void()>& at_edge)
      : load_(load), at_edge_(at_edge), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (!epoll_) fail("epoll_create1");
    clients_.reserve(load.clients);
    for (unsigned i = 0; i < load.clients; ++i) {
      const Client& client = clients_.emplace_back(port, load.until == Load::Until::pushed);
      watch(client.http(), 2ULL * i);
      if (client.websocket() >= 0) watch(client.websocket(), 2ULL * i + 1);
      idle_.push_back(i);
    }
  }

  LoadResult run() {
    started_ = Clock::now();
    begin_ = started_ + load_.warm_up;
    end_ = begin_ + load_.measured;
    for (Clock::time_point now = started_; now < end_ || idle_.size() < clients_.size() || !due_.empty();
         now = Clock::now()) {
      if (now > end_ + kPatience) throw std::runtime_error("the server leaves submissions unfinished");
      pass_edges(now);
      begin_due(now);
      wait(now);
    }
    pass_edges(Clock::now());
    return std::move(result_);
  }

 private:
  void watch(int fd, std::uint64_t number) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = number;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl");
  }

  void pass_edges(Clock::time_point now) {
    if (edges_ == 0 && now >= begin_) {
      ++edges_;
      began_ = Clock::now();
      at_edge_();
    }
    if (edges_ == 1 && now >= end_) {
      ++edges_;
      result_.seconds = std::chrono::duration<double>(Clock::now() - began_).count();
      at_edge_();
    }
  }

  Clock::time_point due_at(std::uint64_t number) const {
    return started_ + std::chrono::duration_cast<Clock::duration>(
                          std::chrono::duration<double>(static_cast<double>(number) / load_.rate));
  }

  void begin_due(Clock::time_point now) {
    if (load_.rate > 0) {
      for (; due_at(scheduled_) <= now && due_at(scheduled_) < end_; ++scheduled_) due_.push_back(due_at(scheduled_));
      while (!due_.empty() && !idle_.empty()) {
        submit(due_.front());
        due_.pop_front();
      }
      return;
    }
    while (now < end_ && !idle_.empty()) submit(Clock::now());
  }

  void submit(Clock::time_point since) {
    clients_[idle_.back()].submit(request_, since);
    idle_.pop_back();
  }

  void wait(Clock::time_point now) {
    Clock::time_point until = now + std::chrono::milliseconds(100);
    if (edges_ < 2) until = std::min(until, edges_ == 0 ? begin_ : end_);
    if (load_.rate > 0 && due_at(scheduled_) < end_) until = std::min(until, due_at(scheduled_));
    const auto patience = std::max(std::chrono::nanoseconds(0), std::chrono::nanoseconds(until - Clock::now()));
    const timespec timeout{patience.count() / 1'000'000'000, patience.count() % 1'000'000'000};
    epoll_event events[256];
    const int ready = ::epoll_pwait2(epoll_.get(), events, 256, &timeout, nullptr);
    if (ready < 0 && errno != EINTR) fail("epoll_pwait2");
    for (int i = 0; i < ready; ++i) on_readable(events[i].data.u64);
  }

  void on_readable(std::uint64_t number) {
    const auto index = static_cast<unsigned>(number / 2);
    Client& client = clients_[index];
    const bool pushes = load_.until == Load::Until::pushed;
    if (number % 2 == 0) {
      if (client.read_accepted() && !pushes) done(index);
    } else if (client.read_pushed()) {
      done(index);
    }
  }

  void done(unsigned index) {
    const Clock::time_point now = Clock::now();
    const Clock::time_point since = clients_[index].since();
    const bool now_counts = now >= begin_ && now < end_;
    const bool sample_counts = load_.rate > 0 ? since >= begin_ && since < end_ : now_counts;
    if (sample_counts) result_.latencies.push_back(std::chrono::duration<double, std::micro>(now - since).count());
    if (now_counts) {
      ++result_.done;
      if (load_.until == Load::Until::pushed) {
        result_.pushed_ns.push_back(static_cast<std::uint64_t>(now.time_since_epoch().count()));
      }
    }
    idle_.push_back(index);
    if (load_.rate == 0 && now < end_) submit(now);
  }

  const Load load_;
  const std::function<void()>& at_edge_;
  const std::string request_ = post_request();
  UniqueFd epoll_;
  std::vector<Client> clients_;
  std::vector<unsigned> idle_;
  Clock::time_point started_, begin_, end_, began_;
  int edges_ = 0;
  std::uint64_t scheduled_ = 0;        // submissions that became due
  std::deque<Clock::time_point> due_;  // those that wait for a client
  LoadResult result_;
};

}  // namespace

LoadResult run_load(std::uint16_t port, const Load& load, const std::function<void()>& at_edge) {
  return Run(port, load, at_edge).run();
}

std::string get(std::uint16_t port, const std::string& path) {
  const UniqueFd fd = connect_to_loopback(port);
  send_all(fd.get(), "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  std::string buffer;
  for (;;) {
    receive_some(fd.get(), buffer);
    const HttpResponse response = first_response(buffer);
    if (response.size != 0) return std::string(response.body);
  }
}

}  // namespace pushjudge::bench
