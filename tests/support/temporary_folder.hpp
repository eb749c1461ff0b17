#pragma once

// A fresh folder below the system's temporary one, removed with all it holds at the end of the scope, unless it is
// kept.

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace pushjudge::testing {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string path = (std::filesystem::temp_directory_path() / "pj-XXXXXX").string();
    if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error("mkdtemp " + path);
    path_ = path;
  }
  ~TemporaryFolder() {
    if (kept_) return;
    std::error_code ignored;  // a destructor must not throw, and a leftover folder hurts nobody
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  // For whoever looks into what went wrong.
  void keep() { kept_ = true; }
  std::string file(const std::string& name) const { return (path_ / name).string(); }
  // Makes the folders of `name` too.
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
  }

 private:
  std::filesystem::path path_;
  bool kept_ = false;
};

}  // namespace pushjudge::testing
