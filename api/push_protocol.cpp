#include "api/push_protocol.hpp"

#include <nlohmann/json.hpp>

#include "api/feed_tally.hpp"
#include "proto/codec.hpp"

namespace pushjudge {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kChannelCharactersMax = 128;

SharedMessage shared(const ordered_json& message) {
  return make_text(message.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
}

// A number comes back as a number, a text as a text.
ordered_json to_json(const AttributeValue& scalar) {
  switch (scalar.kind) {
    case AttributeValue::Kind::null:
      return nullptr;
    case AttributeValue::Kind::boolean:
      return scalar.text == "true";
    case AttributeValue::Kind::number:
      return ordered_json::parse(scalar.text);
    case AttributeValue::Kind::text:
      return scalar.text;
  }
  return nullptr;
}

// What a frame says of where its sender stands. Nothing: it says nothing. Errors: invalid.
Result<std::optional<Since>> parse_since(std::string_view text) {
  const Error error{Errc::invalid, "since must be {\"epoch\": text, \"seq\": number}, or {\"seq\": 0}"};
  // The frame was parsed once already, so this cannot fail; only `since` is looked at.
  const auto frame = nlohmann::json::parse(text, nullptr, false);
  const auto since = frame.find("since");
  if (since == frame.end() || since->is_null()) return std::optional<Since>();
  if (!since->is_object()) return error;
  const auto seq = since->find("seq");
  const auto epoch = since->find("epoch");
  if (seq == since->end() || !seq->is_number_unsigned()) return error;
  Since parsed;
  parsed.seq = seq->get<Seq>();
  if (parsed.seq > kSeqMax) return error;
  if (epoch != since->end() && !epoch->is_null()) {
    if (!epoch->is_string() || epoch->get_ref<const std::string&>().size() > kEpochCharactersMax) return error;
    parsed.epoch = epoch->get<std::string>();
  }
  if (parsed.epoch.empty() && parsed.seq != 0) return error;
  return std::optional<Since>(std::move(parsed));
}

// What an acknowledgement says beside its cursor.
Result<AcknowledgeFrame> parse_acknowledgement(const Attributes& attributes, std::string cursor) {
  const AttributeValue* number = attributes.find("seq");
  const bool sent = number != nullptr && number->kind == AttributeValue::Kind::number;
  const auto seq = sent ? parse_seq(number->text) : std::nullopt;
  if (!seq) return Error{Errc::invalid, "seq must be a number"};
  const AttributeValue* epoch = attributes.find("epoch");
  const bool none = epoch == nullptr || epoch->kind == AttributeValue::Kind::null;
  if (!none && (epoch->kind != AttributeValue::Kind::text || epoch->text.size() > kEpochCharactersMax)) {
    return Error{Errc::invalid, "epoch must be a text"};
  }
  return AcknowledgeFrame{std::move(cursor), none ? std::string() : epoch->text, *seq};
}

ClientFrame parse_events_frame(const Attributes& attributes, std::string_view type) {
  const std::string channel(kEventsChannel);
  if (type == "unsubscribe") return StopListeningFrame{};
  if (type == "cancel") return BadFrame{"unknown channel", channel};
  const AttributeValue* cursor = attributes.find("cursor");
  if (cursor == nullptr || cursor->kind != AttributeValue::Kind::text || !is_cursor_name(cursor->text)) {
    return BadFrame{std::string(kCursorNameRule), channel};
  }
  if (type == "ack") {
    auto acknowledgement = parse_acknowledgement(attributes, cursor->text);
    if (!acknowledgement) return BadFrame{acknowledgement.error().message, channel};
    return *std::move(acknowledgement);
  }
  const AttributeValue* from = attributes.find("from");
  const auto beginning = from_beginning(from == nullptr ? nullptr : &from->text);
  if (!beginning) return BadFrame{beginning.error().message, channel};
  return ListenFrame{cursor->text, *beginning};
}

ClientFrame parse_channel_frame(const Attributes& attributes, std::string_view text, std::string_view type) {
  const AttributeValue* channel = attributes.find("channel");
  if (channel == nullptr || channel->kind != AttributeValue::Kind::text) return BadFrame{"channel must be a text", {}};
  if (channel->text.size() > kChannelCharactersMax) return BadFrame{"unknown channel", {}};
  if (channel->text == kEventsChannel) return parse_events_frame(attributes, type);
  if (channel->text == kFeedChannel && type == "subscribe") return FeedFrame{};
  if (channel->text == kFeedChannel && type == "unsubscribe") return StopFeedFrame{};
  const auto token = type == "ack" ? std::nullopt : token_of_channel(channel->text);
  if (!token) return BadFrame{"unknown channel", channel->text};
  if (type == "unsubscribe") return UnsubscribeFrame{*token};
  if (type == "cancel") return CancelFrame{*token};
  auto since = parse_since(text);
  if (!since) return BadFrame{since.error().message, channel->text};
  return SubscribeFrame{*token, *std::move(since)};
}

ordered_json submit_error(const AttributeValue& id) {
  return {{"type", "error"}, {"id", to_json(id)}};
}

}  // namespace

Result<bool> from_beginning(const std::string* from) {
  if (from == nullptr || *from == "now") return false;
  if (*from == "beginning") return true;
  return Error{Errc::invalid, "from must be \"now\" or \"beginning\""};
}

Result<AcknowledgeFrame> parse_acknowledgement(std::string_view json, std::string cursor) {
  const auto attributes = attributes_from_json(json);
  if (!attributes) return attributes.error();
  auto parsed = parse_acknowledgement(*attributes, std::move(cursor));
  if (parsed && parsed->epoch.empty()) return Error{Errc::invalid, "epoch must be a text"};
  return parsed;
}

ClientFrame parse_client_frame(std::string_view text) {
  auto attributes = attributes_from_json(text);
  if (!attributes) return BadFrame{attributes.error().message, {}};
  const AttributeValue* type = attributes->find("type");
  if (type == nullptr || type->kind != AttributeValue::Kind::text) return BadFrame{"type must be a text", {}};
  if (type->text == "ping") return PingFrame{};
  if (type->text == "subscribe" || type->text == "unsubscribe" || type->text == "cancel" || type->text == "ack") {
    return parse_channel_frame(*attributes, text, type->text);
  }
  if (type->text != "submit") return BadFrame{"unknown type", {}};
  SubmitFrame frame;
  if (const AttributeValue* id = attributes->find("id")) frame.id = *id;
  const AttributeValue* base64 = attributes->find("base64_encoded");
  if (base64 != nullptr && base64->text == "true") frame.encoding = Encoding::base64;
  if (const AttributeValue* key = attributes->find("idempotency_key")) frame.idempotency_key = key->text;
  frame.attributes = *std::move(attributes);
  return frame;
}

SharedMessage subscribed_message(const Snapshot& snapshot, const std::string& epoch, bool recovered) {
  return shared({
      {"type", "subscribed"},
      {"channel", channel_of(snapshot.token)},
      {"epoch", epoch},
      {"seq", snapshot.seq},
      {"recovered", recovered},
      {"submission", to_json(snapshot, epoch, Encoding::plain)},
  });
}

SharedMessage listening_message(const std::string& cursor, const std::string& epoch, GlobalSeq seq,
                                std::size_t window) {
  return shared({{"type", "subscribed"},
                 {"channel", kEventsChannel},
                 {"cursor", cursor},
                 {"epoch", epoch},
                 {"seq", seq},
                 {"window", window}});
}

SharedMessage acknowledged_message(const std::string& cursor, const std::string& epoch, GlobalSeq seq) {
  return shared({{"type", "acked"}, {"channel", kEventsChannel}, {"cursor", cursor}, {"epoch", epoch}, {"seq", seq}});
}

SharedMessage unsubscribed_message(const std::string& channel) {
  return shared({{"type", "unsubscribed"}, {"channel", channel}});
}

SharedMessage cancelled_message(const Token& token, const std::string& epoch, Seq seq) {
  return shared({{"type", "cancelled"}, {"channel", channel_of(token)}, {"epoch", epoch}, {"seq", seq}});
}

SharedMessage pong_message() {
  static const SharedMessage message = shared({{"type", "pong"}});
  return message;
}

SharedMessage submitted_message(const AttributeValue& id, const Token& token, const std::string& epoch, Seq seq) {
  return shared({
      {"type", "submitted"},
      {"id", to_json(id)},
      {"token", token.text()},
      {"channel", channel_of(token)},
      {"epoch", epoch},
      {"seq", seq},
  });
}

SharedMessage error_message(std::string_view error, const std::string& channel) {
  ordered_json message = {{"type", "error"}};
  if (!channel.empty()) message["channel"] = channel;
  message["error"] = error;
  return shared(message);
}

SharedMessage submit_error_message(const AttributeValue& id, std::string_view error) {
  ordered_json message = submit_error(id);
  message["error"] = error;
  return shared(message);
}

SharedMessage submit_error_message(const AttributeValue& id, const AttributeErrors& errors) {
  ordered_json message = submit_error(id);
  message["errors"] = to_json(errors);
  return shared(message);
}

}  // namespace pushjudge
