#pragma once

// Sends callbacks over HTTP: many at a time, in a thread of its own, because names are looked up and certificates
// verified on the way and neither may hold up the gateway. What answers is a stranger: each try ends with the timeout
// at the latest, what is read of a response is bounded, and each connection is asked of the guard by the address that
// it goes to. No proxy is used, whatever the environment says, and nothing is sent along but what the caller gives.
//
// Owned by one thread, the one that runs the executor given to the constructor: call and destroy it there, and there
// each send() is answered.

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/callback_guard.hpp"
#include "api/callback_retry.hpp"

namespace pushjudge {

struct CallbackSenderOptions {
  CallbackGuard guard;
  std::chrono::milliseconds timeout{5'000};  // of a try as a whole
  bool follow_redirects = false;             // a few, each of which the guard is asked about
  std::string ca_file;                       // the certificates to trust; empty: those that the system trusts
};

struct CallbackRequest {
  std::string url;
  std::vector<std::string> headers;  // each "name: value"
  std::string body;                  // of a PUT, in JSON
};

class CallbackSender {
 public:
  using OnAnswer = std::function<void(CallbackAnswer)>;

  // Throws std::runtime_error when libcurl does not start.
  CallbackSender(boost::asio::any_io_executor owner, CallbackSenderOptions options);
  // Ends what is under way; it is not answered.
  ~CallbackSender();
  CallbackSender(const CallbackSender&) = delete;
  CallbackSender& operator=(const CallbackSender&) = delete;

  // `on_answer` is called once, later. How many are sent at a time is for the caller to bound.
  void send(CallbackRequest request, OnAnswer on_answer);
  // Ends what is under way; each is answered as aborted.
  void abort();

 private:
  class Thread;
  std::unique_ptr<Thread> thread_;
};

}  // namespace pushjudge
