#include "api/client/problem_upload.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "api/client/console.hpp"
#include "api/packages/zip.hpp"
#include "proto/codec.hpp"

namespace pushjudge::client {

using nlohmann::json;

namespace {

constexpr std::size_t kReasonCharactersMax = 400;
const Headers kBytes = {{"Content-Type", "application/octet-stream"}};

Result<void> store_file(Client& client, const std::string& slug, const Digest& digest, const std::string& bytes) {
  const auto stored = client.request("PUT", "/blobs/" + to_hex(digest), kBytes, bytes);
  if (!stored) return stored.error();
  if (stored->status > 299) return refused(*stored, "the gateway refuses a file of " + slug);
  return {};
}

}  // namespace

std::string without_controls(std::string text) {
  std::ranges::replace_if(
      text, [](unsigned char c) { return (c < 0x20 && c != '\n') || c == 0x7f; }, '?');
  return text;
}

void say(const std::string& text) {
  print(without_controls(text));
}

std::string shortened(std::string text) {
  std::ranges::replace_if(
      text, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  if (text.size() > kReasonCharactersMax) text = text.substr(0, kReasonCharactersMax) + "…";
  return text;
}

Error refused(const Reply& reply, const std::string& what) {
  const json body = json::parse(reply.body, nullptr, false);
  std::string why = "status " + std::to_string(reply.status);
  if (body.is_object() && body.contains("error") && body["error"].is_string()) why = body["error"];
  return {reply.status < 500 ? Errc::invalid : Errc::unavailable, what + ": " + why};
}

ProgressBar::ProgressBar(std::size_t of) : of_(of), shown_(::isatty(STDERR_FILENO) == 1 && of > 0) {}

ProgressBar::~ProgressBar() {
  clear();
}

void ProgressBar::show(std::size_t done, const std::string& title) const {
  if (!shown_) return;
  constexpr std::size_t kWidth = 24;
  const std::size_t full = kWidth * std::min(done, of_) / of_;
  std::fprintf(stderr, "\r\033[K[%s%s] %zu/%zu %s", std::string(full, '#').c_str(),
               std::string(kWidth - full, '.').c_str(), done, of_, without_controls(title).c_str());
}

void ProgressBar::clear() const {
  if (shown_) std::fprintf(stderr, "\r\033[K");
}

Result<std::string> upload_problem(Client& client, const Problem& problem, const std::map<Digest, std::string>& blobs,
                                   bool publish, Upload way) {
  if (way == Upload::all) {
    for (const auto& [digest, bytes] : blobs) {
      if (const auto stored = store_file(client, problem.slug, digest, bytes); !stored) return stored.error();
    }
  }
  const std::string manifest = encode(problem);
  const std::string target = publish ? "/problems" : "/problems?publish=false";
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto reply = client.request("POST", target, kBytes, manifest);
    if (!reply) return reply.error();
    const json body = json::parse(reply->body, nullptr, false);
    if (reply->status == 201 && body.is_object()) return body.value("version", "");
    if (reply->status != 409 || !body.is_object() || !body.contains("missing")) {
      return refused(*reply, "the gateway refuses " + problem.slug);
    }
    for (const json& hex : body["missing"]) {
      const auto digest = parse_digest(hex.is_string() ? hex.get<std::string>() : "");
      const auto found = digest ? blobs.find(*digest) : blobs.end();
      if (found == blobs.end())
        return Error{Errc::invalid, "the gateway wants a file of " + problem.slug + " that is not there"};
      if (const auto stored = store_file(client, problem.slug, *digest, found->second); !stored) return stored.error();
    }
  }
  return Error{Errc::unavailable, "the gateway misses files that it was sent"};
}

Result<json> attributes_of(const packages::Program& program, std::int32_t language_id) {
  json attributes = {{"base64_encoded", "true"}, {"language_id", language_id}};
  std::vector<packages::NamedBytes> others;
  for (const auto& file : program.files) {
    if (file.first == program.main_file) {
      attributes["source_code"] = base64_encode(file.second);
    } else {
      others.push_back(file);
    }
  }
  if (others.empty()) return attributes;
  const auto zip = packages::zip_archive(others);
  if (!zip) return zip.error();
  attributes["additional_files"] = base64_encode(*zip);
  return attributes;
}

}  // namespace pushjudge::client
