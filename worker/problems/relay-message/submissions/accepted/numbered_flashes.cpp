// A Hamming code: the flashes are numbered from 1, those at powers of two are free. They are chosen so that the numbers
// of all long flashes, combined by exclusive or, give 0; a flash that is changed then gives its own number.

#include <iostream>
#include <string>

namespace {

bool is_free(std::size_t number) {
  return (number & (number - 1)) == 0;
}

std::size_t combined(const std::string& flashes) {
  std::size_t result = 0;
  for (std::size_t number = 1; number < flashes.size(); ++number)
    if (flashes[number] == '1') result ^= number;
  return result;
}

std::string encode(const std::string& text) {
  std::string flashes = "-";  // nothing has the number 0
  for (const char letter : text) {
    const int code = letter == '_' ? 26 : letter - 'a';
    for (int bit = 0; bit < 5; ++bit) {
      while (is_free(flashes.size())) flashes += '0';
      flashes += code >> bit & 1 ? '1' : '0';
    }
  }
  const std::size_t wrong = combined(flashes);
  for (std::size_t number = 1; number < flashes.size(); number *= 2)
    if (wrong & number) flashes[number] = '1';
  return flashes.substr(1);
}

std::string decode(const std::string& passed) {
  std::string flashes = '-' + passed;
  if (const std::size_t wrong = combined(flashes); wrong > 0 && wrong < flashes.size()) flashes[wrong] ^= 1;
  std::string text;
  int code = 0, bits = 0;
  for (std::size_t number = 1; number < flashes.size(); ++number) {
    if (is_free(number)) continue;
    code |= (flashes[number] - '0') << bits++;
    if (bits < 5) continue;
    text += code == 26 ? '_' : static_cast<char>('a' + code);
    code = bits = 0;
  }
  return text;
}

}  // namespace

int main() {
  std::string task, line;
  std::cin >> task >> line;
  std::cout << (task == "encode" ? encode(line) : decode(line)) << '\n';
}
