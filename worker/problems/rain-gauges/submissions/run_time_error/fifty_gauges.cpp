// Has a notebook with room for fifty gauges.
#include <array>
#include <iostream>

int main() {
  std::size_t n;
  long long s, count = 0;
  std::cin >> n >> s;
  std::array<int, 50> gauges{};
  for (std::size_t i = 0; i < n; ++i) std::cin >> gauges.at(i);
  for (std::size_t start = 0; start < n; ++start) {
    long long sum = 0;
    for (std::size_t end = start; end < n; ++end) {
      sum += gauges[end];
      count += sum == s;
    }
  }
  std::cout << count << '\n';
}
