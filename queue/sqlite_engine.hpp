#pragma once

// The engine on one SQLite file: WAL, synchronous=FULL, one writer thread that turns each Turn into one transaction,
// three reader threads with a read-only connection each (one for what looks at everything, one for files of problems),
// one thread that copies the WAL back into the file. Wants a local disk:
// SQLite's WAL does not work over a network file system (https://sqlite.org/wal.html).

#include <functional>
#include <memory>
#include <string>

#include "queue/engine.hpp"

namespace pushjudge {

class SqliteEngine final : public Engine {
 public:
  using Post = std::function<void(std::function<void()>)>;  // runs a function on the owner's thread; callable from any

  // Opens or creates the file. Throws std::runtime_error when it cannot be opened, is held by another core, or was
  // written by a newer version.
  SqliteEngine(const std::string& path, Post post);
  // Waits for the turn under way; its callback may be posted but is no business of the engine any more.
  ~SqliteEngine() override;

  void commit(Turn turn, Callback<TurnOutcome> done) override;
  void get(Token token, Callback<Record> done) override;
  void history(Token token, Seq after, Callback<HistoryView> done) override;
  void events(GlobalSeq after, std::uint32_t limit, Callback<std::vector<Event>> done) override;
  void cursors(Callback<std::vector<Cursor>> done) override;
  void list(std::uint64_t offset, std::uint32_t limit, Callback<Listing> done) override;
  void statistics(UnixMillis now, Callback<Statistics> done) override;
  void blob(Digest digest, Callback<std::string> done) override;

  std::vector<OpenLease> open_leases() const override;
  std::vector<OfferedLanguage> languages() const override;
  const ProblemCatalog& problems() const override;
  Depth depth() const override;
  std::optional<UnixMillis> next_callback() const override;
  GlobalSeq top() const override;
  const std::string& epoch() const override;
  std::uint32_t incarnation() const override;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace pushjudge
