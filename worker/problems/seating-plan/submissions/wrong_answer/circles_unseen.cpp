// Leaves the guests who wait for each other at the end of the row, and never says that it is impossible.
#include <cstdio>
#include <vector>

std::vector<std::vector<int>> left_of;
std::vector<bool> seen;

void seat(int guest) {
  if (seen[guest]) return;
  seen[guest] = true;
  for (int other : left_of[guest]) seat(other);
  std::printf("%d\n", guest);
}

int main() {
  int n, m, a, b;
  if (std::scanf("%d %d", &n, &m) != 2) return 1;
  left_of.resize(n + 1);
  seen.resize(n + 1);
  while (m-- > 0 && std::scanf("%d %d", &a, &b) == 2) left_of[b].push_back(a);
  for (int guest = 1; guest <= n; ++guest) seat(guest);
}
