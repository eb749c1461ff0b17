#include "worker/sandbox/table.hpp"

#include <array>
#include <cstdio>
#include <string_view>

namespace pushjudge::sandbox {

namespace {

constexpr std::array<const char*, 5> kStandings{"enforced", "weaker", "MISSING", "offered", "-"};
constexpr int kWhatWidth = 20;
constexpr int kStandingWidth = 9;
constexpr std::size_t kDetailWidth = 88;

void print_line(std::string_view what, std::string_view standing, std::string_view rest) {
  std::printf("%-*.*s %-*.*s %.*s\n", kWhatWidth, static_cast<int>(what.size()), what.data(), kStandingWidth,
              static_cast<int>(standing.size()), standing.data(), static_cast<int>(rest.size()), rest.data());
}

}  // namespace

void print_table_head(const char* subject) {
  print_line(subject, "state", "detail, and the command that mends it");
}

void print_row(const TableRow& row) {
  std::string_view what = row.what;
  std::string_view standing = kStandings[static_cast<std::size_t>(row.standing)];
  std::string_view rest = row.detail;
  while (true) {
    auto end = rest.size();
    if (end > kDetailWidth) {
      end = rest.rfind(' ', kDetailWidth);
      if (end == std::string_view::npos) end = rest.size();
    }
    print_line(what, standing, rest.substr(0, end));
    what = standing = "";
    if (end >= rest.size()) break;
    rest.remove_prefix(end + 1);
  }
  if (!row.fix.empty()) print_line("", "", "fix: " + row.fix);
}

}  // namespace pushjudge::sandbox
