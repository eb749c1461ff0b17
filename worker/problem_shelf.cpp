#include "worker/problem_shelf.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "worker/memory_file.hpp"

namespace pushjudge {

namespace {

// Decoded problems and built checkers: a checker is some megabytes, in memory of its own.
constexpr std::size_t kKnownProblemsMax = 32;

}  // namespace

BlobHandle ProblemShelf::find(const Digest& digest) {
  const auto found = blobs_.find(digest);
  if (found == blobs_.end()) return nullptr;
  uses_.splice(uses_.begin(), uses_, found->second.place);
  return found->second.blob;
}

Result<void> ProblemShelf::keep(const Digest& digest, std::string_view bytes) {
  if (find(digest)) return {};
  auto file = make_memory_file("blob", bytes);
  if (!file) return file.error();
  uses_.push_front(digest);
  blobs_[digest] = {std::make_shared<const BlobFile>(BlobFile{*std::move(file), bytes.size()}), uses_.begin()};
  bytes_ += bytes.size();
  make_room();
  return {};
}

// What came last stays, however large it is: somebody waits for it.
void ProblemShelf::make_room() {
  const auto full = [this] { return bytes_ > bytes_max_ || blobs_.size() > files_max_; };
  for (auto next = uses_.rbegin(); full() && next != uses_.rend() && *next != uses_.front();) {
    const auto found = blobs_.find(*next);
    if (found->second.blob.use_count() > 1) {
      ++next;
      continue;
    }
    bytes_ -= found->second.blob->size;
    blobs_.erase(found);
    next = std::make_reverse_iterator(uses_.erase(std::next(next).base()));
  }
}

ProblemShelf::Known& ProblemShelf::know(const Digest& version) {
  if (!known_.contains(version) && known_.size() >= kKnownProblemsMax) {
    known_.erase(std::ranges::min_element(known_, {}, [](const auto& entry) { return entry.second.used; }));
  }
  Known& known = known_[version];
  known.used = ++clock_;
  return known;
}

Result<std::shared_ptr<const Problem>> ProblemShelf::problem(const Digest& version, const BlobFile& manifest) {
  Known& known = know(version);
  if (known.problem) return known.problem;
  const auto bytes = read_memory_file(manifest.fd.get(), manifest.size);
  if (!bytes) return bytes.error();
  auto problem = decode_problem(*bytes);
  if (!problem) return problem.error();
  known.problem = std::make_shared<const Problem>(*std::move(problem));
  return known.problem;
}

std::shared_ptr<const Program> ProblemShelf::checker(const Digest& version) {
  return know(version).checker;
}

void ProblemShelf::keep_checker(const Digest& version, std::shared_ptr<const Program> checker) {
  know(version).checker = std::move(checker);
}

std::shared_ptr<const Program> ProblemShelf::reference(const Digest& version) {
  return know(version).reference;
}

void ProblemShelf::keep_reference(const Digest& version, std::shared_ptr<const Program> reference) {
  know(version).reference = std::move(reference);
}

}  // namespace pushjudge
