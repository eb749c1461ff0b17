#pragma once

// What a worker keeps of problems between submissions: files by digest, problems by version, and checkers and reference
// solutions ready to be run. Bounded: what was used longest ago goes first, but not while somebody holds it. All slots
// share it; the worker's only thread.

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <string>

#include "proto/base/result.hpp"
#include "proto/digest.hpp"
#include "proto/problem.hpp"
#include "worker/program.hpp"
#include "worker/test_run.hpp"

namespace pushjudge {

class ProblemShelf {
 public:
  explicit ProblemShelf(std::uint64_t bytes_max, std::size_t files_max = kFilesMax)
      : bytes_max_(bytes_max), files_max_(files_max) {}

  // A file is a descriptor and a page at least, however small.
  static constexpr std::size_t kFilesMax = 16'384;

  // Nothing for what is not there, and is to be asked for.
  BlobHandle find(const Digest& digest);
  // Errors: `unavailable` when there is no memory for it.
  Result<void> keep(const Digest& digest, std::string_view bytes);

  // The problem whose manifest is `version`, which must be there. Errors: invalid.
  Result<std::shared_ptr<const Problem>> problem(const Digest& version, const BlobFile& manifest);

  // The built checker of the problem; nothing where none was built, or it was given up.
  std::shared_ptr<const Program> checker(const Digest& version);
  void keep_checker(const Digest& version, std::shared_ptr<const Program> checker);
  // Its reference solution; likewise.
  std::shared_ptr<const Program> reference(const Digest& version);
  void keep_reference(const Digest& version, std::shared_ptr<const Program> reference);

  std::uint64_t bytes() const { return bytes_; }

 private:
  struct Entry {
    BlobHandle blob;
    std::list<Digest>::iterator place;  // in uses_
  };
  struct Known {
    std::shared_ptr<const Problem> problem;
    std::shared_ptr<const Program> checker;
    std::shared_ptr<const Program> reference;
    std::uint64_t used = 0;
  };
  void make_room();
  Known& know(const Digest& version);

  std::uint64_t bytes_max_;
  std::size_t files_max_;
  std::uint64_t bytes_ = 0;
  std::map<Digest, Entry> blobs_;
  std::list<Digest> uses_;  // the latest first
  std::map<Digest, Known> known_;
  std::uint64_t clock_ = 0;
};

}  // namespace pushjudge
