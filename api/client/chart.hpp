#pragma once

// Bars as a standalone SVG: no script, nothing loaded, readable on light and dark ground. Pure; any thread.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pushjudge::client {

struct Bar {
  std::string label;
  double value = 0;
  std::optional<double> far = {};  // a thin line goes on to it: the worst of what `value` is the middle of
};

struct Panel {
  std::string title;  // with the unit
  std::vector<Bar> bars;
  bool logarithmic = false;
};

// Three figures are enough for anybody: "0.42", "7.0", "65", "1,320".
std::string figure_text(double value);

// `note` is said below the title, a line each.
std::string chart_svg(std::string_view title, std::span<const std::string> note, std::span<const Panel> panels);

}  // namespace pushjudge::client
