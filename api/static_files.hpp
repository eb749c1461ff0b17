#pragma once

// The built page, read into memory at start-up. A request is a look-up in a table of names, so that no path from
// outside ever reaches the file system. Read only after construction; net thread.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/http.hpp"

namespace pushjudge {

class StaticFiles {
 public:
  // Links are not followed. Errors: too_large for more than kFilesMax files or kFilesBytesMax bytes, unavailable for
  // what cannot be read. A folder that is not there gives a page that says how to build it.
  static Result<StaticFiles> load(const std::string& folder);

  // The answer to a GET or HEAD, with 304 where the client has the file already. Nothing: there is no such file.
  std::optional<Response> find(const Request& request) const;

  std::size_t count() const { return files_.size(); }

 private:
  struct File {
    std::shared_ptr<const std::string> content;
    std::string type;
    std::string tag;       // its ETag
    bool lasting = false;  // its name changes with its content
  };

  void add(const std::string& path, std::string content);

  std::map<std::string, File> files_;  // by path, as "assets/index-1a2b.js"
};

inline constexpr std::size_t kFilesMax = 2'000;
inline constexpr std::size_t kFilesBytesMax = 64 << 20;

// The folder of the page for a program at `executable`: as installed, or as built beside the sources.
std::string default_web_folder(const std::string& executable);

}  // namespace pushjudge
