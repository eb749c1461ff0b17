#include "api/packages/compare_flags.hpp"

#include "api/packages/yaml.hpp"

namespace pushjudge::packages {

CompareFlags parse_compare_flags(std::span<const PlacedWord> words, bool repeats, Findings& findings) {
  CompareFlags flags;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& [word, place] = words[i];
    if (word == "case_sensitive") {
      flags.case_sensitive = true;
      continue;
    }
    if (word == "space_change_sensitive") {
      flags.space_change_sensitive = true;
      continue;
    }
    const bool both = word == "float_tolerance";
    const bool absolute = both || word == "float_absolute_tolerance";
    const bool relative = both || word == "float_relative_tolerance";
    if (!absolute && !relative) {
      findings.error(place, "the default validator has no flag '" + word + "'");
      continue;
    }
    const auto tolerance = i + 1 < words.size() ? parse_number(words[++i].text) : std::nullopt;
    if (!tolerance || *tolerance < 0) {
      findings.error(place, "'" + word + "' must be followed by a number from 0 on");
      continue;
    }
    if (!repeats && ((absolute && flags.absolute_tolerance) || (relative && flags.relative_tolerance))) {
      findings.error(place, "'" + word + "' says again what was said before");
    }
    if (absolute) flags.absolute_tolerance = tolerance;
    if (relative) flags.relative_tolerance = tolerance;
  }
  return flags;
}

}  // namespace pushjudge::packages
