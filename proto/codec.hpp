#pragma once

// The JSON that clients see: the one place that knows its field names. Pure; any thread.
//
// Texts of programs are bytes. With Encoding::plain a text that is not UTF-8 cannot be shown: to_json() then falls back
// to base64 for all texts of the object and says so in the key "base64_encoded"; is_utf8() lets a caller refuse
// instead.

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "proto/event.hpp"
#include "proto/language.hpp"
#include "proto/submission.hpp"

namespace pushjudge {

enum class Encoding { plain, base64 };

// RFC 4648 base64. encode: without line breaks. decode: blanks, line breaks and foreign characters are passed over, as
// Ruby's decode64 does, which Judge0 uses; never an error.
std::string base64_encode(std::string_view bytes);
std::string base64_decode(std::string_view text);

bool is_utf8(std::string_view bytes);
bool texts_are_utf8(const Snapshot& snapshot);
bool texts_are_utf8(const Submission& submission);

// The object of GET /submissions/{token}, and of `submission` in what is pushed: Judge0's default fields and ours.
nlohmann::ordered_json to_json(const Snapshot& snapshot, const std::string& epoch, Encoding encoding);

// All of Judge0's fields (fields=*) and ours.
nlohmann::ordered_json to_json(const Submission& submission, const Snapshot& snapshot, const std::string& epoch,
                               const Language* language, Encoding encoding);

// One message of the push protocol: {"type":"event","channel":…,"seq":…,"event":…,"at":…,"submission":{…}}, as text.
std::string event_message(const Event& event, const std::string& epoch);
// The same in the channel of all events, where "seq" is the event's global one.
inline constexpr std::string_view kEventsChannel = "events";
std::string log_message(const Event& event, const std::string& epoch);

// A '1' for each test that was judged and accepted, a '0' for each other, in their order.
std::string compare_result(const Report& report);

// An entry of "tests", by itself. Its messages are people's words: plain with either encoding, and what is not UTF-8 in
// them is shown as U+FFFD where the object becomes text. What it shows of the test is bytes: base64, with
// "base64_encoded", where that is not UTF-8. In a submission's object it has the encoding of that.
nlohmann::ordered_json to_json(const TestResult& test);

// A test that is done, while its submission runs: {"type":"progress","channel":…,"test":7,"of":20,"result":{…}}, as
// text. It has no seq: nothing is missing where it did not come.
std::string progress_message(const Token& token, const TestProgress& progress);

// What anybody may know of a submission that is finished: its verdict, what it cost, and when.
nlohmann::ordered_json public_outcome(const Snapshot& snapshot);

nlohmann::ordered_json to_json(const Language& language);

}  // namespace pushjudge
