#pragma once

// The open connections, so that the gateway can bound and end them, and the memory that request bodies may take.
// Net thread.

#include <cstddef>
#include <unordered_set>
#include <utility>

namespace pushjudge {

class Connection {
 public:
  virtual ~Connection() = default;
  virtual void drain() = 0;  // finish what is in flight and end; returns at once
  virtual void cut() = 0;    // end now
};

class Connections {
 public:
  explicit Connections(std::size_t max) : max_(max) {}

  bool full() const { return open_.size() >= max_; }
  bool empty() const { return open_.empty(); }
  std::size_t size() const { return open_.size(); }
  bool draining() const { return draining_; }

  void add(Connection& connection) { open_.insert(&connection); }
  void remove(Connection& connection) { open_.erase(&connection); }

  void drain() {
    draining_ = true;
    for (Connection* connection : open_) connection->drain();
  }
  void cut() {
    for (Connection* connection : open_) connection->cut();
  }

 private:
  std::size_t max_;
  bool draining_ = false;
  std::unordered_set<Connection*>
      open_;  // neither drain() nor cut() changes it: a connection leaves from its own coroutine
};

// A number of bytes that is shared by all who hold a Share of it.
class Budget {
 public:
  explicit Budget(std::size_t max) : left_(max) {}

  class Share {
   public:
    Share() = default;
    Share(Share&& other) noexcept { swap(other); }
    Share& operator=(Share&& other) noexcept {
      Share taken(std::move(other));
      swap(taken);
      return *this;
    }
    ~Share() { give_back(); }

    // Gives back what it held. False: so much is not left, and it holds nothing.
    bool take(Budget& budget, std::size_t bytes) {
      give_back();
      if (budget.left_ < bytes) return false;
      budget.left_ -= bytes;
      budget_ = &budget;
      bytes_ = bytes;
      return true;
    }
    void give_back() {
      if (budget_ != nullptr) budget_->left_ += bytes_;
      budget_ = nullptr;
      bytes_ = 0;
    }

   private:
    void swap(Share& other) noexcept {
      std::swap(budget_, other.budget_);
      std::swap(bytes_, other.bytes_);
    }

    Budget* budget_ = nullptr;
    std::size_t bytes_ = 0;
  };

  std::size_t left() const { return left_; }

 private:
  std::size_t left_;
};

}  // namespace pushjudge
