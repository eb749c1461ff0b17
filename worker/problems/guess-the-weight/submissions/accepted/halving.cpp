#include <iostream>
#include <string>

int main() {
  long long n;
  if (!(std::cin >> n)) return 0;
  long long low = 1, high = n;
  while (low < high) {
    const long long middle = (low + high) / 2;
    std::cout << "ask " << middle << std::endl;
    std::string word;
    if (!(std::cin >> word)) return 0;
    if (word == "balanced")
      low = high = middle;
    else if (word == "heavier")
      low = middle + 1;
    else
      high = middle - 1;
  }
  std::cout << "answer " << low << std::endl;
}
