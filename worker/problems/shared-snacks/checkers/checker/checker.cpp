// checker INPUT OUTPUT ANSWER [REPORT]: do these bags hold the right number of biscuits?
//
// Speaks testlib's protocol, without testlib: the exit code is 0 for a right output, 1 for a wrong one, 2 for one that
// has not the right form, 3 if the judges' answer is at fault (7, for points, is not needed here). The message goes to
// the standard error and, where its name is given, into the report.

#include <cstddef>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace {

enum Result { right = 0, wrong = 1, bad_form = 2, judges_at_fault = 3 };

constexpr std::size_t output_max = 1 << 20;

struct Task {
  int children = 0;
  std::vector<int> bags;
};

struct Verdict {
  Result result;
  std::string message;
  bool has_way = false;  // of a right one: some bags that fit, and not "-1"
};

// The integers of a text, each of at most 9 digits; nothing if there is anything else in it.
std::optional<std::vector<int>> integers(const std::string& text) {
  std::vector<int> result;
  const auto is_space = [](char c) { return c == ' ' || ('\t' <= c && c <= '\r'); };
  for (std::size_t at = 0; at < text.size();) {
    if (is_space(text[at])) {
      ++at;
      continue;
    }
    const bool negative = text[at] == '-';
    at += negative;
    int value = 0;
    std::size_t digits = 0;
    for (; at < text.size() && '0' <= text[at] && text[at] <= '9'; ++at) {
      if (++digits > 9) return std::nullopt;
      value = 10 * value + (text[at] - '0');
    }
    if (digits == 0 || (at < text.size() && !is_space(text[at]))) return std::nullopt;
    result.push_back(negative ? -value : value);
  }
  return result;
}

std::string start_of(const char* path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(output_max + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

Task read_task(const char* path) {
  std::ifstream file(path);
  Task task;
  std::size_t n = 0;
  file >> n >> task.children;
  task.bags.assign(std::istream_iterator<int>(file), {});
  if (task.bags.size() != n) task.bags.clear();
  return task;
}

// `right` for bags that fit, and for "-1" as well: whether that is so, a text alone does not tell.
Verdict judge(const Task& task, const std::string& text) {
  if (text.size() > output_max) return {bad_form, "the output is far too long"};
  const auto numbers = integers(text);
  if (!numbers) return {bad_form, "the output holds something that is no integer, or a huge one"};
  if (numbers->empty()) return {bad_form, "there is no output"};
  const int n = static_cast<int>(task.bags.size());
  const int k = numbers->front();
  if (k == -1 && numbers->size() == 1) return {right, "no way"};
  if (k < 0 || k > n) return {bad_form, std::to_string(k) + " is no number of bags"};
  if (numbers->size() != static_cast<std::size_t>(k) + 1)
    return {bad_form, std::to_string(k) + " bags are announced, " + std::to_string(numbers->size() - 1) + " follow"};
  std::vector<bool> taken(task.bags.size());
  long long biscuits = 0;
  for (std::size_t i = 1; i < numbers->size(); ++i) {
    const int bag = (*numbers)[i];
    if (bag < 1 || bag > n) return {wrong, "there is no bag " + std::to_string(bag)};
    if (taken[bag - 1]) return {wrong, "bag " + std::to_string(bag) + " is taken twice"};
    taken[bag - 1] = true;
    biscuits += task.bags[bag - 1];
  }
  if (biscuits != task.children)
    return {wrong, std::to_string(biscuits) + " biscuits for " + std::to_string(task.children) + " children"};
  return {right, std::to_string(k) + " bags", true};
}

Verdict compare(const Task& task, const std::string& output, const std::string& answer) {
  if (task.bags.empty()) return {judges_at_fault, "the input is broken"};
  const Verdict ours = judge(task, answer);
  if (ours.result != right) return {judges_at_fault, "the judges' answer: " + ours.message};
  const Verdict theirs = judge(task, output);
  if (theirs.result != right || theirs.has_way == ours.has_way) return theirs;
  if (ours.has_way) return {wrong, "there is a way with " + ours.message};
  return {judges_at_fault, "there is a way with " + theirs.message + ", unlike the judges say"};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fputs("usage: checker INPUT OUTPUT ANSWER [REPORT]\n", stderr);
    return judges_at_fault;
  }
  const Verdict verdict = compare(read_task(argv[1]), start_of(argv[2]), start_of(argv[3]));
  std::fprintf(stderr, "%s\n", verdict.message.c_str());
  if (argc > 4) std::ofstream(argv[4]) << verdict.message << '\n';
  return verdict.result;
}
