#include <iostream>
#include <vector>

int main() {
  int n;
  long long s;
  std::cin >> n >> s;
  std::vector<int> seen(1000 * n + 1);  // how often each sum of the first gauges has occurred
  seen[0] = 1;
  long long sum = 0, count = 0;
  while (n-- > 0) {
    int gauge;
    std::cin >> gauge;
    sum += gauge;
    if (sum >= s) count += seen[sum - s];
    ++seen[sum];
  }
  std::cout << count << '\n';
}
