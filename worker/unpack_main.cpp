// pushjudge-unpack BYTES ENTRIES: a zip archive from standard input becomes a tree of files on standard output, of at
// most so many bytes and entries. The worker starts it in a box; it opens nothing. Exit code 0, or 1 and the reason on
// standard error: the archive is refused. Anything else is no word about the archive.

#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "worker/archive.hpp"
#include "worker/file_tree.hpp"

namespace pushjudge {
namespace {

constexpr int kRefused = 1;
constexpr int kMisused = 2;

template <class Number>
bool parse(std::string_view text, Number& number) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failed == std::errc{} && end == text.data() + text.size();
}

std::optional<std::string> read_all(int fd) {
  std::string bytes;
  std::array<char, 64 << 10> piece;
  while (true) {
    const auto got = ::read(fd, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) return bytes;
    bytes.append(piece.data(), static_cast<std::size_t>(got));
  }
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

int run(int argc, char** argv) {
  UnpackLimits limits;
  if (argc != 3 || !parse(argv[1], limits.bytes) || !parse(argv[2], limits.entries)) {
    std::fputs("usage: pushjudge-unpack BYTES ENTRIES <ARCHIVE.zip >TREE\n", stderr);
    return kMisused;
  }
  const auto zip = read_all(STDIN_FILENO);
  if (!zip) {
    std::perror("standard input");
    return kMisused;
  }
  const auto files = unpack(*zip, limits);
  if (!files) {
    std::fputs(files.error().message.c_str(), stderr);
    return files.error().code == Errc::unavailable ? kMisused : kRefused;
  }
  for (const auto& file : *files) {
    std::string piece;
    if (file.folder) append_folder(piece, file.name);
    if (!file.folder) append_file(piece, file.name, file.executable ? 0755 : 0644, file.content);
    if (!write_all(STDOUT_FILENO, piece)) return kMisused;
  }
  std::string end;
  append_end(end);
  return write_all(STDOUT_FILENO, end) ? 0 : kMisused;
}

}  // namespace
}  // namespace pushjudge

int main(int argc, char** argv) {
  return pushjudge::run(argc, argv);
}
