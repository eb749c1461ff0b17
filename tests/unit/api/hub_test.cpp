#include "api/hub.hpp"

#include <doctest/doctest.h>

#include <memory>

using namespace pushjudge;

namespace {

class Listener final : public Hub::Subscriber {
 public:
  using Subscriber::Subscriber;
  void on_event(const Event& event, const std::string&, const SharedMessage& text) override {
    seqs.push_back(event.snapshot.seq);
    texts.push_back(text);
  }
  void on_epoch(const std::string& epoch) override { epochs.push_back(epoch); }

  std::vector<Seq> seqs;
  std::vector<SharedMessage> texts;
  std::vector<std::string> epochs;
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
