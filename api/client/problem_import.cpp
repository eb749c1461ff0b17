#include "api/client/problem_import.hpp"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "api/client/console.hpp"
#include "api/client/judging.hpp"
#include "api/client/patience.hpp"
#include "api/client/problem_upload.hpp"
#include "api/packages/imported_problem.hpp"
#include "proto/codec.hpp"

namespace pushjudge::client {
namespace {

using nlohmann::json;
using packages::ImportedProblem;

// So that workers are busy while others of the problems are read and sent.
constexpr std::size_t kImportedAtOnce = 16;

// Lines of bounded length, out of a file of any.
class LineSource {
 public:
  explicit LineSource(std::istream& stream) : stream_(stream) {}

  // False at the end. A line that is too long is passed over, and empty.
  bool next(std::string& line, bool& too_long) {
    line.clear();
    too_long = false;
    bool any = false;
    while (fill()) {
      any = true;
      const auto rest = std::string_view(block_.data() + begin_, end_ - begin_);
      const auto length = rest.find('\n');
      const auto part = rest.substr(0, length);
      too_long = too_long || line.size() + part.size() > packages::kImportedLineBytesMax;
      if (too_long) {
        line.clear();
      } else {
        line += part;
      }
      begin_ += length == std::string_view::npos ? part.size() : length + 1;
      if (length != std::string_view::npos) break;
    }
    number_ += any ? 1 : 0;
    return any;
  }
  std::size_t number() const { return number_; }

 private:
  bool fill() {
    if (begin_ < end_) return true;
    stream_.read(block_.data(), static_cast<std::streamsize>(block_.size()));
    begin_ = 0;
    end_ = static_cast<std::size_t>(stream_.gcount());
    return end_ > 0;
  }

  std::istream& stream_;
  std::vector<char> block_ = std::vector<char>(64 << 10);
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t number_ = 0;
};

std::size_t count_lines(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::vector<char> block(64 << 10);
  std::size_t lines = 0;
  char last = '\n';
  while (stream.read(block.data(), static_cast<std::streamsize>(block.size())), stream.gcount() > 0) {
    const auto end = block.begin() + stream.gcount();
    lines += static_cast<std::size_t>(std::count(block.begin(), end, '\n'));
    last = *(end - 1);
  }
  return lines + (last == '\n' ? 0 : 1);
}

// A problem whose solutions are being judged. Its files are with the gateway by then.
struct Entry {
  std::size_t line = 0;
  Problem problem;
  std::string version;  // of the draft
  std::size_t judging = 0;
  json submissions = json::array();
  std::string reason;  // why it cannot be taken; empty so far
};

class Import {
 public:
  Import(const Url& url, const ImportCommand& command, std::istream& stream)
      : url_(url),
        command_(command),
        client_(url),
        lines_(stream),
        bar_(command.file == "-" ? 0 : count_lines(command.file)) {}

  int run() {
    if (const auto begun = begin(); !begun) return fail(begun.error());
    const JobFlow flow = {.next = [this] { return next_job(); },
                          .ended = [this](std::size_t job, const json& result) { end_job(job, result); }};
    const auto judged = judge_stream(url_, kImportedAtOnce, flow);
    if (!judged && !lost_) lost_ = judged.error();
    bar_.clear();
    return summarize();
  }

 private:
  Result<void> begin() {
    if (!command_.report_file.empty()) {
      report_.open(command_.report_file, std::ios::binary | std::ios::trunc);
      if (!report_) return Error{Errc::invalid, command_.report_file + " cannot be written"};
    }
    const auto languages = client_.languages();
    if (!languages) return languages.error();
    for (const Language& language : *languages) languages_.try_emplace(language.slug, language.id);
    // Who may not publish hears of it once, and not at each line.
    const auto stored = client_.request("PUT", "/blobs/" + to_hex(digest_of("")), {}, "");
    if (!stored) return stored.error();
    if (stored->status == 401 || stored->status == 403) return refused(*stored, "the gateway takes no problems");
    return {};
  }

  // Reads on until there is something to be judged.
  std::optional<JudgedJob> next_job() {
    while (jobs_.empty() && !lost_) {
      std::string line;
      bool too_long = false;
      if (!lines_.next(line, too_long)) return std::nullopt;
      if (line.find_first_not_of(" \t\r") == std::string::npos && !too_long) continue;
      ++count_;
      take_line(line, too_long);
    }
    if (lost_) return std::nullopt;
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    entries_of_jobs_.emplace(given_++, Of{job.first, job.second.title});
    return std::move(job.second);
  }

  void take_line(const std::string& line, bool too_long) {
    auto entry = std::make_shared<Entry>();
    entry->line = lines_.number();
    if (too_long) return refuse(*entry, "it is longer than 64 MiB");
    auto imported = packages::read_imported_problem(line);
    if (!imported) return refuse(*entry, imported.error().message);
    entry->problem = imported->problem;
    unknown_keys_.insert(imported->unknown_keys.begin(), imported->unknown_keys.end());
    if (!slugs_.insert(entry->problem.slug).second) return refuse(*entry, "slug: it was there before in this file");
    if (!command_.packages_folder.empty()) {
      if (const auto written = packages::write_package(command_.packages_folder, *imported); !written) {
        return refuse(*entry, written.error().message);
      }
    }
    if (command_.verify) return verify(entry, *imported);
    publish(*entry, imported->blobs, Upload::all);
  }

  void verify(const std::shared_ptr<Entry>& entry, const ImportedProblem& imported) {
    const Problem& problem = entry->problem;
    const std::string& checker = problem.checker.language;
    if (!checker.empty() && !languages_.contains(checker)) {
      return refuse(*entry, "its checker is in " + checker + ", which no worker offers");
    }
    if (imported.solutions.empty()) return refuse(*entry, "solutions: there are none to verify it with");
    const auto is_offered = [&](const packages::Program& one) { return languages_.contains(one.language); };
    if (std::ranges::none_of(imported.solutions, is_offered)) {
      return refuse(*entry, "solutions: no worker offers a language of theirs");
    }
    const auto version =
        patiently([&] { return upload_problem(client_, problem, imported.blobs, false, Upload::all); });
    if (!version) return refuse_or_end(*entry, version.error());
    entry->version = *version;
    for (const packages::Program& program : imported.solutions) {
      if (!is_offered(program)) continue;
      auto attributes = attributes_of(program, languages_.at(program.language));
      if (!attributes) return refuse(*entry, attributes.error().message);
      (*attributes)["problem"] = problem.slug + "@" + *version;
      (*attributes)["class"] = "rejudge";
      jobs_.emplace_back(entry, JudgedJob{program.language, *std::move(attributes)});
      ++entry->judging;
    }
  }

  void end_job(std::size_t job, const json& result) {
    const auto found = entries_of_jobs_.find(job);
    const auto [entry, language] = found->second;
    entries_of_jobs_.erase(found);
    const std::string verdict = result.value("verdict", "");
    json seen = {{"language", language}, {"verdict", verdict}};
    if (const auto time = result.find("time"); time != result.end()) seen["time"] = *time;
    entry->submissions.push_back(std::move(seen));
    if (verdict != "accepted" && entry->reason.empty()) {
      entry->reason = "solutions." + language + " is " + verdict + first_failure(result);
    }
    if (--entry->judging > 0) return;
    if (!entry->reason.empty()) return refuse(*entry, entry->reason, kExitJudged);
    publish(*entry, {}, Upload::asking);
  }

  static std::string first_failure(const json& result) {
    std::string said;
    const auto message = result.find("message");
    if (message != result.end() && message->is_string()) said = message->get<std::string>();
    const auto output = result.find("compile_output");
    if (result.value("verdict", "") == "compilation_error" && output != result.end() && output->is_string()) {
      said = output->get<std::string>();
    }
    const auto tests = result.find("tests");
    if (tests != result.end() && tests->is_array()) {
      for (const json& test : *tests) {
        if (test.value("verdict", "") == "accepted") continue;
        return " at " + test.value("name", "") + (said.empty() ? "" : ": " + said);
      }
    }
    return said.empty() ? "" : ": " + said;
  }

  void publish(Entry& entry, const std::map<Digest, std::string>& blobs, Upload way) {
    const auto version = patiently([&] { return upload_problem(client_, entry.problem, blobs, true, way); });
    if (!version) return refuse_or_end(entry, version.error());
    entry.version = *version;
    ++published_;
    end_entry(entry, "published");
  }

  // What no other problem would fare better with ends it all.
  void refuse_or_end(Entry& entry, const Error& error) {
    if (error.code == Errc::invalid) return refuse(entry, error.message);
    if (!lost_) lost_ = error;
  }

  void refuse(Entry& entry, const std::string& reason, int exit_code = kExitBadInput) {
    entry.reason = shortened(reason);
    worst_ = std::max(worst_, exit_code);
    bar_.clear();
    const std::string slug = entry.problem.slug.empty() ? "" : " (" + entry.problem.slug + ")";
    say("line " + std::to_string(entry.line) + slug + ": " + entry.reason + "\n");
    end_entry(entry, "failed");
  }

  void end_entry(const Entry& entry, const char* status) {
    ++ended_;
    bar_.show(ended_, entry.problem.slug);
    if (!report_.is_open()) return;
    json row = {{"line", entry.line}, {"slug", entry.problem.slug}, {"status", status}};
    if (!entry.version.empty()) row["version"] = entry.version;
    if (!entry.reason.empty()) row["reason"] = entry.reason;
    if (!entry.submissions.empty()) row["submissions"] = entry.submissions;
    report_ << row.dump(-1, ' ', false, json::error_handler_t::replace) << "\n" << std::flush;
  }

  int summarize() {
    if (!unknown_keys_.empty()) {
      std::string keys;
      for (const std::string& key : unknown_keys_) keys += (keys.empty() ? "" : ", ") + key;
      say("note: these keys are not looked at: " + shortened(keys) + "\n");
    }
    say(std::to_string(published_) + " published, " + std::to_string(ended_ - published_) + " not taken, of " +
        std::to_string(count_) + "\n");
    if (report_.is_open() && !report_.good()) {
      return fail({Errc::invalid, command_.report_file + " cannot be written to its end"});
    }
    if (!lost_) return worst_;
    if (count_ > ended_) {
      say(std::to_string(count_ - ended_) + " were being judged or sent, up to line " +
          std::to_string(lines_.number()) + "; what follows was not read\n");
    }
    return fail(*lost_);
  }

  const Url& url_;
  const ImportCommand& command_;
  Client client_;
  LineSource lines_;
  ProgressBar bar_;
  std::ofstream report_;
  std::map<std::string, std::int32_t> languages_;  // ids by slug
  std::set<std::string> slugs_;                    // of this file
  std::set<std::string> unknown_keys_;
  struct Of {
    std::shared_ptr<Entry> entry;
    std::string language;
  };
  std::deque<std::pair<std::shared_ptr<Entry>, JudgedJob>> jobs_;  // of one problem, to be judged next
  std::map<std::size_t, Of> entries_of_jobs_;                      // by number of the job
  std::optional<Error> lost_;                                      // the gateway
  std::size_t given_ = 0;
  std::size_t count_ = 0;  // of problems that were read; of these have ended:
  std::size_t ended_ = 0;
  std::size_t published_ = 0;
  int worst_ = 0;
};

}  // namespace

int run_import(const Url& url, const ImportCommand& command) {
  if (command.file == "-") return Import(url, command, std::cin).run();
  std::ifstream stream(command.file, std::ios::binary);
  if (!stream || !std::filesystem::is_regular_file(command.file)) {
    return fail({Errc::invalid, command.file + " cannot be read"});
  }
  return Import(url, command, stream).run();
}

}  // namespace pushjudge::client
