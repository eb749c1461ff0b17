#pragma once

// A SQLite engine whose calls are waited for. One thread.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "queue/mailbox.hpp"
#include "queue/sqlite_engine.hpp"

namespace pushjudge::testing {

class Store {
 public:
  // Throws what the engine throws when it cannot be opened.
  explicit Store(const std::string& path);

  Result<TurnOutcome> commit(Turn turn);
  Result<std::vector<Event>> events(GlobalSeq after = 0,
                                    std::uint32_t limit = 1'000'000);  // at most those that one answer holds
  Result<Record> get(Token token);
  Result<HistoryView> history(Token token, Seq after);
  Result<std::vector<Cursor>> cursors();
  Result<Listing> list(std::uint64_t offset, std::uint32_t limit);
  Result<Statistics> statistics(UnixMillis now);
  Result<std::string> blob(const Digest& digest);
  const Engine& engine() const { return *engine_; }

 private:
  template <class T>
  Result<T> wait(const std::function<void(Callback<T>)>& call);

  Mailbox mailbox_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace pushjudge::testing
