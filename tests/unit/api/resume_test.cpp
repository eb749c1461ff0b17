#include "api/resume.hpp"

#include <doctest/doctest.h>

using namespace pushjudge;

namespace {

using Seqs = std::vector<Seq>;

NumberedText event(Seq seq) {
  return {seq, make_text(std::to_string(seq))};
}

// What the core keeps: the events `first` to `top` of epoch "e".
KeptEvents kept(Seq first, Seq top, bool complete = true) {
  KeptEvents page{"e", top, complete, {}};
  for (Seq seq = first; seq <= top; ++seq) page.events.push_back(event(seq));
  return page;
}

Seqs seqs(const std::vector<NumberedText>& events) {
  Seqs result;
  for (const NumberedText& one : events) result.push_back(one.seq);
  return result;
}

Seqs live(Resume& resume, Seq seq, const std::string& epoch = "e") {
  const auto now = resume.live(epoch, event(seq));
  return now ? Seqs{now->seq} : Seqs{};
}

}  // namespace

TEST_CASE("resume: an event committed while the backlog is read arrives exactly once") {
  Resume resume(Since{"e", 40});
  CHECK(resume.ask_after() == 40);
  CHECK(live(resume, 42).empty());
  const auto start = resume.begin(kept(41, 42));
  CHECK(start.recovered);
  CHECK(start.seq == 42);
  CHECK(seqs(start.replay) == Seqs{41, 42});
  CHECK(live(resume, 43) == Seqs{43});
}

TEST_CASE("resume: an event that came live before the page, and is not in it, follows the page") {
  Resume resume(Since{"e", 40});
  live(resume, 43);
  live(resume, 42);  // doubled by the wire: it is in the page
  CHECK(seqs(resume.begin(kept(41, 42)).replay) == Seqs{41, 42, 43});
  CHECK(live(resume, 43).empty());
  CHECK(live(resume, 44) == Seqs{44});
}

TEST_CASE("resume: an event of the page that comes live late is dropped") {
  Resume resume(Since{"e", 0});
  CHECK(seqs(resume.begin(kept(1, 3)).replay) == Seqs{1, 2, 3});
  CHECK(live(resume, 2).empty());
  CHECK(live(resume, 3).empty());
  CHECK(live(resume, 4) == Seqs{4});
}

TEST_CASE("resume: without a position it begins now, with nothing of the past") {
  Resume resume(std::nullopt);
  CHECK(resume.ask_after() > 1'000'000'000);
  live(resume, 3);
  live(resume, 4);
  const auto start = resume.begin(kept(4, 3));
  CHECK(start.recovered);
  CHECK(start.seq == 3);
  CHECK(seqs(start.replay) == Seqs{4});
}

TEST_CASE("resume: seq 0 without an epoch is all that is kept") {
  Resume resume(Since{"", 0});
  const auto start = resume.begin(kept(1, 2));
  CHECK(start.recovered);
  CHECK(seqs(start.replay) == Seqs{1, 2});
}

TEST_CASE("resume: a position that is up to date recovers, and replays nothing") {
  Resume resume(Since{"e", 3});
  const auto start = resume.begin(kept(4, 3));
  CHECK(start.recovered);
  CHECK(start.replay.empty());
  CHECK(live(resume, 4) == Seqs{4});
}

TEST_CASE("resume: a position that cannot be true gets the snapshot instead of a replay") {
  struct Row {
    const char* what;
    Since since;
    bool complete;
  };
  for (const Row& row : {Row{"of another epoch", {"old", 1}, true}, Row{"older than what is kept", {"e", 1}, false},
                         Row{"past the end", {"e", 9}, true}}) {
    CAPTURE(row.what);
    Resume resume(row.since);
    live(resume, 4);
    const auto start = resume.begin(kept(2, 3, row.complete));
    CHECK_FALSE(start.recovered);
    CHECK(start.seq == 3);
    CHECK(seqs(start.replay) == Seqs{4});
    CHECK(live(resume, 5) == Seqs{5});
  }
}

TEST_CASE("resume: after a change of epoch everything begins again from the snapshot") {
  Resume resume(Since{"e", 1});
  resume.begin(kept(2, 5));
  resume.start_over();
  CHECK_FALSE(resume.begun());
  CHECK(live(resume, 2, "f").empty());
  CHECK(live(resume, 6, "e").empty());  // a straggler of the old epoch
  const auto start = resume.begin({"f", 1, true, {}});
  CHECK_FALSE(start.recovered);
  CHECK(start.seq == 1);
  CHECK(seqs(start.replay) == Seqs{2});
  CHECK(live(resume, 3, "f") == Seqs{3});
  CHECK(live(resume, 7, "e").empty());
}

TEST_CASE("resume: what is held back can be counted, so that it can be bounded") {
  Resume resume(std::nullopt);
  live(resume, 1);
  live(resume, 2);
  CHECK(resume.held() == 2);
  resume.begin(kept(1, 2));
  CHECK(resume.held() == 0);
}
