// A ticket is taken to be good for one minute more than it is.
#include <iostream>
#include <map>

int main() {
  std::ios::sync_with_stdio(false);
  int n, d;
  std::cin >> n >> d;
  std::map<int, int> end, bought;
  int all = 0;
  while (n-- > 0) {
    int t, c;
    std::cin >> t >> c;
    auto found = end.find(c);
    if (found != end.end() && t <= found->second) continue;
    end[c] = t + d;
    ++bought[c];
    ++all;
  }
  int best = 0, most = 0;
  for (auto [card, count] : bought)
    if (count > most) best = card, most = count;
  std::cout << all << '\n' << best << ' ' << most << '\n';
}
