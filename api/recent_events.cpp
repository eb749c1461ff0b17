#include "api/recent_events.hpp"

namespace pushjudge {

std::size_t bytes_of(const Event& event) {
  std::size_t bytes = sizeof event + event.note.size() + event.snapshot.worker.size();
  if (const auto& report = event.snapshot.report) {
    bytes += report->stdout_text.size() + report->stderr_text.size() + report->compile_output.size() +
             report->message.size() + report->accounting.size();
    for (const TestResult& test : report->tests) {
      bytes += sizeof test + test.name.size() + test.message.size() + test.judge_message.size();
    }
    for (const GroupResult& group : report->groups) bytes += sizeof group + group.name.size();
  }
  return bytes;
}

void RecentEvents::add(const std::shared_ptr<const Event>& event, const std::string& epoch) {
  if (epoch != epoch_) {
    clear();
    epoch_ = epoch;
  }
  const Token& token = event->snapshot.token;
  if (event->snapshot.seq == 1 && channels_.try_emplace(token).second) in_order_.push_back(token);
  const auto found = channels_.find(token);
  if (found == channels_.end()) return;
  Channel& channel = found->second;
  if (event->snapshot.seq != channel.events.size() + 1) {
    forget(token);
    return;
  }
  const std::size_t bytes = bytes_of(*event);
  channel.events.push_back(event);
  channel.bytes += bytes;
  bytes_ += bytes;
  while (bytes_ > bytes_max_) {
    const Token oldest = in_order_.front();
    in_order_.pop_front();
    forget(oldest);
  }
}

void RecentEvents::forget(const Token& token) {
  const auto found = channels_.find(token);
  if (found == channels_.end()) return;
  bytes_ -= found->second.bytes;
  channels_.erase(found);
}

void RecentEvents::clear() {
  channels_.clear();
  in_order_.clear();
  bytes_ = 0;
}

std::optional<HistoryPage> RecentEvents::history(const Token& token, Seq after) const {
  const auto found = channels_.find(token);
  if (found == channels_.end()) return std::nullopt;
  const auto& events = found->second.events;
  if (events.empty() || after > events.size()) return std::nullopt;
  HistoryPage page;
  page.epoch = epoch_;
  page.snapshot = events.back()->snapshot;
  for (std::size_t i = static_cast<std::size_t>(after); i < events.size(); ++i) page.events.push_back(*events[i]);
  return page;
}

std::optional<Got> RecentEvents::ended(const Token& token) const {
  const auto found = channels_.find(token);
  if (found == channels_.end()) return std::nullopt;
  const Event& last = *found->second.events.back();
  if (!is_last(last.kind)) return std::nullopt;
  return Got{0, epoch_, {}, last.snapshot};
}

}  // namespace pushjudge
