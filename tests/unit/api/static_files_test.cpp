#include "api/static_files.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temporary_folder.hpp"

using namespace pushjudge;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& path, std::string_view content) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

StaticFiles load(const fs::path& folder) {
  auto loaded = StaticFiles::load(folder.string());
  REQUIRE(loaded);
  return *std::move(loaded);
}

std::optional<Response> get(const StaticFiles& files, std::string_view target, std::vector<Header> headers = {}) {
  const auto parsed = parse_target(target);
  if (!parsed) return std::nullopt;
  Request request;
  request.segments = parsed->segments;
  request.headers = std::move(headers);
  return files.find(request);
}

std::string header_of(const Response& response, std::string_view name) {
  const std::string* value = find_header(response.headers, name);
  return value == nullptr ? "" : *value;
}

struct Page {
  testing::TemporaryFolder folder;
  fs::path root = folder.path() / "dist";

  Page() {
    write(root / "index.html", "<p>page");
    write(root / "assets/index-1a2b.js", "js");
    write(root / "icon.svg", "<svg/>");
    write(folder.path() / "secret", "secret");
  }
};

}  // namespace

TEST_CASE("static files: a file is found by its path, with its type") {
  const Page page;
  const StaticFiles files = load(page.root);
  CHECK(*get(files, "/")->body == "<p>page");
  CHECK(header_of(*get(files, "/"), "Content-Type") == "text/html; charset=utf-8");
  CHECK(*get(files, "/assets/index-1a2b.js")->body == "js");
  CHECK(header_of(*get(files, "/assets/index-1a2b.js"), "Content-Type") == "text/javascript; charset=utf-8");
  CHECK(header_of(*get(files, "/icon.svg"), "Content-Type") == "image/svg+xml");
  CHECK_FALSE(get(files, "/nowhere.js"));
  CHECK_FALSE(get(files, "/assets"));
}

TEST_CASE("static files: what has a hash in its name may be kept for ever, the page itself not") {
  const Page page;
  const StaticFiles files = load(page.root);
  CHECK(header_of(*get(files, "/assets/index-1a2b.js"), "Cache-Control") == "public, max-age=31536000, immutable");
  CHECK(header_of(*get(files, "/"), "Cache-Control") == "no-cache");
}

TEST_CASE("static files: a client that has the file already is told so") {
  const Page page;
  const StaticFiles files = load(page.root);
  const std::string tag = header_of(*get(files, "/"), "ETag");
  CHECK(get(files, "/", {{"If-None-Match", "\"other\", W/" + tag}})->status == 304);
  CHECK_FALSE(get(files, "/", {{"If-None-Match", tag}})->body);
  CHECK(get(files, "/", {{"If-None-Match", "\"other\""}})->status == 200);
  write(page.root / "index.html", "<p>changed");
  CHECK(header_of(*get(load(page.root), "/"), "ETag") != tag);
}

TEST_CASE("static files: no path leads out of the folder") {
  const Page page;
  fs::create_symlink(page.folder.path() / "secret", page.root / "link");
  fs::create_directory_symlink(page.folder.path(), page.root / "out");
  const StaticFiles files = load(page.root);
  for (const char* target :
       {"/../secret", "/%2e%2e/secret", "/..%2fsecret", "/assets/../../secret", "/assets/..%5c..%5csecret", "//secret",
        "/%00secret", "/index.html%00.js", "/link", "/out/secret", "/./index.html", "/assets/../index.html"}) {
    CAPTURE(target);
    CHECK_FALSE(get(files, target));
  }
}

TEST_CASE("static files: without a built page there is one that says how to build it") {
  for (const char* folder : {"", "/nonexistent/folder"}) {
    auto files = StaticFiles::load(folder);
    REQUIRE(files);
    CHECK(get(*files, "/")->body->find("npm run build") != std::string::npos);
  }
}

TEST_CASE("static files: a folder that is no page is refused rather than read into memory") {
  const Page page;
  for (std::size_t i = 0; i <= kFilesMax; ++i) write(page.root / ("f" + std::to_string(i)), "x");
  const auto refused = StaticFiles::load(page.root.string());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::too_large);
}

TEST_CASE("static files: the page is found beside an installed program and beside a built one") {
  const testing::TemporaryFolder folder;
  fs::create_directories(folder.path() / "install/share/pushjudge/web");
  fs::create_directories(folder.path() / "source/api/web/dist");
  CHECK(default_web_folder(folder.file("install/bin/pushjudge-api")) == folder.file("install/share/pushjudge/web"));
  fs::create_directories(folder.path() / "source/build/dev/bin");
  CHECK(default_web_folder(folder.file("source/build/dev/bin/pushjudge-api")) == folder.file("source/api/web/dist"));
  CHECK(default_web_folder("/nonexistent/bin/pushjudge-api").empty());
}
