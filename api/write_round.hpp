#pragma once

// When to write. Whoever has something for a connection says so here, and all are written to once the loop has nothing
// more at hand: so what happened together goes out together, with one system call a connection. A net thread has one.
//
// A round must not begin when the first message is there: the handlers that would bring the next ones stand behind it
// in the loop's queue. So it waits until the loop went round a few times without anything new, some microseconds, and
// not forever when there always is.

#include <boost/asio/any_io_executor.hpp>
#include <cstddef>
#include <functional>
#include <vector>

namespace pushjudge {

class WriteRound {
 public:
  // Somebody who has something to write. Not copied or moved while it is enlisted.
  class Writer {
   public:
    explicit Writer(WriteRound& round) : round_(round) {}
    virtual ~Writer() { round_.withdraw(*this); }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

   protected:
    // Has write_now() called when the round comes.
    void enlist() { round_.enlist(*this); }
    // Must not destroy writers.
    virtual void write_now() = 0;

   private:
    friend class WriteRound;
    static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
    WriteRound& round_;
    std::size_t index_ = kNowhere;  // in writers_
  };

  explicit WriteRound(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

  // There will be something to write: `prepare` is called before the round begins, and may enlist writers.
  void before_writing(std::function<void()> prepare);
  // Something came up that will be written in this round; there may be more right behind it.
  void note_news();

 private:
  void enlist(Writer& writer);
  void withdraw(Writer& writer);
  void turn();
  void write_all();

  boost::asio::any_io_executor executor_;
  std::vector<Writer*> writers_;  // null: withdrawn
  std::vector<std::function<void()>> preparations_;
  bool scheduled_ = false;
  bool has_news_ = false;  // since the last turn
  std::size_t turns_ = 0;
  std::size_t quiet_turns_ = 0;  // of them, the last ones without news
};

}  // namespace pushjudge
