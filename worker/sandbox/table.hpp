#pragma once

#include <cstdint>
#include <string>

// The table in which `check` (and the worker's `doctor`, which shows it) say what a host offers, for people.
namespace pushjudge::sandbox {

enum class Standing : std::uint8_t {
  enforced,
  weaker,   // boxes work, with less protection, or less even measurements
  missing,  // without it there are no boxes
  offered,
  none,  // only a fact
};

struct TableRow {
  std::string what;
  Standing standing = Standing::none;
  std::string detail;
  std::string fix = {};  // a command to paste; empty when there is nothing to mend
};

// To standard output: what, standing and detail on a line, broken where it is long; the fix on one of its own.
void print_table_head(const char* subject);
void print_row(const TableRow& row);

}  // namespace pushjudge::sandbox
