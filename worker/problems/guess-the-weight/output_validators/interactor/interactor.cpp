// The stallholder: interactor INPUT ANSWER FEEDBACK_DIR, talking with the submission by standard input and output.
// Exit code 42 accepts, 43 rejects, anything else is our own fault.
//
// INPUT holds n and the weight. A weight of 0 means that the stallholder decides as late as possible: each answer is
// the one that leaves more weights possible, so that luck does not help.

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include <unistd.h>

namespace {

constexpr int weighings_max = 30;
constexpr std::size_t line_max = 64;

std::string feedback_dir;

[[noreturn]] void end(int code, const std::string& message) {
  std::ofstream(feedback_dir + "/judgemessage.txt", std::ios::app) << message << '\n';
  std::_Exit(code);
}

[[noreturn]] void accept(const std::string& message) {
  end(42, message);
}
[[noreturn]] void reject(const std::string& message) {
  end(43, message);
}

// A submission that has gone away reads no more: what it has written before is judged all the same.
void say(const std::string& text) {
  const std::string line = text + '\n';
  for (std::size_t done = 0; done < line.size();) {
    const ssize_t count = write(STDOUT_FILENO, line.data() + done, line.size() - done);
    if (count <= 0) return;
    done += static_cast<std::size_t>(count);
  }
}

// The next line, without what ends it. More than line_max bytes are never kept.
bool next_line(std::string& line) {
  line.clear();
  int c;
  while ((c = std::getchar()) != EOF && c != '\n') {
    if (line.size() == line_max) reject("a line is too long");
    line += static_cast<char>(c);
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return c != EOF || !line.empty();
}

std::string printable(const std::string& text) {
  std::string result;
  for (const char c : text) result += c >= ' ' && c <= '~' ? c : '?';
  return result;
}

// "word x" with nothing before, between or behind but spaces; x has at most 10 digits.
bool parse(const std::string& line, std::string& word, long long& x) {
  std::size_t at = 0;
  const auto token = [&] {
    while (at < line.size() && (line[at] == ' ' || line[at] == '\t')) ++at;
    std::string result;
    while (at < line.size() && line[at] != ' ' && line[at] != '\t') result += line[at++];
    return result;
  };
  word = token();
  const std::string digits = token();
  if (!token().empty() || digits.empty() || digits.size() > 10) return false;
  x = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return false;
    x = 10 * x + (c - '0');
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 1;
  feedback_dir = argv[3];
  std::signal(SIGPIPE, SIG_IGN);

  long long n = 0, weight = -1;
  if (!(std::ifstream(argv[1]) >> n >> weight) || n < 1 || weight < 0 || weight > n) end(1, "the input is broken");

  long long low = weight ? weight : 1, high = weight ? weight : n;  // what the weight may still be
  say(std::to_string(n));
  int weighings = 0;
  std::string line, word;
  while (next_line(line)) {
    long long x = 0;
    if (!parse(line, word, x) || (word != "ask" && word != "answer")) reject("not understood: " + printable(line));
    if (x < 1 || x > n) reject("out of range: " + printable(line));
    if (word == "answer") {
      const std::string after = " after " + std::to_string(weighings) + " weighings";
      if (low == x && high == x) accept("right" + after);
      if (low == high) reject("wrong" + after + ": " + std::to_string(x) + " instead of " + std::to_string(low));
      reject("guessed" + after + ": it may be anything from " + std::to_string(low) + " to " + std::to_string(high));
    }
    if (++weighings > weighings_max) reject("asked for more than 30 weighings");
    if (low == high) {
      say(low > x ? "heavier" : low < x ? "lighter" : "balanced");
      continue;
    }
    const long long above = x >= high ? 0 : x < low ? high - low + 1 : high - x;
    const long long below = x <= low ? 0 : x > high ? high - low + 1 : x - low;
    if (above >= below) {
      low = low > x ? low : x + 1;
      say("heavier");
    } else {
      high = high < x ? high : x - 1;
      say("lighter");
    }
  }
  reject("ended without an answer, after " + std::to_string(weighings) + " weighings");
}
