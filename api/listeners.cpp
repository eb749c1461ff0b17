#include "api/listeners.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "api/coroutine.hpp"
#include "proto/codec.hpp"

namespace pushjudge {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

constexpr std::size_t kPageEventsMax = 256;
constexpr milliseconds kRetryPause{500};
// A full window may have been acknowledged at another gateway, of which nobody tells us.
constexpr milliseconds kFullPause{250};
constexpr milliseconds kIdlePause{60'000};

}  // namespace

Listener::Listener(Listeners& all, Ear& ear, const asio::any_io_executor& executor, std::string cursor,
                   bool from_beginning)
    : all_(all),
      ear_(&ear),
      wake_(executor),
      cursor_(std::move(cursor)),
      from_beginning_(from_beginning),
      flow_(all.window_) {}

void Listener::start(std::optional<Since> since) {
  since_ = std::move(since);
  all_.listening_.insert(this);
  ++all_.running_;
  asio::co_spawn(wake_.get_executor(), run(shared_from_this()), LogAndDrop{"listen to all events"});
}

void Listener::stop() {
  ear_ = nullptr;
  all_.listening_.erase(this);
  wake_.cancel();
}

std::size_t Listener::window() const {
  return all_.window_.events;
}

asio::awaitable<void> Listener::run(Self self) {
  co_await self->follow();
  --self->all_.running_;
}

asio::awaitable<void> Listener::follow() {
  while (ear_ != nullptr) {
    if (!started_) {
      co_await open();
      continue;
    }
    tell_what_is_here();
    if (wants_page()) {
      co_await read_page();
    } else if (behind()) {
      const bool still = co_await rest(kFullPause);
      if (still && started_) co_await ask_position();
    } else {
      co_await rest(kIdlePause);
    }
  }
}

asio::awaitable<void> Listener::open() {
  const auto at = co_await all_.core_.open_cursor(cursor_, from_beginning_);
  if (ear_ == nullptr || started_) co_return;
  if (at) {
    begin(*at);
    co_return;
  }
  const bool will_pass = at.error().code == Errc::unavailable || at.error().code == Errc::busy;
  // Whoever has heard something already waits with us; whoever has not is told.
  if (epoch_.empty() || !will_pass) {
    end(at.error());
  } else {
    co_await rest(kRetryPause);
  }
}

void Listener::begin(const CursorAt& at) {
  GlobalSeq position = at.seq;
  const bool further = since_ && since_->epoch == at.epoch && since_->seq > position && since_->seq <= at.top;
  if (further) position = since_->seq;
  epoch_ = at.epoch;
  top_ = at.top;
  flow_.start(position);
  too_large_ = false;
  started_ = true;
  ear_->on_start(epoch_, position);
}

void Listener::end(const Error& error) {
  Ear* ear = ear_;
  stop();
  ear->on_end(error);
}

asio::awaitable<void> Listener::read_page() {
  const auto limit = static_cast<std::uint32_t>(std::min(flow_.room(), kPageEventsMax));
  const auto page = co_await all_.core_.events_after(flow_.sent(), limit);
  if (ear_ == nullptr || !started_) co_return;
  if (!page || page->events.empty()) {
    co_await rest(kRetryPause);
    co_return;
  }
  if (page->epoch != epoch_) {
    started_ = false;
    co_return;
  }
  for (const Event& event : page->events) {
    if (event.global_seq <= flow_.sent()) continue;
    const auto message = make_text(log_message(event, epoch_));
    too_large_ = !flow_.fits(message->frame().size());
    if (too_large_) break;
    flow_.send(event.global_seq, message->frame().size());
    ear_->on_event(event, epoch_, message);
  }
}

// To acknowledge what is acknowledged says where the cursor stands, and changes nothing.
asio::awaitable<void> Listener::ask_position() {
  const std::string epoch = epoch_;
  const auto at = co_await all_.core_.acknowledge(cursor_, epoch, 0);
  if (ear_ == nullptr || !started_ || epoch != epoch_) co_return;
  if (at) {
    top_ = at->top;
    make_room(at->seq);
  } else if (at.error().code == Errc::not_found) {
    end({Errc::not_found, "the cursor was deleted"});
  }
}

asio::awaitable<bool> Listener::rest(milliseconds max) {
  boost::system::error_code woken;
  wake_.expires_after(max);
  co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  co_return !woken;
}

void Listener::make_room(GlobalSeq acknowledged) {
  flow_.acknowledge(acknowledged);
  too_large_ = false;
}

void Listener::tell_what_is_here() {
  while (ear_ != nullptr && started_) {
    const LogTail::Told told = all_.tail_.next(flow_.sent());
    if (told.event == nullptr || !flow_.fits(told.message->frame().size())) return;
    flow_.send(told.event->global_seq, told.message->frame().size());
    ear_->on_event(*told.event, epoch_, told.message);
  }
}

bool Listener::behind() const {
  return started_ && flow_.sent() < std::max(top_, all_.tail_.top());
}

bool Listener::wants_page() {
  return behind() && !too_large_ && flow_.room_for_page() && all_.tail_.next(flow_.sent()).event == nullptr;
}

void Listener::on_event() {
  if (!started_) return;
  tell_what_is_here();
  if (wants_page()) wake_.cancel();
}

void Listener::on_epoch() {
  started_ = false;
  wake_.cancel();
}

void Listener::on_acknowledged(const std::string& epoch, GlobalSeq seq) {
  if (!started_ || epoch != epoch_) return;
  make_room(seq);
  wake_.cancel();
}

asio::awaitable<Result<CursorAt>> Listeners::acknowledge(std::string cursor, std::string epoch, GlobalSeq seq) {
  auto at = co_await core_.acknowledge(cursor, std::move(epoch), seq);
  if (at) {
    for (Listener* listener : listening_) {
      if (listener->cursor() == cursor) listener->on_acknowledged(at->epoch, at->seq);
    }
  }
  co_return at;
}

void Listeners::on_event(std::shared_ptr<const Event> event, const std::string& epoch) {
  tail_.add(std::move(event), epoch);
  for (Listener* listener : listening_) listener->on_event();
}

void Listeners::on_epoch() {
  tail_.clear();
  for (Listener* listener : listening_) listener->on_epoch();
}

}  // namespace pushjudge
