#include "api/static_files.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace pushjudge {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kIndex = "index.html";
constexpr std::string_view kLastingFolder = "assets/";  // the bundler puts a hash of the content into these names

constexpr std::string_view kNotBuilt = R"(<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>pushjudge</title></head>
<body>
<h1>pushjudge is running</h1>
<p>Its page has not been built. In the sources:</p>
<pre>cd api/web &amp;&amp; npm install &amp;&amp; npm run build</pre>
<p>and start the gateway again, with <code>--web api/web/dist</code> if it does not find the page by itself.</p>
<p>The API does not need it: <a href="/health">/health</a>, <a href="/languages">/languages</a>,
<code>POST /submissions</code>, WebSocket at <code>/ws</code>.</p>
</body>
</html>
)";

// What the page may load and do. Editors set styles from scripts.
constexpr std::string_view kPagePolicy =
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self' ws: wss:; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

std::string_view type_of(std::string_view path) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kTypes = {{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json; charset=utf-8"},
      {".map", "application/json; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".wasm", "application/wasm"},
      {".txt", "text/plain; charset=utf-8"},
      {".webmanifest", "application/manifest+json"},
  }};
  for (const auto& [ending, type] : kTypes) {
    if (path.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

// FNV-1a: tells contents apart, and promises nothing to those who forge them.
std::string tag_of(std::string_view content) {
  std::uint64_t hash = 14695981039346656037u;
  for (const char c : content) hash = (hash ^ static_cast<std::uint8_t>(c)) * 1099511628211u;
  return "\"" + std::to_string(hash) + "-" + std::to_string(content.size()) + "\"";
}

}  // namespace

void StaticFiles::add(const std::string& path, std::string content) {
  File file;
  file.type = type_of(path);
  file.tag = tag_of(content);
  file.lasting = path.starts_with(kLastingFolder);
  file.content = std::make_shared<const std::string>(std::move(content));
  files_[path] = std::move(file);
}

Result<StaticFiles> StaticFiles::load(const std::string& folder) {
  StaticFiles files;
  std::error_code failed;
  if (folder.empty() || !fs::is_regular_file(fs::path(folder) / kIndex, failed)) {
    files.add(std::string(kIndex), std::string(kNotBuilt));
    return files;
  }
  std::size_t bytes = 0;
  fs::recursive_directory_iterator entries(folder, failed);
  for (; !failed && entries != fs::recursive_directory_iterator(); entries.increment(failed)) {
    if (!fs::is_regular_file(entries->symlink_status())) continue;
    std::ifstream stream(entries->path(), std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    if (!stream) return Error{Errc::unavailable, "cannot read " + entries->path().string()};
    bytes += content.size();
    if (bytes > kFilesBytesMax || files.count() == kFilesMax) {
      return Error{Errc::too_large, "'" + folder + "' holds more than a page may: is it the folder of the built page?"};
    }
    files.add(entries->path().lexically_relative(folder).generic_string(), std::move(content));
  }
  if (failed) return Error{Errc::unavailable, "cannot read '" + folder + "': " + failed.message()};
  return files;
}

std::optional<Response> StaticFiles::find(const Request& request) const {
  std::string path;
  for (const std::string& segment : request.segments) path += (path.empty() ? "" : "/") + segment;
  const auto found = files_.find(path.empty() ? std::string(kIndex) : path);
  if (found == files_.end()) return std::nullopt;
  const File& file = found->second;
  Response response;
  response.with("ETag", file.tag);
  response.with("Cache-Control", file.lasting ? "public, max-age=31536000, immutable" : "no-cache");
  const std::string* known = request.header("If-None-Match");
  if (known != nullptr && known->find(file.tag) != std::string::npos) {
    response.status = 304;
    return response;
  }
  response.body = file.content;
  response.with("Content-Type", file.type);
  response.with("X-Content-Type-Options", "nosniff");
  if (file.type.starts_with("text/html")) response.with("Content-Security-Policy", std::string(kPagePolicy));
  return response;
}

std::string default_web_folder(const std::string& executable) {
  const fs::path program_folder = fs::path(executable).parent_path();
  std::error_code failed;
  for (const char* beside : {"../share/pushjudge/web", "../../../api/web/dist"}) {
    const fs::path folder = (program_folder / beside).lexically_normal();
    if (fs::is_directory(folder, failed)) return folder.string();
  }
  return {};
}

}  // namespace pushjudge
