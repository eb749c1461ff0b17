#pragma once

// Those who listen to the events of all submissions, each from where its cursor stands (proto/event.hpp): from memory
// where that is recent, else from the core's log, page by page, at its own pace. No gap and no repeat while it listens;
// after it comes back, what it has not acknowledged comes again. Net thread.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "api/flow.hpp"
#include "api/log_tail.hpp"
#include "api/resume.hpp"
#include "queue/client.hpp"

namespace pushjudge {

class Listeners;

class Listener : public std::enable_shared_from_this<Listener> {
 public:
  // What a listener hears; calls nobody back. Only in on_end() may it let go of the listener.
  class Ear {
   public:
    virtual ~Ear() = default;
    // The events after `seq` follow. Again, should the epoch change: what was heard before is then void.
    virtual void on_start(const std::string& epoch, GlobalSeq seq) = 0;
    // Each after the one before in the log. `message` is that of log_message().
    virtual void on_event(const Event& event, const std::string& epoch, const SharedMessage& message) = 0;
    // Nothing follows.
    virtual void on_end(const Error& error) = 0;
  };

  Listener(Listeners& all, Ear& ear, const boost::asio::any_io_executor& executor, std::string cursor,
           bool from_beginning);

  // `since`: the listener has seen everything up to there, which counts if it is of this epoch and further than the
  // cursor, which stays where it is.
  void start(std::optional<Since> since);
  // The ear hears nothing more, and need not live on.
  void stop();

  const std::string& cursor() const { return cursor_; }
  const std::string& epoch() const { return epoch_; }  // empty before on_start()
  // How many events it is sent before the first must be acknowledged.
  std::size_t window() const;

 private:
  friend class Listeners;
  using Self = std::shared_ptr<Listener>;

  static boost::asio::awaitable<void> run(Self self);
  boost::asio::awaitable<void> follow();
  boost::asio::awaitable<void> open();
  boost::asio::awaitable<void> read_page();
  boost::asio::awaitable<void> ask_position();
  // False: woken, as something has changed.
  boost::asio::awaitable<bool> rest(std::chrono::milliseconds max);

  void begin(const CursorAt& at);
  void end(const Error& error);
  void tell_what_is_here();
  // Whether the log has to be read, and may be.
  bool wants_page();
  bool behind() const;

  void on_event();
  void on_epoch();
  void on_acknowledged(const std::string& epoch, GlobalSeq seq);
  void make_room(GlobalSeq acknowledged);

  Listeners& all_;
  Ear* ear_;  // null once it is stopped
  boost::asio::steady_timer wake_;
  const std::string cursor_;
  const bool from_beginning_;
  std::optional<Since> since_;
  Flow flow_;
  std::string epoch_;
  GlobalSeq top_ = 0;       // of the log, as the core said last
  bool started_ = false;    // the cursor is open in this epoch
  bool too_large_ = false;  // the next event of the log has no room before something is acknowledged
};

class Listeners {
 public:
  Listeners(CoreClient& core, Flow::Bounds window) : core_(core), window_(window) {}

  // As CoreClient, and lets those who listen with this cursor have more.
  boost::asio::awaitable<Result<CursorAt>> acknowledge(std::string cursor, std::string epoch, GlobalSeq seq);

  // What the gateway hears.
  void on_event(std::shared_ptr<const Event> event, const std::string& epoch);
  void on_epoch();

  // Listeners whose coroutines have not ended.
  std::size_t running() const { return running_; }

 private:
  friend class Listener;

  CoreClient& core_;
  const Flow::Bounds window_;
  LogTail tail_;
  std::set<Listener*> listening_;
  std::size_t running_ = 0;
};

}  // namespace pushjudge
