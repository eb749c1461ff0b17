#include "proto/submission.hpp"

namespace pushjudge {
namespace {
constexpr std::string_view kPrefix = "submission:";
}

std::string channel_of(const Token& token) {
  return std::string(kPrefix) + token.text();
}

std::optional<Token> token_of_channel(std::string_view channel) {
  if (!channel.starts_with(kPrefix)) return std::nullopt;
  return Token::parse(channel.substr(kPrefix.size()));
}

}  // namespace pushjudge
