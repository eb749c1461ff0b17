#pragma once

// What `pushjudge compare` found out, and how it is told: as a table, as JSON, as a chart. Pure; any thread.

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace pushjudge::client {

// One way to learn of results. Per result: the mean of all that were seen.
struct WayFigures {
  std::string name;
  std::uint64_t results = 0;  // that were seen
  std::uint64_t missed = 0;   // that were not
  double late_p50_ms = 0;     // from the end of a job to the client's knowing
  double late_p99_ms = 0;
  double requests = 0;  // HTTP requests, of which a WebSocket takes one
  double sent_bytes = 0;
  double received_bytes = 0;
  std::optional<double> server_cpu_ms = {};  // of the gateway and the core; nothing where the server does not say
};

struct Comparison {
  std::string url;
  std::uint64_t runs = 0;  // of each way
  std::uint64_t concurrency = 0;
  double job_ms = 0;                   // from a submission's acceptance to its end, on average
  double clock_ahead_ms = 0;           // the server's clock, by which times were corrected; 0: it is the client's
  std::optional<double> clock_off_ms;  // by how much that may be wrong; nothing where no bounds were found
  std::vector<WayFigures> ways;
};

// The value that `part` (above 0, up to 1) of the values do not exceed: one of them. 0 without any.
double percentile(std::vector<double> values, double part);

// How far the server's clock is ahead of the client's: what the server dated lay between two moments of the client.
// Times in milliseconds since 1970; the server's in whole ones.
class ClockBounds {
 public:
  void add(double before, double dated, double after);
  // 0 where that is within the bounds, as on one machine; else the middle of them.
  double ahead_ms() const;
  // By how much ahead_ms() may be wrong where the clocks are two; 0 where they may be one; nothing without bounds.
  std::optional<double> off_ms() const;

 private:
  bool may_be_one() const;

  std::optional<double> least_;
  std::optional<double> most_;
};

// What was measured and how well it is known, in a few sentences of at most 110 characters, a line each.
std::vector<std::string> notes_on(const Comparison& comparison);

std::string table_of(const Comparison& comparison);
nlohmann::ordered_json json_of(const Comparison& comparison);
std::string chart_of(const Comparison& comparison);

}  // namespace pushjudge::client
