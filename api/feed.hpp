#pragma once

// The public feed: what the judge does, for anybody who is let in. At most one message an interval, made once for all
// readers, and none when nothing happened. Net thread.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <set>

#include "api/feed_tally.hpp"
#include "api/message.hpp"
#include "proto/base/clock.hpp"
#include "queue/client.hpp"

namespace pushjudge {

class Feed {
 public:
  // One message, as a WebSocket and as an event stream takes it.
  struct Shared {
    SharedMessage socket;
    SharedMessage stream;
  };

  // Reads from construction to destruction: a snapshot first, which comes soon, but not within the constructor.
  class Reader {
   public:
    explicit Reader(Feed& feed);
    virtual ~Reader();
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    // Must neither make nor destroy readers.
    virtual void on_feed(const Shared& message) = 0;

   private:
    friend class Feed;
    Feed& feed_;
    bool begun_ = false;  // it has its snapshot
  };

  Feed(const boost::asio::any_io_executor& executor, CoreClient& core, std::chrono::milliseconds interval);

  void on_event(const Event& event);
  // A question to the core is under way.
  bool asking() const { return asking_; }

 private:
  void schedule();
  boost::asio::awaitable<void> publish();
  bool anything_to_say() const;

  CoreClient& core_;
  const std::chrono::milliseconds interval_;
  boost::asio::steady_timer timer_;
  FeedTally tally_;
  FeedTally::Now now_;
  std::set<Reader*> readers_;
  std::size_t newcomers_ = 0;  // readers without a snapshot
  TimePoint last_{};           // when something was said
  bool scheduled_ = false;
  bool asking_ = false;
};

}  // namespace pushjudge
