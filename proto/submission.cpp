#include "proto/submission.hpp"

#include <array>

#include "proto/base/result.hpp"

namespace pushjudge {
namespace {

constexpr std::string_view kPrefix = "submission:";
constexpr std::array<std::string_view, kJobClassCount> kJobClassNames = {"contest", "interactive", "rejudge"};

}  // namespace

std::string_view to_string(JobClass job_class) {
  const auto index = static_cast<std::size_t>(job_class);
  PJ_ASSERT(index < kJobClassNames.size());
  return kJobClassNames[index];
}

std::optional<JobClass> parse_job_class(std::string_view text) {
  for (std::size_t i = 0; i < kJobClassNames.size(); ++i) {
    if (kJobClassNames[i] == text) return static_cast<JobClass>(i);
  }
  return std::nullopt;
}

std::string channel_of(const Token& token) {
  return std::string(kPrefix) + token.text();
}

std::optional<Token> token_of_channel(std::string_view channel) {
  if (!channel.starts_with(kPrefix)) return std::nullopt;
  return Token::parse(channel.substr(kPrefix.size()));
}

}  // namespace pushjudge
