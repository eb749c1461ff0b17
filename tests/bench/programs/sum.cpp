#include <cstdint>
#include <iostream>

int main() {
  std::ios::sync_with_stdio(false);
  std::uint64_t sum = 0;
  for (std::uint64_t number = 0; std::cin >> number;) sum += number;
  std::cout << sum << '\n';
}
