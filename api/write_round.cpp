#include "api/write_round.hpp"

#include <boost/asio/post.hpp>
#include <utility>

namespace pushjudge {
namespace {
// The next of several messages that were received together comes two turns after the one before it.
constexpr std::size_t kQuietTurns = 3;
constexpr std::size_t kTurnsMax = 256;
}  // namespace

void WriteRound::before_writing(std::function<void()> prepare) {
  preparations_.push_back(std::move(prepare));
  note_news();
}

void WriteRound::enlist(Writer& writer) {
  if (writer.index_ == Writer::kNowhere) {
    writer.index_ = writers_.size();
    writers_.push_back(&writer);
  }
  note_news();
}

void WriteRound::withdraw(Writer& writer) {
  if (writer.index_ != Writer::kNowhere) writers_[writer.index_] = nullptr;
}

void WriteRound::note_news() {
  has_news_ = true;
  if (scheduled_) return;
  scheduled_ = true;
  turns_ = 0;
  quiet_turns_ = 0;
  boost::asio::post(executor_, [this] { turn(); });
}

void WriteRound::turn() {
  quiet_turns_ = std::exchange(has_news_, false) ? 0 : quiet_turns_ + 1;
  if (quiet_turns_ < kQuietTurns && ++turns_ < kTurnsMax) {
    boost::asio::post(executor_, [this] { turn(); });
    return;
  }
  scheduled_ = false;
  write_all();
}

void WriteRound::write_all() {
  for (const auto& prepare : std::exchange(preparations_, {})) prepare();
  // By index: writing may enlist others.
  for (std::size_t i = 0; i < writers_.size(); ++i) {
    Writer* writer = writers_[i];
    if (writer == nullptr) continue;
    writer->index_ = Writer::kNowhere;
    writers_[i] = nullptr;
    writer->write_now();
  }
  writers_.clear();
}

}  // namespace pushjudge
