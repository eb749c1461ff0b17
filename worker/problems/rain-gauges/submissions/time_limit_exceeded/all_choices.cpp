// Goes through all choices of gauges, and counts those that lie next to each other and show s altogether.
#include <iostream>
#include <vector>

std::vector<int> gauges;
long long s;

long long count(std::size_t i, int pieces, bool in_piece, long long sum) {
  if (i == gauges.size()) return pieces == 1 && sum == s;
  return count(i + 1, pieces, false, sum) + count(i + 1, pieces + !in_piece, true, sum + gauges[i]);
}

int main() {
  std::size_t n;
  std::cin >> n >> s;
  gauges.resize(n);
  for (int& gauge : gauges) std::cin >> gauge;
  std::cout << count(0, 0, false, 0) << '\n';
}
