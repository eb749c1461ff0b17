#pragma once

// What is wrong with a package, by file and line: an author wants to hear of all of it at once. Values; any thread.

#include <algorithm>
#include <string>
#include <vector>

namespace pushjudge::packages {

struct Place {
  std::string file;  // below the package's folder
  int line = 0;      // 0: the whole file

  std::string text() const { return line > 0 ? file + ":" + std::to_string(line) : file; }
};

class Findings {
 public:
  // Whoever inherits a setting finds the same mistake again, so each is kept once.
  void error(const Place& place, const std::string& what) { add(errors_, place.text() + ": " + what); }
  // What names its place itself.
  void error_text(const std::string& text) { add(errors_, text); }
  void warning(const Place& place, const std::string& what) { add(warnings_, place.text() + ": " + what); }

  const std::vector<std::string>& errors() const { return errors_; }
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  static void add(std::vector<std::string>& all, std::string one) {
    if (std::ranges::find(all, one) == all.end()) all.push_back(std::move(one));
  }

  std::vector<std::string> errors_;
  std::vector<std::string> warnings_;
};

}  // namespace pushjudge::packages
