#pragma once

// Somebody who is called over HTTP: a real server on a free port of the loopback, that keeps what it is sent and
// answers as the test says, well or badly. One thread a connection, all ended with it. Any thread may ask what came.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "proto/base/unique_fd.hpp"

namespace pushjudge::testing {

struct ReceivedRequest {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  int connection = 0;  // 1, 2, 3, … in the order in which they came

  std::string header(std::string_view name) const;  // without regard to case; "" where there is none
};

// How an answer is given.
enum class Manner {
  whole,         // and the connection stays open for more
  hang_up,       // nothing, and the connection ends
  silence,       // nothing, and the connection stays
  endless_head,  // header lines as fast as they are taken
  slow_head,     // one, a byte at a time
  endless_body,  // the head, and a body as fast as it is taken
  slow_body,     // the head, and a body a byte at a time
};

struct GivenAnswer {
  int status = 200;
  std::vector<std::string> headers = {};  // each "Name: value"
  std::string body = {};
  Manner manner = Manner::whole;
};

// A key and the certificate that it signed for itself, for a host.
class TlsIdentity {
 public:
  explicit TlsIdentity(const std::string& host);
  ~TlsIdentity();
  TlsIdentity(const TlsIdentity&) = delete;
  TlsIdentity& operator=(const TlsIdentity&) = delete;
  std::string certificate() const;  // in PEM, for whoever is to trust it

 private:
  friend class HttpReceiver;
  struct State;
  std::unique_ptr<State> state_;
};

class HttpReceiver {
 public:
  // `number` counts all requests, from 1.
  using Script = std::function<GivenAnswer(const ReceivedRequest& request, std::size_t number)>;

  // Port 0: a free one. Throws std::runtime_error when it cannot be had. With an identity it speaks TLS only.
  explicit HttpReceiver(Script script, std::uint16_t port = 0, const TlsIdentity* identity = nullptr);
  ~HttpReceiver();
  HttpReceiver(const HttpReceiver&) = delete;
  HttpReceiver& operator=(const HttpReceiver&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url(const std::string& path, const std::string& host = "127.0.0.1") const;
  std::vector<ReceivedRequest> requests() const;
  int connections() const;
  // False: not so many requests in time.
  bool wait_for(std::size_t count, std::chrono::milliseconds max = std::chrono::seconds(30)) const;

 private:
  class Connection;
  struct Open {
    std::unique_ptr<Connection> connection;
    std::thread thread;
  };

  void accept_all();
  void serve(Connection& connection, int number);
  bool give(Connection& connection, const GivenAnswer& answer);
  // Until the other end has gone, or we stop.
  void drip(Connection& connection);
  GivenAnswer take(ReceivedRequest request);

  const Script script_;
  UniqueFd listener_;
  std::uint16_t port_ = 0;
  std::shared_ptr<void> tls_;  // OpenSSL's context; none: plain
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool stopped_ = false;
  int connections_ = 0;
  std::vector<ReceivedRequest> requests_;
  std::list<Open> open_;
  std::thread acceptor_;
};

}  // namespace pushjudge::testing
