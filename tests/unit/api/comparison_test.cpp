#include "api/client/comparison.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "api/client/chart.hpp"
#include "api/client/server_events.hpp"

using namespace pushjudge;
using nlohmann::ordered_json;

namespace {

client::Comparison two_ways() {
  client::Comparison comparison;
  comparison.url = "http://h:1";
  comparison.runs = 40;
  comparison.concurrency = 4;
  comparison.job_ms = 812.25;
  comparison.clock_off_ms = 0;
  comparison.ways = {{"websocket", 40, 0, 3.25, 9.5, 0.1, 280, 1310, 3.125},
                     {"poll every 500 ms", 39, 1, 265, 498.5, 2.6, 400, 1900, std::nullopt}};
  return comparison;
}

// Takes the elements of an XML document off its front, one by one; false where they are not properly nested, or text
// stands outside of them. No more of XML than the charts have.
bool well_formed(std::string_view text) {
  std::vector<std::string> open;
  bool one_was_there = false;
  while (!text.empty()) {
    if (text.front() != '<') {
      const std::size_t end = std::min(text.find('<'), text.size());
      const std::string_view between = text.substr(0, end);
      if (open.empty() && between.find_first_not_of(" \n") != std::string_view::npos) return false;
      for (std::size_t at = between.find('&'); at != std::string_view::npos; at = between.find('&', at + 1)) {
        if (between.find(';', at) == std::string_view::npos) return false;
      }
      text.remove_prefix(end);
      continue;
    }
    const std::size_t end = text.find('>');
    if (end == std::string_view::npos) return false;
    const std::string_view tag = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
    if (tag.starts_with('/')) {
      if (open.empty() || open.back() != tag.substr(1)) return false;
      open.pop_back();
      continue;
    }
    if (std::count(tag.begin(), tag.end(), '"') % 2 != 0) return false;
    if (open.empty() && one_was_there) return false;
    one_was_there = true;
    if (!tag.ends_with('/')) open.emplace_back(tag.substr(0, tag.find_first_of(" \n")));
  }
  return one_was_there && open.empty();
}

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("comparison: a percentile is one of the values, and no more than its part lies above") {
  CHECK(client::percentile({}, 0.5) == 0);
  CHECK(client::percentile({7}, 0.5) == 7);
  CHECK(client::percentile({7}, 0.99) == 7);
  CHECK(client::percentile({4, 1, 3, 2}, 0.5) == 2);
  CHECK(client::percentile({5, 4, 1, 3, 2}, 0.5) == 3);
  std::vector<double> hundred;
  for (int i = 100; i > 0; --i) hundred.push_back(i);
  CHECK(client::percentile(hundred, 0.99) == 99);
  CHECK(client::percentile(hundred, 1) == 100);
}

TEST_CASE("comparison: clocks that may be one are taken for one, others are corrected by the middle of their bounds") {
  client::ClockBounds unknown;
  CHECK(unknown.ahead_ms() == 0);
  CHECK_FALSE(unknown.off_ms());
  client::ClockBounds same;
  same.add(1000.4, 1000, 1002.0);  // cut off to whole milliseconds
  same.add(2000.0, 2004, 2006.0);
  CHECK(same.ahead_ms() == 0);
  CHECK(same.off_ms() == 0);
  client::ClockBounds ahead;
  ahead.add(1000, 1501, 1004);  // between 497 and 502
  ahead.add(2000, 2502, 2003);  // between 499 and 503
  CHECK(ahead.ahead_ms() == doctest::Approx(500.5));
  CHECK(*ahead.off_ms() == doctest::Approx(1.5));
}

TEST_CASE("comparison: the table has a row for each way, and says so where the server does not tell its CPU time") {
  const std::string table = client::table_of(two_ways());
  CAPTURE(table);
  CHECK(table.find("websocket             40/40          3.2          9.5       0.1         280     1,310") !=
        std::string::npos);
  CHECK(table.find(
            "poll every 500 ms     39/40        265.0        498.5       2.6         400     1,900              -") !=
        std::string::npos);
  CHECK(table.find("the clocks agree") != std::string::npos);
}

TEST_CASE("comparison: JSON holds every figure, and null where one is not known") {
  const ordered_json object = client::json_of(two_ways());
  CHECK(object["runs"] == 40);
  CHECK(object["ways"].size() == 2);
  CHECK(object["ways"][0]["late_p50_ms"] == 3.25);
  CHECK(object["ways"][0]["server_cpu_ms"] == 3.125);
  CHECK(object["ways"][1]["missed"] == 1);
  CHECK(object["ways"][1]["server_cpu_ms"].is_null());
}

TEST_CASE("comparison: the chart is well-formed, without script, and says each value") {
  const std::string svg = client::chart_of(two_ways());
  CAPTURE(svg);
  CHECK(well_formed(svg));
  CHECK(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  CHECK(svg.find("script") == std::string::npos);
  CHECK(svg.find("prefers-color-scheme: dark") != std::string::npos);
  CHECK(count_of(svg, ">websocket<") == 4);
  CHECK(count_of(svg, "class=\"bar\"") == 8);
  CHECK(svg.find(">3.2 … 9.5<") != std::string::npos);
  CHECK(svg.find(">265 … 498<") != std::string::npos);
  CHECK(svg.find(">1,590<") != std::string::npos);
  CHECK_FALSE(well_formed(svg.substr(0, svg.size() - 8)));
}

TEST_CASE("comparison: bars keep their order and proportion, on a scale that is linear or logarithmic") {
  const auto widths = [](bool logarithmic) {
    const std::vector<client::Panel> panels = {
        {"<a & b>", {{"x", 1}, {"y", 10}, {"z", 100}, {"none", 0}}, logarithmic}};
    const std::string svg = client::chart_svg("t", {}, panels);
    CHECK(well_formed(svg));
    CHECK(svg.find("&lt;a &amp; b&gt;") != std::string::npos);
    std::vector<double> found;
    for (std::size_t at = svg.find("class=\"bar\""); at != std::string::npos; at = svg.find("class=\"bar\"", at + 1)) {
      found.push_back(std::stod(svg.substr(svg.find("width=\"", at) + 7)));
    }
    return found;
  };
  const std::vector<double> linear = widths(false);
  REQUIRE(linear.size() == 4);
  CHECK(linear[1] == doctest::Approx(10 * linear[0]).epsilon(0.03));
  CHECK(linear[2] == doctest::Approx(10 * linear[1]).epsilon(0.03));
  CHECK(linear[3] == 1);  // to be seen all the same
  const std::vector<double> logarithmic = widths(true);
  CHECK(logarithmic[1] == doctest::Approx(2 * logarithmic[0]).epsilon(0.03));
  CHECK(logarithmic[2] == doctest::Approx(3 * logarithmic[0]).epsilon(0.03));
}

TEST_CASE("comparison: figures have two or three digits that count") {
  CHECK(client::figure_text(0) == "0");
  CHECK(client::figure_text(0.421) == "0.42");
  CHECK(client::figure_text(7.04) == "7.0");
  CHECK(client::figure_text(9.97) == "10.0");
  CHECK(client::figure_text(65.25) == "65.2");
  CHECK(client::figure_text(265) == "265");
  CHECK(client::figure_text(1319.6) == "1,320");
  CHECK(client::figure_text(-1234567) == "-1,234,567");
}

TEST_CASE("server events: they are read whatever pieces they come in, and with each kind of line end") {
  const std::string text =
      ": hello\nretry: 10\n\nid: e:1\nevent: queued\ndata: {\"a\":1}\n\ndata: two\r\ndata:lines\r\n\r\nid: "
      "e:3\rdata\r\r";
  for (std::size_t size = 1; size <= text.size(); ++size) {
    CAPTURE(size);
    client::ServerEventReader reader;
    std::vector<client::ServerEvent> events;
    for (std::size_t at = 0; at < text.size(); at += size) {
      reader.add(std::string_view(text).substr(at, size));
      while (auto event = reader.next()) events.push_back(*std::move(event));
    }
    reader.add("\n");  // whether it belonged to the last line end or not, that one is over now
    while (auto event = reader.next()) events.push_back(*std::move(event));
    REQUIRE(events.size() == 3);
    CHECK(events[0].id == "e:1");
    CHECK(events[0].name == "queued");
    CHECK(events[0].data == "{\"a\":1}");
    CHECK(events[1].id == "e:1");
    CHECK(events[1].name == "message");
    CHECK(events[1].data == "two\nlines");
    CHECK(events[2].id == "e:3");
    CHECK(events[2].data.empty());
    CHECK(reader.waiting_bytes() == 0);
  }
}
