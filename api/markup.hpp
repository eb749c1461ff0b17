#pragma once

// Text that goes into HTML or SVG. Pure; any thread.

#include <string>
#include <string_view>

namespace pushjudge {

// Safe between tags and within quoted attributes.
inline std::string escape_markup(std::string_view text) {
  std::string all;
  for (const char c : text) {
    if (c == '&') {
      all += "&amp;";
    } else if (c == '<') {
      all += "&lt;";
    } else if (c == '>') {
      all += "&gt;";
    } else if (c == '"') {
      all += "&quot;";
    } else {
      all += c;
    }
  }
  return all;
}

}  // namespace pushjudge
