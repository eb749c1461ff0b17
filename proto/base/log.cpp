#include "proto/base/log.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <mutex>

namespace pushjudge::log {
namespace {

constexpr std::size_t kGatheredBytesMax = 64 << 10;

// Standard error, to which one write brings all lines since the last flush.
class ErrorSink final : public spdlog::sinks::base_sink<std::mutex> {
 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    lines_.append(line.data(), line.size());
    if (lines_.size() >= kGatheredBytesMax) flush_();
  }

  void flush_() override {
    std::string_view rest = lines_;
    while (!rest.empty()) {
      const ssize_t written = ::write(STDERR_FILENO, rest.data(), rest.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) break;  // nobody listens, and there is nobody else to tell
      rest.remove_prefix(static_cast<std::size_t>(written));
    }
    lines_.clear();
  }

 private:
  std::string lines_;
};

spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> instance = [] {
    auto made = std::make_shared<spdlog::logger>("pushjudge", std::make_shared<ErrorSink>());
    made->set_formatter(std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%S.%eZ %-5l %n %v",
                                                                    spdlog::pattern_time_type::utc));
    made->flush_on(spdlog::level::debug);
    return made;
  }();
  return *instance;
}

bool needs_quotes(std::string_view text) {
  if (text.empty()) return true;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '=' || c == '\\' || c == 127) return true;
  }
  return false;
}

void append_text(std::string& line, std::string_view text) {
  if (!needs_quotes(text)) {
    line += text;
    return;
  }
  line += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      line += '\\';
      line += c;
    } else if (byte < ' ' || byte == 127) {
      std::array<char, 8> escaped{};
      std::snprintf(escaped.data(), escaped.size(), "\\x%02x", byte);
      line += escaped.data();
    } else {
      line += c;
    }
  }
  line += '"';
}

void write(spdlog::level::level_enum level, std::string_view event, Fields fields) {
  spdlog::logger& out = logger();
  if (!out.should_log(level)) return;
  std::string line(event);
  for (const Field& field : fields) {
    line += ' ';
    line += field.key;
    line += '=';
    field.value.append_to(line);
  }
  out.log(level, line);
}

}  // namespace

void Value::append_to(std::string& line) const {
  if (const auto* text = std::get_if<std::string_view>(&value_)) {
    append_text(line, *text);
  } else if (const auto* flag = std::get_if<bool>(&value_)) {
    line += *flag ? "true" : "false";
  } else if (const auto* number = std::get_if<double>(&value_)) {
    std::array<char, 32> digits{};
    std::snprintf(digits.data(), digits.size(), "%.3f", *number);
    line += digits.data();
  } else if (const auto* whole = std::get_if<std::int64_t>(&value_)) {
    line += std::to_string(*whole);
  } else {
    line += std::to_string(std::get<std::uint64_t>(value_));
  }
}

Gathering::Gathering() {
  logger().flush_on(spdlog::level::warn);
}

Gathering::~Gathering() {
  logger().flush_on(spdlog::level::debug);
  logger().flush();
}

bool start(std::string_view process, std::string_view level) {
  const std::string name(level);
  const auto wanted = spdlog::level::from_str(name);
  if (wanted == spdlog::level::off && name != "off") return false;
  spdlog::logger& out = logger();
  out.set_level(wanted);
  out.set_formatter(std::make_unique<spdlog::pattern_formatter>(
      "%Y-%m-%dT%H:%M:%S.%eZ %-5l " + std::string(process) + " %v", spdlog::pattern_time_type::utc));
  return true;
}

void debug(std::string_view event, Fields fields) {
  write(spdlog::level::debug, event, fields);
}
void info(std::string_view event, Fields fields) {
  write(spdlog::level::info, event, fields);
}
void warn(std::string_view event, Fields fields) {
  write(spdlog::level::warn, event, fields);
}
void error(std::string_view event, Fields fields) {
  write(spdlog::level::err, event, fields);
}

}  // namespace pushjudge::log
