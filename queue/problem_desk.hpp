#pragma once

// What the core makes of a word about problems before it asks the store, and which files workers wait for. Pure: no
// I/O, no clock, no logging. Owned by the core's thread.

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "proto/base/result.hpp"
#include "queue/engine.hpp"

namespace pushjudge {

// Errors: too_large.
Result<StoreBlobOrder> order_to_store(std::string bytes);
// Errors: invalid, too_large.
Result<AddProblemOrder> order_to_add(std::string manifest, bool publish);

// What is said where a reference, or something else, names nothing.
Error no_problem(std::string_view reference);

// The version that a ProblemReference names. Errors: not_found, which says its name.
Result<Digest> resolve(const ProblemCatalog& catalog, std::string_view reference);
// The same for a submission: says in it which version that is, whatever was said there before. False: it names a
// problem and there is none.
bool resolve_problem(const ProblemCatalog& catalog, Submission& submission);

// The files that workers have asked for and not been sent yet. Each is read once for a session, however often it asks.
class WantedBlobs {
 public:
  // False: it is wanted already, or the session or all together want too many; the worker asks again.
  bool add(SessionId session, const Digest& digest);
  void remove(SessionId session, const Digest& digest);
  std::size_t size() const { return count_; }

 private:
  std::map<SessionId, std::set<Digest>> wanted_;
  std::size_t count_ = 0;
};

// Each may be as large as kBlobBytesMax.
inline constexpr std::size_t kWantedBlobsMax = 64;
inline constexpr std::size_t kWantedBlobsOfSessionMax = 8;

}  // namespace pushjudge
