#pragma once

// Who is told of which submission's events. An event that nobody here waits for costs one look-up; one that many wait
// for is turned into text once. A test that is done is told beside the events: it has no seq, and is never repeated.
// Net thread.

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "api/socket.hpp"
#include "proto/event.hpp"
#include "proto/ids.hpp"
#include "proto/submission.hpp"

namespace pushjudge {

class Hub {
 public:
  // A test that is done, as a WebSocket and as an event stream takes it.
  struct ProgressMessages {
    SharedMessage socket;
    SharedMessage stream;
  };

  // Registered from construction to destruction. Its calls must neither make nor destroy subscribers: they say what to
  // send, and whoever is to end does so later, from its own coroutine.
  class Subscriber {
   public:
    Subscriber(Hub& hub, const Token& token);
    virtual ~Subscriber();
    Subscriber(const Subscriber&) = delete;
    Subscriber& operator=(const Subscriber&) = delete;

    virtual void on_event(const Event& event, const std::string& epoch, const SharedMessage& text) = 0;
    // Passing: whoever has no use or no room for it lets it go.
    virtual void on_progress(const ProgressMessages& messages) = 0;
    virtual void on_epoch(const std::string& epoch) = 0;

    const Token& token() const { return token_; }

   private:
    friend class Hub;
    Hub& hub_;
    const Token token_;
    std::size_t index_ = 0;  // in the list of its token
  };

  void publish(const Event& event, const std::string& epoch);
  void publish(const Token& token, const TestProgress& progress);
  void change_epoch(const std::string& epoch);

  // The epoch that was heard last; empty before the first.
  const std::string& epoch() const { return epoch_; }
  std::size_t size() const { return size_; }

 private:
  void add(Subscriber& subscriber);
  void remove(Subscriber& subscriber);

  std::unordered_map<Token, std::vector<Subscriber*>> by_token_;
  std::size_t size_ = 0;
  std::string epoch_;
  bool calling_ = false;
};

}  // namespace pushjudge
