#pragma once

#include <cstdio>
#include <functional>
#include <string>
#include <vector>

// What every benchmark does with its figures: quantiles, a table for people, one JSON object a line for machines.
namespace pushjudge::bench {

// Microseconds, in any order.
using Samples = std::vector<double>;

// The value below which `part` (0 to 1) of the samples lie; 0 without samples.
[[nodiscard]] double quantile(Samples samples, double part);

// One figure of one subject, beside the same figure of the baseline in the same run.
struct Figure {
  std::string bench;    // sandbox
  std::string subject;  // ours, bwrap
  std::string what;     // static-c
  std::string metric;   // wall_median_us
  double value = 0;
  std::string baseline;  // bare
  double baseline_value = 0;
};

// Appends figures to a file, if there is one. Exits with a sentence when it cannot be written.
class FigureFile {
 public:
  explicit FigureFile(const std::string& path);  // empty: no file
  ~FigureFile();
  FigureFile(const FigureFile&) = delete;
  FigureFile& operator=(const FigureFile&) = delete;

  void write(const Figure& figure);

 private:
  std::FILE* file_ = nullptr;
};

// The options that all benchmarks know: --json FILE and --runs N (N at least 1, at most 100000). Exits with 2 and a
// sentence for anything else.
struct Options {
  std::string json;
  unsigned runs = 300;
};
[[nodiscard]] Options parse_options(int argc, char** argv, unsigned runs = 300);

// A benchmark's main: runs it with its options, of which --runs is `runs` where it is not said. What it throws becomes
// a sentence and exit code 1.
int run_main(int argc, char** argv, unsigned runs, const std::function<void(const Options&)>& bench);

}  // namespace pushjudge::bench
