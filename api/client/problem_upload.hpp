#pragma once

// What the commands about problems share: sending a problem and its files, programs as submissions, and what people
// see meanwhile. Main thread.

#include <cstddef>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "api/client/client.hpp"
#include "api/packages/programs.hpp"
#include "proto/problem.hpp"

namespace pushjudge::client {

// Names and titles in packages are others': what a terminal would obey is not to reach it.
std::string without_controls(std::string text);
void say(const std::string& text);
// One line, and not too long.
std::string shortened(std::string text);

// Errors for what the gateway refuses, in its words: invalid, or unavailable where it is not the sender's fault.
Error refused(const Reply& reply, const std::string& what);

// What goes on, on one line of a terminal that is written over; nothing elsewhere.
class ProgressBar {
 public:
  explicit ProgressBar(std::size_t of);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void show(std::size_t done, const std::string& title) const;
  void clear() const;

 private:
  std::size_t of_;
  bool shown_;
};

enum class Upload {
  asking,  // sends the files that the gateway says it has not
  all,     // sends them first: for what is new
};

// Sends a manifest, and its files. What it answers: the version.
Result<std::string> upload_problem(Client& client, const Problem& problem, const std::map<Digest, std::string>& blobs,
                                   bool publish, Upload way = Upload::asking);

// The program as attributes of a submission.
Result<nlohmann::json> attributes_of(const packages::Program& program, std::int32_t language_id);

}  // namespace pushjudge::client
