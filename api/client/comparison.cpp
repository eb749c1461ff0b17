#include "api/client/comparison.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "api/client/chart.hpp"

namespace pushjudge::client {
namespace {

std::string padded(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

std::string count_text(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", value);
  return text.data();
}

template <class Value>
Panel panel_of(const Comparison& comparison, std::string title, bool logarithmic, Value value) {
  Panel panel{std::move(title), {}, logarithmic};
  for (const WayFigures& way : comparison.ways) {
    if (way.results > 0) panel.bars.push_back(value(way));
  }
  return panel;
}

}  // namespace

double percentile(std::vector<double> values, double part) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const double rank = std::ceil(part * static_cast<double>(values.size()));
  return values[static_cast<std::size_t>(std::max(1.0, rank)) - 1];
}

void ClockBounds::add(double before, double dated, double after) {
  least_ = std::max(least_.value_or(dated - after), dated - after);
  most_ = std::min(most_.value_or(dated + 1 - before), dated + 1 - before);
}

bool ClockBounds::may_be_one() const {
  return !least_ || (*least_ <= 0 && *most_ >= 0);
}

double ClockBounds::ahead_ms() const {
  return may_be_one() ? 0 : (*least_ + *most_) / 2;
}

std::optional<double> ClockBounds::off_ms() const {
  if (!least_) return std::nullopt;
  return may_be_one() ? 0 : std::abs(*most_ - *least_) / 2;
}

std::vector<std::string> notes_on(const Comparison& comparison) {
  std::vector<std::string> notes;
  notes.push_back(std::to_string(comparison.runs) + " jobs for each way, " + std::to_string(comparison.concurrency) +
                  " at a time; a job took " + figure_text(comparison.job_ms) + " ms from its acceptance to its end.");
  notes.push_back(
      "Late: from the moment the core took the result up, before it made it durable, to the client's knowing.");
  if (!comparison.clock_off_ms) {
    notes.push_back("The core dates it in whole ms; whether its clock is the client's was not found out.");
  } else if (*comparison.clock_off_ms > 0 || comparison.clock_ahead_ms != 0) {
    notes.push_back("The core's clock is " + figure_text(comparison.clock_ahead_ms) +
                    " ms ahead; that is taken off, and known to " + figure_text(*comparison.clock_off_ms) + " ms.");
  } else {
    notes.push_back("The core dates it in whole ms, cut off, so up to 1 ms too much is shown; the clocks agree.");
  }
  notes.push_back("Requests, bytes and CPU: means for one result. Connections are kept; their handshakes count.");
  return notes;
}

std::string table_of(const Comparison& comparison) {
  std::string text;
  for (const std::string& note : notes_on(comparison)) text += note + "\n";
  text += "\n                       seen  late p50 ms  late p99 ms  requests  bytes sent  received  server CPU ms\n";
  for (const WayFigures& way : comparison.ways) {
    std::string name = way.name;
    name.resize(std::max<std::size_t>(name.size(), 20), ' ');
    const std::string seen = std::to_string(way.results) + "/" + std::to_string(way.results + way.missed);
    text += name + padded(seen, 7);
    if (way.results > 0) {
      text += padded(count_text(way.late_p50_ms), 13) + padded(count_text(way.late_p99_ms), 13) +
              padded(count_text(way.requests), 10) + padded(figure_text(std::round(way.sent_bytes)), 12) +
              padded(figure_text(std::round(way.received_bytes)), 10) +
              padded(way.server_cpu_ms ? count_text(*way.server_cpu_ms) : "-", 15);
    }
    text += "\n";
  }
  return text;
}

nlohmann::ordered_json json_of(const Comparison& comparison) {
  nlohmann::ordered_json ways = nlohmann::ordered_json::array();
  for (const WayFigures& way : comparison.ways) {
    nlohmann::ordered_json entry = {{"way", way.name},
                                    {"results", way.results},
                                    {"missed", way.missed},
                                    {"late_p50_ms", way.late_p50_ms},
                                    {"late_p99_ms", way.late_p99_ms},
                                    {"requests", way.requests},
                                    {"sent_bytes", way.sent_bytes},
                                    {"received_bytes", way.received_bytes},
                                    {"server_cpu_ms", nullptr}};
    if (way.server_cpu_ms) entry["server_cpu_ms"] = *way.server_cpu_ms;
    ways.push_back(std::move(entry));
  }
  nlohmann::ordered_json object = {
      {"url", comparison.url},       {"runs", comparison.runs}, {"concurrency", comparison.concurrency},
      {"job_ms", comparison.job_ms}, {"resolution_ms", 1},      {"clock_ahead_ms", comparison.clock_ahead_ms},
      {"clock_off_ms", nullptr},     {"ways", std::move(ways)}};
  if (comparison.clock_off_ms) object["clock_off_ms"] = *comparison.clock_off_ms;
  return object;
}

std::string chart_of(const Comparison& comparison) {
  std::vector<Panel> panels;
  panels.push_back(
      panel_of(comparison, "From a job's end to the client's knowing: p50 … p99, ms", true, [](const WayFigures& way) {
        return Bar{way.name, way.late_p50_ms, way.late_p99_ms};
      }));
  panels.push_back(panel_of(comparison, "Requests for one result", false, [](const WayFigures& way) {
    return Bar{way.name, way.requests};
  }));
  panels.push_back(panel_of(comparison, "Bytes for one result, both ways", false, [](const WayFigures& way) {
    return Bar{way.name, way.sent_bytes + way.received_bytes};
  }));
  const bool cpu = std::any_of(comparison.ways.begin(), comparison.ways.end(),
                               [](const WayFigures& way) { return way.server_cpu_ms.has_value(); });
  if (cpu) {
    panels.push_back(
        panel_of(comparison, "CPU of gateway and core for one result, ms", false, [](const WayFigures& way) {
          return Bar{way.name, way.server_cpu_ms.value_or(0)};
        }));
  }
  const std::vector<std::string> notes = notes_on(comparison);
  return chart_svg("Learning of a result: pushed or polled", notes, panels);
}

}  // namespace pushjudge::client
