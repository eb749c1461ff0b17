// Opens the steps from the gentlest to the steepest, until hut and station are connected.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <numeric>
#include <vector>

std::vector<int> parent;

int root(int x) {
  while (parent[x] != x) x = parent[x] = parent[parent[x]];
  return x;
}

struct Step {
  int steepness, from, to;
};

int main() {
  int rows, columns;
  std::cin >> rows >> columns;
  std::vector<int> height(rows * columns);
  for (int& h : height) std::cin >> h;
  std::vector<Step> steps;
  for (int at = 0; at < rows * columns; ++at) {
    if (at % columns + 1 < columns) steps.push_back({std::abs(height[at] - height[at + 1]), at, at + 1});
    if (at + columns < rows * columns) steps.push_back({std::abs(height[at] - height[at + columns]), at, at + columns});
  }
  std::sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) { return a.steepness < b.steepness; });
  parent.resize(rows * columns);
  std::iota(parent.begin(), parent.end(), 0);
  int d = 0;
  for (auto step = steps.begin(); root(0) != root(rows * columns - 1); ++step) {
    parent[root(step->from)] = root(step->to);
    d = step->steepness;
  }
  std::cout << d << '\n';
}
