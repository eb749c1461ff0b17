// One line: n and the weight, where 0 stands for a stallholder who decides late. Exit code 42 says that it is valid.
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

[[noreturn]] void fail(const char* reason) {
  std::fprintf(stderr, "%s\n", reason);
  std::exit(1);
}

long long number(char end) {
  std::string digits;
  int c;
  while ((c = std::getchar()) >= '0' && c <= '9' && digits.size() < 11) digits += static_cast<char>(c);
  if (c != end) fail("two integers on one line, with one space between them, are expected");
  if (digits.empty() || digits.size() > 10 || (digits.size() > 1 && digits[0] == '0')) fail("this is no integer");
  return std::stoll(digits);
}

}  // namespace

int main() {
  const long long n = number(' ');
  const long long weight = number('\n');
  if (std::getchar() != EOF) fail("something follows the line");
  if (n < 1 || n > 1'000'000'000) fail("n is out of range");
  if (weight > n) fail("the pumpkin is too heavy");
  return 42;
}
