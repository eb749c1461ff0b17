// Believes that no card has a number above a million.
#include <iostream>
#include <vector>

int main() {
  std::ios::sync_with_stdio(false);
  int n, d;
  std::cin >> n >> d;
  std::vector<int> end(1000001), bought(1000001);
  int all = 0;
  while (n-- > 0) {
    int t, c;
    std::cin >> t >> c;
    if (bought.at(c) > 0 && t < end.at(c)) continue;
    end.at(c) = t + d;
    ++bought.at(c);
    ++all;
  }
  int best = 0;
  for (int c = 1; c <= 1000000; ++c)
    if (bought[c] > bought[best]) best = c;
  std::cout << all << '\n' << best << ' ' << bought[best] << '\n';
}
