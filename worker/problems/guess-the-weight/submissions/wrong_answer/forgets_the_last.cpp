// Takes the upper end to be excluded although it is not: never answers n.
#include <iostream>
#include <string>

int main() {
  long long n;
  if (!(std::cin >> n)) return 0;
  long long low = 1, high = n;
  while (high - low > 1) {
    const long long middle = (low + high) / 2;
    std::cout << "ask " << middle << std::endl;
    std::string word;
    if (!(std::cin >> word)) return 0;
    if (word == "lighter")
      high = middle;
    else
      low = middle + (word == "heavier");
    if (word == "balanced") break;
  }
  std::cout << "answer " << low << std::endl;
}
