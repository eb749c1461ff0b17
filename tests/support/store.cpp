#include "tests/support/store.hpp"

#include <poll.h>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace pushjudge::testing {

Store::Store(const std::string& path)
    : engine_(std::make_unique<SqliteEngine>(
          path, [this](std::function<void()> function) { mailbox_.post(std::move(function)); })) {}

template <class T>
Result<T> Store::wait(const std::function<void(Callback<T>)>& call) {
  std::optional<Result<T>> result;
  call([&result](Result<T> got) { result.emplace(std::move(got)); });
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!result) {
    if (std::chrono::steady_clock::now() >= until) throw std::runtime_error("the engine does not answer");
    pollfd answered{mailbox_.descriptor(), POLLIN, 0};
    ::poll(&answered, 1, 1'000);
    mailbox_.run();
  }
  return *std::move(result);
}

Result<TurnOutcome> Store::commit(Turn turn) {
  return wait<TurnOutcome>([&](Callback<TurnOutcome> done) { engine_->commit(std::move(turn), std::move(done)); });
}

Result<std::vector<Event>> Store::events(GlobalSeq after, std::uint32_t limit) {
  return wait<std::vector<Event>>(
      [&](Callback<std::vector<Event>> done) { engine_->events(after, limit, std::move(done)); });
}

Result<Record> Store::get(Token token) {
  return wait<Record>([&](Callback<Record> done) { engine_->get(token, std::move(done)); });
}

Result<std::vector<Cursor>> Store::cursors() {
  return wait<std::vector<Cursor>>([&](Callback<std::vector<Cursor>> done) { engine_->cursors(std::move(done)); });
}

Result<Listing> Store::list(std::uint64_t offset, std::uint32_t limit) {
  return wait<Listing>([&](Callback<Listing> done) { engine_->list(offset, limit, std::move(done)); });
}

Result<Statistics> Store::statistics(UnixMillis now) {
  return wait<Statistics>([&](Callback<Statistics> done) { engine_->statistics(now, std::move(done)); });
}

Result<std::string> Store::blob(const Digest& digest) {
  return wait<std::string>([&](Callback<std::string> done) { engine_->blob(digest, std::move(done)); });
}

Result<HistoryView> Store::history(Token token, Seq after) {
  return wait<HistoryView>([&](Callback<HistoryView> done) { engine_->history(token, after, std::move(done)); });
}

}  // namespace pushjudge::testing
