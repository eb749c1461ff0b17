#include "proto/submission.hpp"

#include <array>

#include "proto/base/names.hpp"

namespace pushjudge {
namespace {

constexpr std::string_view kPrefix = "submission:";
constexpr std::array<std::string_view, kJobClassCount> kJobClassNames = {"contest", "interactive", "rejudge"};

}  // namespace

std::string_view to_string(JobClass job_class) {
  return name_of(kJobClassNames, job_class);
}

std::optional<JobClass> parse_job_class(std::string_view text) {
  return with_name<JobClass>(kJobClassNames, text);
}

std::string channel_of(const Token& token) {
  return std::string(kPrefix) + token.text();
}

std::optional<Token> token_of_channel(std::string_view channel) {
  if (!channel.starts_with(kPrefix)) return std::nullopt;
  return Token::parse(channel.substr(kPrefix.size()));
}

}  // namespace pushjudge
