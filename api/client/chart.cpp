#include "api/client/chart.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "api/markup.hpp"

namespace pushjudge::client {
namespace {

// Pixels.
constexpr double kWidth = 760;
constexpr double kMargin = 24;
constexpr double kBarsLeft = 190;
constexpr double kBarsRight = 590;  // what a bar and its line say stands right of it
constexpr double kRow = 26;
constexpr double kBar = 16;

constexpr std::string_view kStyle = R"(
    svg { color-scheme: light dark; font: 13px system-ui, sans-serif; }
    .ground { fill: #ffffff; }
    text { fill: #1c2430; }
    .title { font-size: 18px; font-weight: 600; }
    .panel { font-size: 14px; font-weight: 600; }
    .note, .tick { fill: #5a6572; font-size: 12px; }
    .bar { fill: #2f6fd0; }
    .far { stroke: #5a6572; stroke-width: 1.5; }
    .grid { stroke: #d7dce2; }
    @media (prefers-color-scheme: dark) {
      .ground { fill: #14181e; }
      text { fill: #e4e8ee; }
      .note, .tick { fill: #9aa5b3; }
      .bar { fill: #6aa3f5; }
      .far { stroke: #9aa5b3; }
      .grid { stroke: #323a45; }
    }
  )";

std::string pixels(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", value);
  return text.data();
}

std::string text_at(double x, double y, std::string_view style, std::string_view text, bool to_the_left = false) {
  return "  <text class=\"" + std::string(style) + "\" x=\"" + pixels(x) + "\" y=\"" + pixels(y) + "\"" +
         (to_the_left ? " text-anchor=\"end\"" : "") + ">" + escape_markup(text) + "</text>\n";
}

std::string line(std::string_view style, double x1, double y1, double x2, double y2) {
  return "  <line class=\"" + std::string(style) + "\" x1=\"" + pixels(x1) + "\" y1=\"" + pixels(y1) + "\" x2=\"" +
         pixels(x2) + "\" y2=\"" + pixels(y2) + "\"/>\n";
}

// Where values stand between the edges of a panel.
class Scale {
 public:
  explicit Scale(const Panel& panel) : logarithmic_(panel.logarithmic) {
    double least = 0;
    double most = 0;
    for (const Bar& bar : panel.bars) {
      for (const double value : {bar.value, bar.far.value_or(bar.value)}) {
        most = std::max(most, value);
        if (value > 0) least = least > 0 ? std::min(least, value) : value;
      }
    }
    if (most <= 0) least = most = 1;
    if (logarithmic_) {
      low_ = std::pow(10, std::ceil(std::log10(least)) - 1);
      high_ = std::pow(10, std::ceil(std::log10(most)));
      for (double tick = low_; tick <= high_ * 1.5; tick *= 10) ticks_.push_back(tick);
    } else {
      const double power = std::pow(10, std::floor(std::log10(most)));
      const double step = most / power > 5 ? 2 * power : most / power > 2 ? power : power / 2;
      high_ = std::ceil(most / step) * step;
      for (double tick = 0; tick < high_ + step / 2; tick += step) ticks_.push_back(tick);
    }
  }

  double x(double value) const {
    double part = 0;
    if (!logarithmic_) {
      part = value / high_;
    } else if (value > low_) {
      part = std::log10(value / low_) / std::log10(high_ / low_);
    }
    return kBarsLeft + std::clamp(part, 0.0, 1.0) * (kBarsRight - kBarsLeft);
  }
  const std::vector<double>& ticks() const { return ticks_; }

 private:
  bool logarithmic_;
  double low_ = 0;
  double high_ = 1;
  std::vector<double> ticks_;
};

double height_of(const Panel& panel) {
  return 64 + kRow * static_cast<double>(panel.bars.size());
}

std::string panel_svg(const Panel& panel, double top) {
  const Scale scale(panel);
  std::string svg = text_at(kMargin, top + 16, "panel", panel.title);
  const double first = top + 28;
  const double bottom = first + kRow * static_cast<double>(panel.bars.size());
  for (const double tick : scale.ticks()) {
    svg += line("grid", scale.x(tick), first, scale.x(tick), bottom);
    svg += "  <text class=\"tick\" x=\"" + pixels(scale.x(tick)) + "\" y=\"" + pixels(bottom + 15) +
           "\" text-anchor=\"middle\">" + figure_text(tick) + "</text>\n";
  }
  double y = first;
  for (const Bar& bar : panel.bars) {
    const double middle = y + kRow / 2;
    svg += text_at(kBarsLeft - 10, middle + 4, "label", bar.label, true);
    svg += "  <rect class=\"bar\" x=\"" + pixels(kBarsLeft) + "\" y=\"" + pixels(middle - kBar / 2) + "\" width=\"" +
           pixels(std::max(1.0, scale.x(bar.value) - kBarsLeft)) + "\" height=\"" + pixels(kBar) + "\" rx=\"2\"/>\n";
    std::string said = figure_text(bar.value);
    double end = scale.x(bar.value);
    if (bar.far) {
      end = std::max(end, scale.x(*bar.far));
      svg += line("far", scale.x(bar.value), middle, scale.x(*bar.far), middle);
      svg += line("far", scale.x(*bar.far), middle - 5, scale.x(*bar.far), middle + 5);
      said += " … " + figure_text(*bar.far);
    }
    svg += text_at(end + 8, middle + 4, "value", said);
    y += kRow;
  }
  return svg;
}

}  // namespace

std::string figure_text(double value) {
  std::array<char, 64> text{};
  const double size = std::abs(value);
  if (size >= 100 || size == 0) {
    std::snprintf(text.data(), text.size(), "%.0f", value);
  } else if (size >= 9.95) {
    std::snprintf(text.data(), text.size(), size == std::floor(size) ? "%.0f" : "%.1f", value);
  } else {
    std::snprintf(text.data(), text.size(), size == std::floor(size) ? "%.0f" : size >= 1 ? "%.1f" : "%.2g", value);
  }
  std::string digits = text.data();
  if (size < 1000) return digits;
  for (std::size_t at = digits.size(); at > 3 + (value < 0 ? 1U : 0U);) digits.insert(at -= 3, ",");
  return digits;
}

std::string chart_svg(std::string_view title, std::span<const std::string> note, std::span<const Panel> panels) {
  const double top = 64 + 18 * static_cast<double>(note.size());
  double height = top;
  for (const Panel& panel : panels) height += height_of(panel);
  const std::string size = "width=\"" + pixels(kWidth) + "\" height=\"" + pixels(height) + "\"";
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" " + size + " viewBox=\"0 0 " + pixels(kWidth) + " " +
                    pixels(height) + "\" role=\"img\">\n  <title>" + escape_markup(title) + "</title>\n  <style>" +
                    std::string(kStyle) + "</style>\n  <rect class=\"ground\" " + size + "/>\n";
  svg += text_at(kMargin, 34, "title", title);
  double y = 56;
  for (const std::string& said : note) {
    svg += text_at(kMargin, y, "note", said);
    y += 18;
  }
  y = top;
  for (const Panel& panel : panels) {
    svg += panel_svg(panel, y);
    y += height_of(panel);
  }
  return svg + "</svg>\n";
}

}  // namespace pushjudge::client
