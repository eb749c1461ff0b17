// Raises d metre by metre, and floods the map for each: far too often where mountains are high.
#include <cstdlib>
#include <iostream>
#include <vector>

int rows, columns;
std::vector<int> height;

bool connected(int d) {
  std::vector<bool> seen(rows * columns);
  std::vector<int> stack{0};
  seen[0] = true;
  while (!stack.empty()) {
    const int at = stack.back();
    stack.pop_back();
    const auto visit = [&](int other) {
      if (seen[other] || std::abs(height[at] - height[other]) > d) return;
      seen[other] = true;
      stack.push_back(other);
    };
    if (at >= columns) visit(at - columns);
    if (at + columns < rows * columns) visit(at + columns);
    if (at % columns > 0) visit(at - 1);
    if (at % columns + 1 < columns) visit(at + 1);
  }
  return seen[rows * columns - 1];
}

int main() {
  std::cin >> rows >> columns;
  height.resize(rows * columns);
  for (int& h : height) std::cin >> h;
  int d = 0;
  while (!connected(d)) ++d;
  std::cout << d << '\n';
}
