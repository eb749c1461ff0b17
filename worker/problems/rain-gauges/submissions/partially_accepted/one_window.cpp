// @EXPECTED_SCORE@: 40
// Lets one window creep along the row, which is right as long as no gauge is dry.
#include <iostream>
#include <vector>

int main() {
  int n;
  long long s;
  std::cin >> n >> s;
  std::vector<int> gauges(n);
  for (int& gauge : gauges) std::cin >> gauge;
  long long sum = 0, count = 0;
  for (int start = 0, end = 0; end < n; ++end) {
    sum += gauges[end];
    while (start <= end && sum > s) sum -= gauges[start++];
    if (start <= end && sum == s) ++count;
  }
  std::cout << count << '\n';
}
