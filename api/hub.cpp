#include "api/hub.hpp"

#include "api/event_stream.hpp"
#include "proto/base/result.hpp"
#include "proto/codec.hpp"

namespace pushjudge {

Hub::Subscriber::Subscriber(Hub& hub, const Token& token) : hub_(hub), token_(token) {
  hub_.add(*this);
}

Hub::Subscriber::~Subscriber() {
  hub_.remove(*this);
}

void Hub::add(Subscriber& subscriber) {
  PJ_ASSERT(!calling_);
  auto& list = by_token_[subscriber.token_];
  subscriber.index_ = list.size();
  list.push_back(&subscriber);
  ++size_;
}

// The last of the list takes the place that falls free, so that leaving costs the same however many there are.
void Hub::remove(Subscriber& subscriber) {
  PJ_ASSERT(!calling_);
  const auto found = by_token_.find(subscriber.token_);
  PJ_ASSERT(found != by_token_.end());
  auto& list = found->second;
  list[subscriber.index_] = list.back();
  list[subscriber.index_]->index_ = subscriber.index_;
  list.pop_back();
  if (list.empty()) by_token_.erase(found);
  --size_;
}

void Hub::publish(const Event& event, const std::string& epoch) {
  const auto found = by_token_.find(event.snapshot.token);
  if (found == by_token_.end()) return;
  const auto text = make_text(event_message(event, epoch));
  calling_ = true;
  for (Subscriber* subscriber : found->second) subscriber->on_event(event, epoch, text);
  calling_ = false;
}

void Hub::publish(const Token& token, const TestProgress& progress) {
  const auto found = by_token_.find(token);
  if (found == by_token_.end()) return;
  const std::string text = progress_message(token, progress);
  const ProgressMessages messages{make_text(text), make_chunk(stream_event("", "progress", text))};
  calling_ = true;
  for (Subscriber* subscriber : found->second) subscriber->on_progress(messages);
  calling_ = false;
}

void Hub::change_epoch(const std::string& epoch) {
  if (epoch == epoch_) return;
  epoch_ = epoch;
  calling_ = true;
  for (const auto& [token, list] : by_token_) {
    for (Subscriber* subscriber : list) subscriber->on_epoch(epoch);
  }
  calling_ = false;
}

}  // namespace pushjudge
