#include "tests/chaos/ledger.hpp"

#include <cstdio>

namespace pushjudge::chaos {

void Ledger::violation(const std::string& what) {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  const std::chrono::duration<double> at = Steady::now() - begun_;
  std::fprintf(stderr, "%7.3f s  VIOLATION: %s\n", at.count(), what.c_str());
  violations_.push_back(what);
}

void Ledger::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
}

std::vector<std::string> Ledger::violations() const {
  const std::lock_guard lock(mutex_);
  return violations_;
}

bool Ledger::acknowledged(const Accepted& accepted) {
  std::string known;
  {
    const std::lock_guard lock(mutex_);
    const auto [entry, first] = token_of_.emplace(accepted.key, accepted.token);
    if (first) {
      accepted_.push_back(accepted);
      ended_.emplace(accepted.token, false);
      return true;
    }
    known = entry->second;
  }
  if (known != accepted.token) {
    violation("key " + accepted.key + " has two tokens, " + known + " and " + accepted.token);
  }
  return false;
}

void Ledger::cancel_answered(const std::string& token, CancelAnswer answer) {
  const std::lock_guard lock(mutex_);
  cancel_answers_[token] = answer;
}

void Ledger::ended(const std::string& token) {
  const std::lock_guard lock(mutex_);
  const auto entry = ended_.find(token);
  if (entry == ended_.end() || entry->second) return;
  entry->second = true;
  ++ended_count_;
}

std::vector<Accepted> Ledger::accepted_from(std::size_t first) const {
  const std::lock_guard lock(mutex_);
  if (first >= accepted_.size()) return {};
  return {accepted_.begin() + static_cast<std::ptrdiff_t>(first), accepted_.end()};
}

CancelAnswer Ledger::cancel_answer(const std::string& token) const {
  const std::lock_guard lock(mutex_);
  const auto answer = cancel_answers_.find(token);
  return answer == cancel_answers_.end() ? CancelAnswer::none : answer->second;
}

std::size_t Ledger::accepted() const {
  const std::lock_guard lock(mutex_);
  return accepted_.size();
}

std::size_t Ledger::outstanding() const {
  const std::lock_guard lock(mutex_);
  return accepted_.size() - ended_count_;
}

}  // namespace pushjudge::chaos
