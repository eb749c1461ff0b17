#pragma once

// The messages of /ws, as values: what clients say, and what we answer. Pure; any thread.
//
//   client  {"type":"subscribe","channel":"submission:TOKEN","since":{"epoch":"…","seq":17}}   since is optional
//           {"type":"unsubscribe","channel":…}   {"type":"ping"}
//           {"type":"submit","id":…,"idempotency_key":…, attributes as for POST}   id and key are optional
//           {"type":"cancel","channel":…}
//           {"type":"subscribe","channel":"events","cursor":NAME,"from":"now"|"beginning"}   from: where a new one
//           starts
//           {"type":"subscribe","channel":"feed"}
//           {"type":"ack","channel":"events","cursor":NAME,"epoch":…,"seq":N}   epoch: if left out, the one told last
//   server  {"type":"subscribed","channel":…,"epoch":…,"seq":…,"recovered":…,"submission":{…}}
//           {"type":"subscribed","channel":"events","cursor":…,"epoch":…,"seq":…,"window":…}
//           {"type":"acked","channel":"events","cursor":…,"epoch":…,"seq":…}
//           {"type":"subscribed","channel":"feed",…} {"type":"feed",…} (feed.hpp)
//           {"type":"event",…} {"type":"progress",…} (proto/codec)   {"type":"unsubscribed","channel":…}
//           {"type":"pong"}
//           {"type":"submitted","id":…,"token":…,"channel":…,"epoch":…,"seq":…}
//           {"type":"cancelled","channel":…,"epoch":…,"seq":…}   the event comes to whoever is subscribed
//           {"type":"error","id":…,"channel":…,"error":"…"} or, for attributes, "errors":{…}; id and channel where
//           known

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "api/attributes.hpp"
#include "api/judge0.hpp"
#include "api/resume.hpp"
#include "api/socket.hpp"
#include "proto/submission.hpp"

namespace pushjudge {

struct SubscribeFrame {
  Token token;
  std::optional<Since> since;
};
struct UnsubscribeFrame {
  Token token;
};
struct CancelFrame {
  Token token;
};
// To hear of all events, from where a cursor stands.
struct ListenFrame {
  std::string cursor;
  bool from_beginning = false;
};
struct StopListeningFrame {};
struct FeedFrame {};
struct StopFeedFrame {};
struct AcknowledgeFrame {
  std::string cursor;
  std::string epoch;  // empty: it was not sent
  GlobalSeq seq = 0;
};
struct PingFrame {};
struct SubmitFrame {
  AttributeValue id;  // whatever the client calls it; comes back with the answer
  Attributes attributes;
  Encoding encoding = Encoding::plain;
  std::optional<std::string> idempotency_key;  // not checked yet
};
// A frame that is refused; the connection lives on.
struct BadFrame {
  std::string error;
  std::string channel;  // as the client named it, when it did
};

using ClientFrame = std::variant<SubscribeFrame, UnsubscribeFrame, CancelFrame, ListenFrame, StopListeningFrame,
                                 AcknowledgeFrame, FeedFrame, StopFeedFrame, PingFrame, SubmitFrame, BadFrame>;
ClientFrame parse_client_frame(std::string_view text);

// Whether a cursor that is new starts at the beginning, by what "from" says; null: it was not sent. Errors: invalid.
Result<bool> from_beginning(const std::string* from);

// What is posted to acknowledge: {"epoch":…,"seq":…}. Errors: invalid.
Result<AcknowledgeFrame> parse_acknowledgement(std::string_view json, std::string cursor);

SharedMessage subscribed_message(const Snapshot& snapshot, const std::string& epoch, bool recovered);
// `window`: how many events are sent before the first must be acknowledged.
SharedMessage listening_message(const std::string& cursor, const std::string& epoch, GlobalSeq seq, std::size_t window);
SharedMessage acknowledged_message(const std::string& cursor, const std::string& epoch, GlobalSeq seq);
SharedMessage unsubscribed_message(const std::string& channel);
SharedMessage cancelled_message(const Token& token, const std::string& epoch, Seq seq);
SharedMessage pong_message();
SharedMessage submitted_message(const AttributeValue& id, const Token& token, const std::string& epoch, Seq seq);
SharedMessage error_message(std::string_view error, const std::string& channel);  // without "channel" when it is empty
SharedMessage submit_error_message(const AttributeValue& id, std::string_view error);
SharedMessage submit_error_message(const AttributeValue& id, const AttributeErrors& errors);

}  // namespace pushjudge
