#include "worker/archive.hpp"

#include <doctest/doctest.h>

#include "tests/support/zip_file.hpp"

using namespace pushjudge;
using testing::zip_of;
using testing::ZipEntry;

namespace {

using Files = std::vector<Unpacked>;

Files unpacked(const std::string& zip, const UnpackLimits& limits = {}) {
  const auto files = unpack(zip, limits);
  INFO((files ? "" : files.error().message));
  REQUIRE(files);
  return *files;
}

Error refusal(const std::string& zip, const UnpackLimits& limits = {}) {
  const auto files = unpack(zip, limits);
  REQUIRE_FALSE(files);
  return files.error();
}

std::string refused(const std::vector<ZipEntry>& entries) {
  const auto error = refusal(zip_of(entries));
  CHECK(error.code == Errc::invalid);
  return error.message;
}

}  // namespace

TEST_CASE("archive: files come out as they went in, stored or deflated, with the bit that says they can be executed") {
  const std::string text(100'000, 'x');
  const std::string bytes("\0\xff\n", 3);
  CHECK(unpacked(zip_of({{"a.txt", text, 0100644, true},
                         {"lib/b.bin", bytes},
                         {"run", "echo", 0100755},
                         {"made on windows", "", 0}})) ==
        Files{{"a.txt", text}, {"lib/b.bin", bytes}, {"run", "echo", true}, {"made on windows", ""}});
  CHECK(unpacked(zip_of({})).empty());
}

TEST_CASE("archive: folders are entries of their own or not, and a leading ./ means nothing") {
  CHECK(unpacked(zip_of({{"./", "", 040755},
                         {"lib/", "", 040755},
                         {"lib/", "", 040755},
                         {"lib/a", "1"},
                         {"./src/b", "2"},
                         {"src", "", 040755},
                         {"bin/", "", 0}})) == Files{{"lib", "", false, true},
                                                     {"lib", "", false, true},
                                                     {"lib/a", "1"},
                                                     {"src/b", "2"},
                                                     {"src", "", false, true},
                                                     {"bin", "", false, true}});
}

TEST_CASE("archive: names that lead elsewhere, or cannot be typed, are refused") {
  for (const std::string name : {"/tmp/pwn", "../pwn", "a/../../pwn", "a/..", "..", ".", "", "a//b", "a/./b", "a\\b",
                                 "..\\pwn", "a\nb", "a\x7f", "a\x1b[2J", "//", "C:\\x"}) {
    CAPTURE(name);
    CHECK(refused({{name, "x"}}).find("is not allowed") != std::string::npos);
  }
  CHECK(refused({{std::string(300, 'n'), "x"}}) == "the name '" + std::string(80, 'n') + "...' is not allowed");
  std::string deep = "x";
  for (int i = 0; i < 16; ++i) deep = "d/" + deep;
  CHECK(refused({{deep, "x"}}).ends_with("is not allowed"));
  CHECK(refused({{"a\nb", ""}}) == "the name 'a?b' is not allowed");
}

TEST_CASE("archive: a name with a NUL is no way to another name") {
  const auto files = unpack(zip_of({{std::string("run\0.txt", 8), "x"}}), {});
  if (files) CHECK((*files)[0].name != "run");
}

TEST_CASE("archive: links and special files are refused") {
  CHECK(refused({{"run", "/etc/passwd", 0120777}}) == "'run' is a symbolic link");
  CHECK(refused({{"x/", "/", 0120777}, {"x/tmp/pwn", "x"}}) == "'x/' is a symbolic link");
  for (const std::uint32_t kind : {0010000U, 0020000U, 0060000U, 0140000U}) {  // FIFO, character, block, socket
    CHECK(refused({{"odd", "", kind | 0644}}) == "'odd' is neither a file nor a folder");
  }
}

TEST_CASE("archive: no name comes twice, and no file is a folder of another") {
  CHECK(refused({{"a", "1"}, {"a", "2"}}) == "'a' is there twice");
  CHECK(refused({{"a", "1"}, {"./a", "2"}}) == "'a' is there twice");
  CHECK(refused({{"a", "1"}, {"a/b", "2"}}) == "'a' is both a file and a folder");
  CHECK(refused({{"a/b/c", "1"}, {"a/b", "2"}}) == "'a/b' is both a file and a folder");
  CHECK(refused({{"a/", "", 040755}, {"a", "2"}}) == "'a' is both a file and a folder");
}

TEST_CASE("archive: the limit of bytes is for all files together, whatever their headers claim") {
  const UnpackLimits limits{4'096, 10};
  const std::string half(2'048, 'x');
  CHECK(unpacked(zip_of({{"a", half}, {"b", half, 0100644, true}}), limits).size() == 2);
  const auto error = refusal(zip_of({{"a", half}, {"b", half + "x", 0100644, true}}), limits);
  CHECK(error.code == Errc::too_large);
  CHECK(error.message == "unpacked, the files are more than 4 kB together");

  ZipEntry bomb{"bomb", std::string(50 << 20, '\0'), 0100644, true};
  CHECK(refusal(zip_of({bomb})).code == Errc::too_large);
  bomb.claimed_size = 10;
  CHECK_FALSE(unpack(zip_of({bomb}), {}));
  ZipEntry boast{"boast", "small", 0100644, true};
  boast.claimed_size = 0xfffffffe;
  CHECK(unpacked(zip_of({boast})) == Files{{"boast", "small"}});
}

TEST_CASE("archive: the limit of entries counts folders, also those that only a path names") {
  const UnpackLimits limits{1'000, 4};
  CHECK(unpacked(zip_of({{"a/b/c", ""}, {"a/b/d", ""}}), limits).size() == 2);
  const auto error = refusal(zip_of({{"a/b/c/d", ""}, {"a/e", ""}}), limits);
  CHECK(error.code == Errc::too_large);
  CHECK(error.message == "there are more than 4 files and folders");
  std::vector<ZipEntry> many;
  for (int i = 0; i < 100'000; ++i) many.push_back({std::to_string(i), ""});
  CHECK(refusal(zip_of(many)).message == "there are more than 1000 files and folders");
}

TEST_CASE("archive: what is broken, encrypted or packed in an unknown way says so") {
  CHECK(refused({{"a", "text", 0100644, false, 0, 0, std::nullopt, 0}}).starts_with("'a' cannot be read: "));
  CHECK(refused({{"a", "text", 0100644, false, 1}}).starts_with("'a' cannot be read: "));
  CHECK(refused({{"a", "text", 0100644, false, 0, 97}}).starts_with("'a' cannot be read: "));
  for (const std::string& text :
       {std::string(), std::string("no zip"), std::string("PK\3\4"), std::string(5'000, 'P')}) {
    CHECK(refusal(text).message.starts_with("this is no zip archive that can be read: "));
  }
}

TEST_CASE("archive: no cut of an archive, and no other byte in it, is more than refused") {
  const auto whole = zip_of({{"a", std::string(300, 'a'), 0100644, true}, {"b/c", "text"}, {"d/", "", 040755}});
  for (std::size_t size = 0; size < whole.size(); ++size) CHECK_FALSE(unpack(whole.substr(0, size), {}));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const int bit : {0, 3, 7}) {
      auto changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
      const auto files = unpack(changed, {});
      if (files) CHECK(files->size() <= 3);
    }
  }
}
