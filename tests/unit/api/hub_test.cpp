#include "api/hub.hpp"

#include <doctest/doctest.h>

#include <memory>

#include "proto/codec.hpp"

using namespace pushjudge;

namespace {

class Listener final : public Hub::Subscriber {
 public:
  using Subscriber::Subscriber;
  void on_event(const Event& event, const std::string&, const SharedMessage& text) override {
    seqs.push_back(event.snapshot.seq);
    texts.push_back(text);
  }
  void on_progress(const Hub::ProgressMessages& messages) override { progress.push_back(messages); }
  void on_epoch(const std::string& epoch) override { epochs.push_back(epoch); }

  std::vector<Seq> seqs;
  std::vector<SharedMessage> texts;
  std::vector<std::string> epochs;
  std::vector<Hub::ProgressMessages> progress;
};

Event event(const Token& token, Seq seq) {
  Event made;
  made.snapshot.token = token;
  made.snapshot.seq = seq;
  return made;
}

}  // namespace

TEST_CASE("hub: an event reaches those of its submission and nobody else") {
  Hub hub;
  const Token a = Token::make(1);
  const Token b = Token::make(2);
  Listener first(hub, a);
  Listener second(hub, a);
  Listener other(hub, b);
  hub.publish(event(a, 1), "e");
  hub.publish(event(b, 7), "e");
  CHECK(first.seqs == std::vector<Seq>{1});
  CHECK(second.seqs == std::vector<Seq>{1});
  CHECK(other.seqs == std::vector<Seq>{7});
}

TEST_CASE("hub: an event is turned into text once, however many hear it") {
  Hub hub;
  const Token token = Token::make(1);
  Listener first(hub, token);
  Listener second(hub, token);
  hub.publish(event(token, 1), "e");
  CHECK(first.texts.at(0) == second.texts.at(0));
}

TEST_CASE("hub: whoever leaves hears no more, in whatever order they leave") {
  Hub hub;
  const Token token = Token::make(1);
  auto first = std::make_unique<Listener>(hub, token);
  auto second = std::make_unique<Listener>(hub, token);
  auto third = std::make_unique<Listener>(hub, token);
  first.reset();
  hub.publish(event(token, 1), "e");
  CHECK(second->seqs == std::vector<Seq>{1});
  CHECK(third->seqs == std::vector<Seq>{1});
  third.reset();
  hub.publish(event(token, 2), "e");
  CHECK(second->seqs == std::vector<Seq>{1, 2});
  second.reset();
  CHECK(hub.size() == 0);
  hub.publish(event(token, 3), "e");
}

TEST_CASE("hub: a change of epoch is told to all, and the same epoch again to nobody") {
  Hub hub;
  Listener first(hub, Token::make(1));
  Listener second(hub, Token::make(2));
  hub.change_epoch("e");
  hub.change_epoch("e");
  hub.change_epoch("f");
  CHECK(first.epochs == std::vector<std::string>{"e", "f"});
  CHECK(second.epochs == std::vector<std::string>{"e", "f"});
  CHECK(hub.epoch() == "f");
}

TEST_CASE("hub: a test that is done is told to those of its submission, as one message for all, and is no event") {
  Hub hub;
  const Token token = Token::make(1);
  Listener first(hub, token);
  Listener second(hub, token);
  Listener other(hub, Token::make(2));
  TestProgress progress;
  progress.done = 7;
  progress.of = 20;
  progress.test.name = "secret/01";
  hub.publish(token, progress);
  hub.publish(Token::make(3), progress);
  REQUIRE(first.progress.size() == 1);
  REQUIRE(second.progress.size() == 1);
  CHECK(first.progress[0].socket == second.progress[0].socket);
  CHECK(first.progress[0].stream == second.progress[0].stream);
  const std::string text = progress_message(token, progress);
  CHECK(first.progress[0].socket->payload() == text);
  CHECK(first.progress[0].stream->payload() == "event: progress\ndata: " + text + "\n\n");
  CHECK(first.seqs.empty());
  CHECK(other.progress.empty());
}
