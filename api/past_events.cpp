#include "api/past_events.hpp"

namespace pushjudge {

boost::asio::awaitable<Result<HistoryPage>> PastEvents::after(Token token, Seq after) const {
  for (;;) {
    if (auto known = recent_.history(token, after)) co_return *std::move(known);
    const std::string epoch = hub_.epoch();
    auto page = co_await core_.history(token, after);
    // An answer from before the epoch changed is void.
    const bool stale = page && hub_.epoch() != epoch && page->epoch != hub_.epoch();
    if (!stale) co_return page;
  }
}

}  // namespace pushjudge
