#pragma once

// What a solution finds around it, and how its tests are read and its answers written. In front of the solution, so
// that nothing the solution defines changes it.
#include <bits/stdc++.h>
#include <time.h>
#include <unistd.h>

using namespace std;

struct ListNode {
  int val;
  ListNode* next;
  ListNode() : val(0), next(nullptr) {}
  ListNode(int x) : val(x), next(nullptr) {}
  ListNode(int x, ListNode* next) : val(x), next(next) {}
};

struct TreeNode {
  int val;
  TreeNode* left;
  TreeNode* right;
  TreeNode() : val(0), left(nullptr), right(nullptr) {}
  TreeNode(int x) : val(x), left(nullptr), right(nullptr) {}
  TreeNode(int x, TreeNode* left, TreeNode* right) : val(x), left(left), right(right) {}
};

namespace function_kit {

[[noreturn]] inline void fail(const char* what) {
  std::fflush(stdout);
  std::fprintf(stderr, "%s\n", what);
  std::_Exit(1);
}

// More nodes than this are a ring.
constexpr std::size_t kNodesMax = 10'000'000;
constexpr int kAnswers = 3;

inline void write_all(int to, const std::string& bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const auto written = ::write(to, bytes.data() + at, bytes.size() - at);
    if (written < 0 && errno != EINTR) std::_Exit(1);
    if (written > 0) at += static_cast<std::size_t>(written);
  }
}

// The arguments, which come in one form only: JSON without blanks, a line a value.
class Reader {
 public:
  explicit Reader(std::string text) : text_(std::move(text)), at_(text_.data()), end_(at_ + text_.size()) {}

  bool at_end() const { return at_ == end_; }

  void read(int& value) { number(value); }
  void read(long& value) { number(value); }
  void read(long long& value) { number(value); }
  void read(bool& value) {
    value = *at_ == 't';
    at_ += value ? 4 : 5;
    end_line();
  }
  void read(double& value) {
    const bool quoted = *at_ == '"';
    if (quoted) ++at_;
    number(value);
    if (quoted) ++at_;
    end_line();
  }
  void read(char& value) {
    std::string text;
    read(text);
    value = text.empty() ? '\0' : text[0];
  }
  void read(std::string& value) {
    ++at_;
    for (const char* from = at_;; from = at_) {
      while (at_ < end_ && *at_ != '"' && *at_ != '\\') ++at_;
      value.append(from, at_);
      if (at_ >= end_) fail("the input ends too early");
      if (*at_++ == '"') break;
      escape(value);
    }
    end_line();
  }
  template <class T>
  void read(std::vector<T>& values) {
    each([&] {
      T value{};
      read(value);
      values.push_back(std::move(value));
    });
  }
  void read(ListNode*& head) {
    head = nullptr;
    ListNode** last = &head;
    each([&] {
      int value = 0;
      read(value);
      *last = new ListNode(value);
      last = &(*last)->next;
    });
  }
  void read(TreeNode*& root) {
    root = nullptr;
    std::vector<TreeNode**> places{&root};
    std::size_t next = 0;
    each([&] {
      TreeNode** place = next < places.size() ? places[next++] : nullptr;
      if (*at_ == 'n') {
        at_ += 4;
        return;
      }
      int value = 0;
      read(value);
      if (!place) return;
      *place = new TreeNode(value);
      places.push_back(&(*place)->left);
      places.push_back(&(*place)->right);
    });
  }

  // Of the calls of a class: a list of lists of arguments.
  void begin_list() { ++at_; }
  void end_list() {
    if (*at_ == ']') ++at_;
    end_line();
  }
  void begin_item() { ++at_; }
  template <class T>
  void item(T& value) {
    read(value);
    if (*at_ == ',') ++at_;
  }
  void end_item() {
    if (*at_ == ']') ++at_;
    if (*at_ == ',') ++at_;
  }

 private:
  void end_line() {
    if (at_ < end_ && *at_ == '\n') ++at_;
  }
  template <class Number>
  void number(Number& value) {
    const auto [stopped, failed] = std::from_chars(at_, end_, value);
    if (failed == std::errc::invalid_argument) fail("the input is not what the signature says");
    at_ = stopped;
    end_line();
  }
  template <class ReadOne>
  void each(const ReadOne& read_one) {
    ++at_;
    while (at_ < end_ && *at_ != ']') {
      read_one();
      if (*at_ == ',') ++at_;
    }
    ++at_;
    end_line();
  }
  unsigned hex() {
    unsigned code = 0;
    if (end_ - at_ >= 4) std::from_chars(at_, at_ + 4, code, 16);
    at_ += 4;
    return code;
  }
  void escape(std::string& value) {
    switch (const char c = *at_++) {
      case 'b':
        value += '\b';
        return;
      case 'f':
        value += '\f';
        return;
      case 'n':
        value += '\n';
        return;
      case 'r':
        value += '\r';
        return;
      case 't':
        value += '\t';
        return;
      case 'u':
        break;
      default:
        value += c;
        return;
    }
    unsigned code = hex();
    if (code >= 0xD800 && code < 0xDC00 && at_[0] == '\\' && at_[1] == 'u') {
      at_ += 2;
      code = 0x10000 + ((code - 0xD800) << 10) + (hex() - 0xDC00);
    }
    const auto add = [&](unsigned byte) { value += static_cast<char>(byte); };
    if (code < 0x80) return add(code);
    if (code < 0x800) {
      add(0xC0 | code >> 6);
    } else {
      if (code < 0x10000) {
        add(0xE0 | code >> 12);
      } else {
        add(0xF0 | code >> 18);
        add(0x80 | (code >> 12 & 0x3F));
      }
      add(0x80 | (code >> 6 & 0x3F));
    }
    add(0x80 | (code & 0x3F));
  }

  std::string text_;
  const char* at_;
  const char* end_;
};

// An answer, and the time that it took.
class Writer {
 public:
  void begin() { began_ = now(); }
  void end() { took_us_ += now() - began_; }

  void open() { json_ += '['; }
  void next() {
    if (json_.back() != '[') json_ += ',';
  }
  void close() { json_ += ']'; }
  void write_null() { json_ += "null"; }

  void write(int value) { number(value); }
  void write(long value) { number(value); }
  void write(long long value) { number(value); }
  void write(bool value) { json_ += value ? "true" : "false"; }
  void write(double value) {
    if (std::isnan(value)) {
      json_ += "\"NaN\"";
    } else if (std::isinf(value)) {
      json_ += value < 0 ? "\"-Infinity\"" : "\"Infinity\"";
    } else {
      number(value);
    }
  }
  void write(char value) { write(std::string(1, value)); }
  void write(const std::string& value) {
    json_ += '"';
    for (const char c : value) {
      if (c == '"' || c == '\\') json_ += '\\';
      if (static_cast<unsigned char>(c) < 0x20) {
        char escaped[8];
        std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
        json_ += escaped;
      } else {
        json_ += c;
      }
    }
    json_ += '"';
  }
  template <class T>
  void write(const std::vector<T>& values) {
    json_ += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) json_ += ',';
      const T& value = values[i];
      write(value);
    }
    json_ += ']';
  }
  void write(const std::vector<bool>& values) {
    json_ += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) json_ += ',';
      write(static_cast<bool>(values[i]));
    }
    json_ += ']';
  }
  void write(ListNode* node) {
    json_ += '[';
    for (std::size_t count = 0; node; node = node->next) {
      if (++count > kNodesMax) fail("The list that was returned has no end.");
      if (count > 1) json_ += ',';
      number(node->val);
    }
    json_ += ']';
  }
  void write(TreeNode* root) {
    json_ += '[';
    // Where the last node ends: there are no nulls behind it.
    std::size_t end = json_.size();
    std::deque<TreeNode*> level;
    if (root) level.push_back(root);
    bool first = true;
    for (std::size_t count = 0; !level.empty(); level.pop_front()) {
      TreeNode* node = level.front();
      if (!first) json_ += ',';
      first = false;
      if (!node) {
        json_ += "null";
        continue;
      }
      if (++count > kNodesMax) fail("The tree that was returned has no end.");
      number(node->val);
      end = json_.size();
      level.push_back(node->left);
      level.push_back(node->right);
    }
    json_.resize(end);
    json_ += ']';
  }

  void finish(const std::string& nonce) {
    std::cout.flush();
    std::fflush(stdout);
    write_all(1, nonce + "\n");
    write_all(kAnswers, nonce + " " + std::to_string(took_us_) + " " + json_ + "\n");
    json_.clear();
    took_us_ = 0;
  }

 private:
  static long long now() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec * 1'000'000LL + time.tv_nsec / 1000;
  }
  template <class Number>
  void number(Number value) {
    char digits[32];
    const auto written = std::to_chars(digits, digits + sizeof digits, value);
    json_.append(digits, written.ptr);
  }

  std::string json_;
  long long began_ = 0;
  long long took_us_ = 0;
};

inline std::string read_all(int from) {
  std::string text;
  std::size_t size = 0;
  for (;;) {
    text.resize(std::max<std::size_t>(2 * size, 1 << 16));
    const auto got = ::read(from, text.data() + size, text.size() - size);
    if (got < 0 && errno != EINTR) fail("the input cannot be read");
    if (got == 0) break;
    if (got > 0) size += static_cast<std::size_t>(got);
  }
  text.resize(size);
  return text;
}

// A solution that throws ends as it does anywhere, but what it printed is seen.
inline void show_what_was_printed() {
  static const auto end = std::get_terminate();
  std::set_terminate([] {
    std::fflush(stdout);
    end();
  });
}

// These are found by the type of the test.
template <class Test>
int run(const std::string& nonce) {
  show_what_was_printed();
  std::deque<Test> tests;
  {
    Reader in(read_all(0));
    while (!in.at_end()) read_test(in, tests.emplace_back());
  }
  Writer out;
  for (; !tests.empty(); tests.pop_front()) {
    run_test(tests.front(), out);
    out.finish(nonce);
  }
  return 0;
}

}  // namespace function_kit
