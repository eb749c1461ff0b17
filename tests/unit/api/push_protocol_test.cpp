#include "api/push_protocol.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace pushjudge;
using nlohmann::json;

namespace {

const std::string kChannel = "submission:018bcfe5-6800-4000-8000-0123456789ab";

template <class T>
T parse(const json& frame) {
  auto parsed = parse_client_frame(frame.dump());
  REQUIRE(std::holds_alternative<T>(parsed));
  return std::get<T>(std::move(parsed));
}

std::string error_of(const std::string& text) {
  const auto parsed = parse_client_frame(text);
  const auto* bad = std::get_if<BadFrame>(&parsed);
  return bad == nullptr ? "" : bad->error;
}

json subscribe(json since) {
  return {{"type", "subscribe"}, {"channel", kChannel}, {"since", std::move(since)}};
}

}  // namespace

TEST_CASE("push protocol: subscribe names a channel, and maybe a position") {
  CHECK(channel_of(parse<SubscribeFrame>({{"type", "subscribe"}, {"channel", kChannel}}).token) == kChannel);
  CHECK_FALSE(parse<SubscribeFrame>({{"type", "subscribe"}, {"channel", kChannel}}).since);
  CHECK_FALSE(parse<SubscribeFrame>(subscribe(nullptr)).since);
  const auto since = parse<SubscribeFrame>(subscribe({{"epoch", "9f3c"}, {"seq", 17}})).since;
  REQUIRE(since);
  CHECK(since->epoch == "9f3c");
  CHECK(since->seq == 17);
  CHECK(parse<SubscribeFrame>(subscribe({{"seq", 0}})).since->epoch.empty());
}

TEST_CASE("push protocol: a position that is none is an error of its own") {
  for (const json& since :
       {json(7), json("x"), json::array(), json::object(), json{{"epoch", "e"}}, json{{"epoch", "e"}, {"seq", -1}},
        json{{"epoch", "e"}, {"seq", 1.5}}, json{{"epoch", "e"}, {"seq", "1"}}, json{{"epoch", 5}, {"seq", 1}},
        json{{"seq", 3}}, json{{"epoch", "e"}, {"seq", 18446744073709551615u}},
        json{{"epoch", std::string(200, 'e')}, {"seq", 1}}}) {
    CAPTURE(since.dump());
    CHECK(parse<BadFrame>(subscribe(since)).error.starts_with("since must be"));
    CHECK(parse<BadFrame>(subscribe(since)).channel == kChannel);
  }
}

TEST_CASE("push protocol: what means nothing says what is wrong") {
  CHECK(error_of("no json") == "not valid JSON");
  CHECK(error_of("") == "not valid JSON");
  CHECK(error_of("[]") == "not a JSON object");
  CHECK(error_of("{}") == "type must be a text");
  CHECK(error_of(R"({"type":7})") == "type must be a text");
  CHECK(error_of(R"({"type":"dance"})") == "unknown type");
  CHECK(error_of(R"({"type":"subscribe"})") == "channel must be a text");
  CHECK(error_of(R"({"type":"subscribe","channel":7})") == "channel must be a text");
  for (const char* channel : {"batch:1", "user:1", "submission:", "submission:1", "SUBMISSION:x"}) {
    CHECK(error_of(json{{"type", "subscribe"}, {"channel", channel}}.dump()) == "unknown channel");
    CHECK(error_of(json{{"type", "unsubscribe"}, {"channel", channel}}.dump()) == "unknown channel");
  }
  CHECK(error_of(std::string(60'000, '[')) == "not valid JSON");
}

TEST_CASE("push protocol: to listen to all events wants a cursor's name, and says where a new one starts") {
  const json frame = {{"type", "subscribe"}, {"channel", "events"}, {"cursor", "leaderboard"}};
  const auto with = [&frame](const json& more) {
    json made = frame;
    made.update(more);
    return made;
  };
  CHECK(parse<ListenFrame>(frame).cursor == "leaderboard");
  CHECK_FALSE(parse<ListenFrame>(frame).from_beginning);
  CHECK_FALSE(parse<ListenFrame>(with({{"from", "now"}})).from_beginning);
  CHECK(parse<ListenFrame>(with({{"from", "beginning"}})).from_beginning);
  CHECK(error_of(with({{"from", "end"}}).dump()).starts_with("from must be"));
  for (const json& name : {json(""), json("a b"), json(7), json(nullptr), json(std::string(65, 'a'))}) {
    CHECK(parse<BadFrame>(with({{"cursor", name}})).error == kCursorNameRule);
    CHECK(parse<BadFrame>(with({{"cursor", name}})).channel == "events");
  }
  parse<StopListeningFrame>({{"type", "unsubscribe"}, {"channel", "events"}});
  CHECK(error_of(R"({"type":"cancel","channel":"events"})") == "unknown channel");
}

TEST_CASE("push protocol: an acknowledgement has a number, and maybe its epoch") {
  json frame = {{"type", "ack"}, {"channel", "events"}, {"cursor", "x"}, {"seq", 9007199254740993}};
  CHECK(parse<AcknowledgeFrame>(frame).seq == 9007199254740993);
  CHECK(parse<AcknowledgeFrame>(frame).epoch.empty());
  frame["epoch"] = "9f3c";
  CHECK(parse<AcknowledgeFrame>(frame).epoch == "9f3c");
  frame["epoch"] = 7;
  CHECK(parse<BadFrame>(frame).error == "epoch must be a text");
  frame.erase("epoch");
  for (const json& seq : {json(-1), json(1.5), json("1"), json(nullptr), json(9223372036854775808u)}) {
    frame["seq"] = seq;
    CAPTURE(seq.dump());
    CHECK(parse<BadFrame>(frame).error == "seq must be a number");
  }
  frame["channel"] = kChannel;
  frame["seq"] = 1;
  CHECK(parse<BadFrame>(frame).error == "unknown channel");
}

TEST_CASE("push protocol: the feed wants nothing but its name") {
  parse<FeedFrame>({{"type", "subscribe"}, {"channel", "feed"}});
  parse<StopFeedFrame>({{"type", "unsubscribe"}, {"channel", "feed"}});
  CHECK(error_of(R"({"type":"cancel","channel":"feed"})") == "unknown channel");
  CHECK(error_of(R"({"type":"ack","channel":"feed","cursor":"x","seq":1})") == "unknown channel");
}

TEST_CASE("push protocol: what is posted to acknowledge says its epoch") {
  const auto parsed = parse_acknowledgement(R"({"epoch":"9f3c","seq":7})", "x");
  REQUIRE(parsed);
  CHECK(parsed->cursor == "x");
  CHECK(parsed->epoch == "9f3c");
  CHECK(parsed->seq == 7);
  for (const char* wrong : {"", "[]", "{}", R"({"seq":7})", R"({"epoch":"","seq":7})", R"({"epoch":"e","seq":"7"})"}) {
    CHECK_FALSE(parse_acknowledgement(wrong, "x"));
  }
}

TEST_CASE("push protocol: the id of a submit comes back as it was") {
  for (const json& id : {json(7), json("a"), json(nullptr), json(true), json(1.5)}) {
    const auto frame = parse<SubmitFrame>({{"type", "submit"}, {"id", id}, {"source_code", "x"}});
    const json answer = json::parse(submitted_message(frame.id, Token::make(1), "e", 1)->payload());
    CHECK(answer["id"] == id);
    CHECK(answer["type"] == "submitted");
    CHECK(answer["channel"] == "submission:" + answer["token"].get<std::string>());
  }
  CHECK(json::parse(submit_error_message({}, "no")->payload())["id"].is_null());
}

TEST_CASE("push protocol: over a socket base64 may be asked for with a boolean too") {
  for (const json& yes : {json(true), json("true")}) {
    CHECK(parse<SubmitFrame>({{"type", "submit"}, {"base64_encoded", yes}}).encoding == Encoding::base64);
  }
  CHECK(parse<SubmitFrame>({{"type", "submit"}, {"base64_encoded", false}}).encoding == Encoding::plain);
}

TEST_CASE("push protocol: errors name the channel or the attributes where they can") {
  CHECK(error_message("no", "")->payload() == R"({"type":"error","error":"no"})");
  CHECK(error_message("no", "feed")->payload() == R"({"type":"error","channel":"feed","error":"no"})");
  CHECK(submit_error_message({AttributeValue::Kind::number, "7"}, {{"source_code", {"can't be blank"}}})->payload() ==
        R"({"type":"error","id":7,"errors":{"source_code":["can't be blank"]}})");
  CHECK(pong_message()->payload() == R"({"type":"pong"})");
}

TEST_CASE("push protocol: subscribed carries the snapshot and where it stands") {
  Snapshot snapshot;
  snapshot.token = Token::make(1);
  snapshot.seq = 4;
  const json message = json::parse(subscribed_message(snapshot, "e", true)->payload());
  CHECK(message["type"] == "subscribed");
  CHECK(message["epoch"] == "e");
  CHECK(message["seq"] == 4);
  CHECK(message["recovered"] == true);
  CHECK(message["submission"]["token"] == snapshot.token.text());
}
