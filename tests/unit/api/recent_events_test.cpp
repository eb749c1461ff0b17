#include "api/recent_events.hpp"

#include <doctest/doctest.h>

using namespace pushjudge;

namespace {

std::shared_ptr<const Event> event(const Token& token, Seq seq, std::size_t output_bytes = 0) {
  auto made = std::make_shared<Event>();
  made->snapshot.token = token;
  made->snapshot.seq = seq;
  if (output_bytes > 0) made->snapshot.report.emplace().stdout_text = std::string(output_bytes, 'x');
  return made;
}

std::vector<Seq> seqs(const HistoryPage& page) {
  std::vector<Seq> result;
  for (const Event& each : page.events) result.push_back(each.snapshot.seq);
  return result;
}

constexpr std::size_t kPlenty = 1 << 20;

}  // namespace

TEST_CASE("recent events: whoever comes early gets what it missed, and the state as of the last event") {
  RecentEvents recent(kPlenty);
  const Token token = Token::make(1);
  for (Seq seq = 1; seq <= 3; ++seq) recent.add(event(token, seq), "e");
  const auto page = recent.history(token, 1);
  REQUIRE(page);
  CHECK(page->complete);
  CHECK(page->epoch == "e");
  CHECK(page->snapshot.seq == 3);
  CHECK(seqs(*page) == std::vector<Seq>{2, 3});
  CHECK(seqs(*recent.history(token, 3)).empty());
}

TEST_CASE("recent events: what is not known whole is the core's to tell") {
  RecentEvents recent(kPlenty);
  const Token late = Token::make(1);
  const Token holed = Token::make(2);
  recent.add(event(late, 2), "e");
  recent.add(event(holed, 1), "e");
  recent.add(event(holed, 3), "e");
  CHECK_FALSE(recent.history(late, 0));
  CHECK_FALSE(recent.history(holed, 0));
  CHECK_FALSE(recent.history(Token::make(3), 0));
}

TEST_CASE("recent events: an asker who has heard more elsewhere is not told less here") {
  RecentEvents recent(kPlenty);
  const Token token = Token::make(1);
  recent.add(event(token, 1), "e");
  CHECK_FALSE(recent.history(token, 2));
}

TEST_CASE("recent events: what is said of tests counts in the bound") {
  const auto plain = event(Token::make(1), 1, 1);
  auto graded = std::make_shared<Event>(*plain);
  graded->snapshot.report->tests.resize(1'000);
  for (TestResult& test : graded->snapshot.report->tests) test.message = std::string(1'000, 'x');
  CHECK(bytes_of(*graded) > bytes_of(*plain) + 1'000'000);
}

TEST_CASE("recent events: over the bound the first that came are forgotten, and an outsize one does not stay") {
  RecentEvents recent(64 << 10);
  const Token first = Token::make(1);
  const Token second = Token::make(2);
  const Token outsize = Token::make(3);
  recent.add(event(first, 1, 40 << 10), "e");
  recent.add(event(second, 1, 40 << 10), "e");
  CHECK_FALSE(recent.history(first, 0));
  CHECK(recent.history(second, 0));
  recent.add(event(outsize, 1, 100 << 10), "e");
  CHECK_FALSE(recent.history(outsize, 0));
  recent.add(event(first, 1), "e");
  CHECK(recent.history(first, 0));
}

TEST_CASE("recent events: another epoch's are void") {
  RecentEvents recent(kPlenty);
  const Token token = Token::make(1);
  recent.add(event(token, 1), "e");
  recent.clear();
  CHECK_FALSE(recent.history(token, 0));
  recent.add(event(token, 1), "e");
  recent.add(event(Token::make(2), 1), "f");
  CHECK_FALSE(recent.history(token, 0));
}

TEST_CASE("recent events: what has ended is known to the end, what goes on is not") {
  RecentEvents recent(kPlenty);
  const Token token = Token::make(1);
  CHECK_FALSE(recent.ended(token));
  recent.add(event(token, 1), "e");
  CHECK_FALSE(recent.ended(token));
  Event last = *event(token, 2);
  last.kind = EventKind::finished;
  recent.add(std::make_shared<Event>(last), "e");
  const auto ended = recent.ended(token);
  REQUIRE(ended);
  CHECK(ended->epoch == "e");
  CHECK(ended->snapshot.seq == 2);
  recent.clear();
  CHECK_FALSE(recent.ended(token));
}
