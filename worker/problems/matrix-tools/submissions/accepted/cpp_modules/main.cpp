#include "matrix.hpp"

#include <iostream>
#include <map>
#include <optional>
#include <string>

namespace {

using Drawers = std::map<char, Matrix>;

// The matrix that a command puts into its drawer; nothing if the command fails.
std::optional<Matrix> run(const std::string& command, const Drawers& drawers) {
  char y, z;
  std::cin >> y;
  const auto left = drawers.find(y);
  if (command == "pow") {
    long long exponent;
    std::cin >> exponent;
    return left == drawers.end() ? std::nullopt : power(left->second, exponent);
  }
  if (command == "flip") return left == drawers.end() ? std::nullopt : std::optional(left->second.flipped());
  std::cin >> z;
  const auto right = drawers.find(z);
  if (left == drawers.end() || right == drawers.end()) return std::nullopt;
  return command == "add" ? sum(left->second, right->second) : product(left->second, right->second);
}

}  // namespace

int main() {
  int q;
  std::cin >> q;
  Drawers drawers;
  while (q-- > 0) {
    std::string command;
    char x;
    std::cin >> command >> x;
    if (command == "show") {
      if (const auto found = drawers.find(x); found != drawers.end())
        std::cout << found->second;
      else
        std::cout << "error\n";
      continue;
    }
    std::optional<Matrix> result;
    if (command == "set") {
      int rows, columns;
      std::cin >> rows >> columns;
      result.emplace(rows, columns);
      std::cin >> *result;
    } else {
      result = run(command, drawers);
    }
    if (result)
      drawers.insert_or_assign(x, *result);
    else
      std::cout << "error\n";
  }
}
