// Notices by a parity that a flash has been changed, but does not know what to do about it.
#include <algorithm>
#include <iostream>
#include <stdexcept>
#include <string>

int main() {
  std::string task, line;
  std::cin >> task >> line;
  if (task == "encode") {
    std::string flashes;
    for (const char letter : line)
      for (int bit = 4; bit >= 0; --bit) flashes += (letter == '_' ? 26 : letter - 'a') >> bit & 1 ? '1' : '0';
    std::cout << flashes << (std::count(flashes.begin(), flashes.end(), '1') % 2) << '\n';
    return 0;
  }
  if (std::count(line.begin(), line.end(), '1') % 2 != 0) throw std::runtime_error("a flash is wrong");
  for (std::size_t at = 0; at + 5 < line.size(); at += 5) {
    const int code = std::stoi(line.substr(at, 5), nullptr, 2);
    std::cout << (code == 26 ? '_' : static_cast<char>('a' + code));
  }
  std::cout << '\n';
}
