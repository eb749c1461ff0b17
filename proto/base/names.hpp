#pragma once

// Enumerators and their texts: one table gives both directions. The texts stand in the order of the enumerators, which
// count from 0. Pure; any thread.

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "proto/base/result.hpp"

namespace pushjudge {

template <class Enum, std::size_t Count>
std::string_view name_of(const std::array<std::string_view, Count>& names, Enum value) {
  const auto index = static_cast<std::size_t>(value);
  PJ_ASSERT(index < Count);
  return names[index];
}

// Nothing for a text that is not in the table.
template <class Enum, std::size_t Count>
std::optional<Enum> with_name(const std::array<std::string_view, Count>& names, std::string_view text) {
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

}  // namespace pushjudge
