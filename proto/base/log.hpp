#pragma once

// One line an event, in logfmt, to standard error: `2026-01-01T10:00:00.000Z info  core job_assigned token=…
// attempt=1`. Event names are snake_case and stable. The token of the submission is on every line about one. Source
// code, program output and credentials are never logged. Pure code does not log; whoever calls it does. Any thread.

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace pushjudge::log {

// A value to be printed: a line that nobody wants costs no more than naming its values. Refers to a text, which must
// live as long.
class Value {
 public:
  Value(std::string_view text) : value_(text) {}
  Value(const char* text) : value_(std::string_view(text)) {}
  Value(const std::string& text) : value_(std::string_view(text)) {}
  Value(bool flag) : value_(flag) {}
  Value(double number) : value_(number) {}
  template <std::signed_integral T>
  Value(T number) : value_(static_cast<std::int64_t>(number)) {}
  template <std::unsigned_integral T>
  requires(!std::same_as<T, bool>) Value(T number) : value_(static_cast<std::uint64_t>(number)) {}

  // Text is quoted where it needs it, control characters are escaped.
  void append_to(std::string& line) const;

 private:
  std::variant<std::string_view, bool, std::int64_t, std::uint64_t, double> value_;
};

struct Field {
  std::string_view key;
  Value value;
};
using Fields = std::initializer_list<Field>;

// Names the process on each of its lines and sets the least level: "debug", "info", "warn", "error" or "off". Call once
// from main before other threads start. Returns false, and changes nothing, for an unknown level.
bool start(std::string_view process, std::string_view level);

// While one of these lives, lines gather, and they are written together at its end; a warning or an error is written at
// once, with those before it. For loops that say much in one go, on the one thread that has them. Not nested.
class Gathering {
 public:
  Gathering();
  ~Gathering();
  Gathering(const Gathering&) = delete;
  Gathering& operator=(const Gathering&) = delete;
};

void debug(std::string_view event, Fields fields = {});
void info(std::string_view event, Fields fields = {});
void warn(std::string_view event, Fields fields = {});
void error(std::string_view event, Fields fields = {});

}  // namespace pushjudge::log
