#include "tests/bench/figures.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <exception>
#include <nlohmann/json.hpp>
#include <string_view>

namespace pushjudge::bench {

double quantile(Samples samples, double part) {
  if (samples.empty()) return 0;
  const auto last = static_cast<double>(samples.size() - 1);
  const auto at = static_cast<std::ptrdiff_t>(std::llround(part * last));
  std::nth_element(samples.begin(), samples.begin() + at, samples.end());
  return samples[static_cast<std::size_t>(at)];
}

FigureFile::FigureFile(const std::string& path) {
  if (path.empty()) return;
  file_ = std::fopen(path.c_str(), "ae");
  if (file_ != nullptr) return;
  std::perror(path.c_str());
  std::exit(1);
}

FigureFile::~FigureFile() {
  if (file_ != nullptr) std::fclose(file_);
}

void FigureFile::write(const Figure& figure) {
  if (file_ == nullptr) return;
  nlohmann::ordered_json line{{"bench", figure.bench},
                              {"subject", figure.subject},
                              {"case", figure.what},
                              {"metric", figure.metric},
                              {"value", figure.value}};
  if (!figure.baseline.empty()) {
    line["baseline"] = figure.baseline;
    line["baseline_value"] = figure.baseline_value;
    if (figure.baseline_value > 0) line["ratio"] = figure.value / figure.baseline_value;
  }
  std::fprintf(file_, "%s\n", line.dump().c_str());
  std::fflush(file_);
}

Options parse_options(int argc, char** argv, unsigned runs) {
  Options options;
  options.runs = runs;
  for (int i = 1; i < argc; ++i) {
    const std::string_view option = argv[i];
    const std::string_view value = i + 1 < argc ? argv[i + 1] : "";
    ++i;
    if (option == "--json" && !value.empty()) {
      options.json = value;
      continue;
    }
    if (option == "--runs") {
      const auto [end, error] = std::from_chars(value.begin(), value.end(), options.runs);
      if (error == std::errc() && end == value.end() && options.runs >= 1 && options.runs <= 100'000) continue;
    }
    std::fprintf(stderr, "usage: %s [--json FILE] [--runs N]\n", argv[0]);
    std::exit(2);
  }
  return options;
}

int run_main(int argc, char** argv, unsigned runs, const std::function<void(const Options&)>& bench) {
  const auto options = parse_options(argc, argv, runs);
  try {
    bench(options);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "%s: %s\n", argv[0], failure.what());
    return 1;
  }
  return 0;
}

}  // namespace pushjudge::bench
