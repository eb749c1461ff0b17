#include "api/feed.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "api/coroutine.hpp"
#include "api/event_stream.hpp"

namespace pushjudge {
namespace {

namespace asio = boost::asio;

Feed::Shared share(std::string_view name, const std::string& json) {
  return {make_text(json), make_chunk(stream_event("", name, json))};
}

}  // namespace

Feed::Reader::Reader(Feed& feed) : feed_(feed) {
  feed_.readers_.insert(this);
  ++feed_.newcomers_;
  feed_.schedule();
}

Feed::Reader::~Reader() {
  feed_.readers_.erase(this);
  if (!begun_) --feed_.newcomers_;
  if (feed_.readers_.empty()) feed_.timer_.cancel();
}

Feed::Feed(const asio::any_io_executor& executor, CoreClient& core, std::chrono::milliseconds interval)
    : core_(core), interval_(interval), timer_(executor), tally_(wall_now()) {}

void Feed::on_event(const Event& event) {
  tally_.add(event);
  schedule();
}

bool Feed::anything_to_say() const {
  return !readers_.empty() && (newcomers_ > 0 || tally_.changed());
}

void Feed::schedule() {
  if (scheduled_ || asking_ || !anything_to_say()) return;
  scheduled_ = true;
  timer_.expires_at(std::max(Steady::now(), last_ + interval_));
  timer_.async_wait([this](boost::system::error_code cancelled) {
    scheduled_ = false;
    // Cancelled for want of readers; one may have come since.
    if (cancelled) return schedule();
    if (!anything_to_say()) return;
    asking_ = true;
    asio::co_spawn(timer_.get_executor(), publish(), LogAndDrop{"publish the feed"});
  });
}

asio::awaitable<void> Feed::publish() {
  const auto stats = co_await core_.stats();
  asking_ = false;
  last_ = Steady::now();
  if (stats) {
    now_.queued = stats->queued;
    now_.running = stats->running;
  }
  now_.at = wall_now();
  const auto languages = core_.languages();
  now_.languages = languages.get();
  // First what is new, for those who have the rest, so that the snapshot of the others holds it.
  if (tally_.changed()) {
    const Shared message = share("feed", tally_.take(now_));
    for (Reader* reader : readers_) {
      if (reader->begun_) reader->on_feed(message);
    }
  }
  if (newcomers_ > 0) {
    const Shared message = share("subscribed", tally_.snapshot(now_));
    for (Reader* reader : readers_) {
      if (!std::exchange(reader->begun_, true)) reader->on_feed(message);
    }
    newcomers_ = 0;
  }
  now_.languages = nullptr;
  schedule();
}

}  // namespace pushjudge
