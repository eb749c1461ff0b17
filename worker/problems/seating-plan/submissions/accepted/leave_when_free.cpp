#include <iostream>
#include <queue>
#include <vector>

int main() {
  int n, m;
  std::cin >> n >> m;
  std::vector<std::vector<int>> right_of(n + 1);
  std::vector<int> waiting_for(n + 1);
  while (m-- > 0) {
    int a, b;
    std::cin >> a >> b;
    right_of[a].push_back(b);
    ++waiting_for[b];
  }
  std::queue<int> free;
  for (int guest = 1; guest <= n; ++guest)
    if (waiting_for[guest] == 0) free.push(guest);
  std::vector<int> order;
  while (!free.empty()) {
    const int guest = free.front();
    free.pop();
    order.push_back(guest);
    for (int other : right_of[guest])
      if (--waiting_for[other] == 0) free.push(other);
  }
  if (static_cast<int>(order.size()) < n) {
    std::cout << "impossible\n";
    return 0;
  }
  for (int guest : order) std::cout << guest << ' ';
  std::cout << '\n';
}
