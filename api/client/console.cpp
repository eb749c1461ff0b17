#include "api/client/console.hpp"

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

#include "api/client/command.hpp"

namespace pushjudge::client {
namespace {

constexpr std::size_t kFileBytesMax = 16 << 20;

int exit_code_for(Errc code) {
  return code == Errc::invalid || code == Errc::not_found || code == Errc::too_large ? kExitBadInput : kExitUnreachable;
}

}  // namespace

int fail(const Error& error) {
  std::fprintf(stderr, "pushjudge: %s\n", error.message.c_str());
  return exit_code_for(error.code);
}

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

Result<std::string> read_file(const std::string& path) {
  std::string content;
  const auto read = [&content](std::istream& stream) {
    content.assign(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  };
  if (path == "-") {
    read(std::cin);
  } else {
    std::ifstream stream(path, std::ios::binary);
    read(stream);
    if (!stream) return Error{Errc::invalid, "cannot read '" + path + "'"};
  }
  if (content.size() > kFileBytesMax) return Error{Errc::invalid, "'" + path + "' is too large"};
  return content;
}

Result<void> write_file(const std::string& path, const std::string& content) {
  std::ofstream stream(path, std::ios::binary | std::ios::trunc);
  stream << content;
  stream.close();
  if (!stream) return Error{Errc::invalid, "cannot write '" + path + "'"};
  return {};
}

}  // namespace pushjudge::client
