#pragma once

// One line an event, in logfmt, to standard error: `2026-01-01T10:00:00.000Z info  core job_assigned token=…
// attempt=1`. Event names are snake_case and stable. The token of the submission is on every line about one. Source
// code, program output and credentials are never logged. Pure code does not log; whoever calls it does. Any thread.

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace pushjudge::log {

// A value ready to print: text is quoted where it needs it, control characters are escaped.
class Value {
 public:
  Value(std::string_view text);
  Value(const char* text) : Value(std::string_view(text)) {}
  Value(const std::string& text) : Value(std::string_view(text)) {}
  Value(bool flag) : text_(flag ? "true" : "false") {}
  Value(double number);
  template <std::integral T>
  requires(!std::same_as<T, bool>) Value(T number) : text_(std::to_string(number)) {}

  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

struct Field {
  std::string_view key;
  Value value;
};
using Fields = std::initializer_list<Field>;

// Names the process on each of its lines and sets the least level: "debug", "info", "warn", "error" or "off". Call once
// from main before other threads start. Returns false, and changes nothing, for an unknown level.
bool start(std::string_view process, std::string_view level);

void debug(std::string_view event, Fields fields = {});
void info(std::string_view event, Fields fields = {});
void warn(std::string_view event, Fields fields = {});
void error(std::string_view event, Fields fields = {});

}  // namespace pushjudge::log
