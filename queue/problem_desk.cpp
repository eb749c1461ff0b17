#include "queue/problem_desk.hpp"

#include <memory>
#include <utility>

#include "proto/problem.hpp"

namespace pushjudge {
Result<StoreBlobOrder> order_to_store(std::string bytes) {
  if (bytes.size() > kBlobBytesMax) return Error{Errc::too_large, "a file of a problem has at most 32 MiB"};
  StoreBlobOrder order;
  order.digest = digest_of(bytes);
  order.bytes = std::make_shared<const std::string>(std::move(bytes));
  return order;
}

Result<AddProblemOrder> order_to_add(std::string manifest, bool publish) {
  if (manifest.size() > kManifestBytesMax) return Error{Errc::too_large, "a manifest has at most 4 MiB"};
  const auto problem = decode_problem(manifest);
  if (!problem) return problem.error();
  AddProblemOrder order;
  order.publish = publish;
  order.function = problem->function.has_value();
  order.files = blobs_of(*problem);
  order.card.slug = problem->slug;
  order.card.title = problem->title;
  order.card.version = digest_of(manifest);
  order.card.scoring = problem->scoring;
  order.card.score_max = score_max(*problem);
  order.card.time_ms = problem->limits.time_ms;
  order.card.memory_kib = problem->limits.memory_kib;
  order.card.tests = static_cast<std::uint32_t>(problem->tests.size());
  order.manifest = std::make_shared<const std::string>(std::move(manifest));
  return order;
}

Error no_problem(std::string_view reference) {
  // What cannot be a name may be long, and may be anything: it is not said again.
  const bool name = parse_problem_reference(reference).has_value();
  return {Errc::not_found, name ? "there is no problem " + std::string(reference) : "there is no problem of that name"};
}

Result<Digest> resolve(const ProblemCatalog& catalog, std::string_view reference) {
  const auto named = parse_problem_reference(reference);
  if (!named) return no_problem(reference);
  if (named->version) {
    const auto known = catalog.versions.find(*named->version);
    if (known != catalog.versions.end() && known->second == named->slug) return *named->version;
  } else if (const auto published = catalog.published.find(named->slug); published != catalog.published.end()) {
    return published->second.version;
  }
  return no_problem(reference);
}

bool resolve_problem(const ProblemCatalog& catalog, Submission& submission) {
  submission.problem_version.reset();
  if (!submission.problem) return true;
  const auto version = resolve(catalog, *submission.problem);
  if (version) submission.problem_version = *version;
  return version.has_value();
}

bool WantedBlobs::add(SessionId session, const Digest& digest) {
  if (count_ >= kWantedBlobsMax) return false;
  std::set<Digest>& of_session = wanted_[session];
  if (of_session.size() >= kWantedBlobsOfSessionMax || !of_session.insert(digest).second) return false;
  ++count_;
  return true;
}

void WantedBlobs::remove(SessionId session, const Digest& digest) {
  const auto of_session = wanted_.find(session);
  if (of_session == wanted_.end()) return;
  count_ -= of_session->second.erase(digest);
  if (of_session->second.empty()) wanted_.erase(of_session);
}

}  // namespace pushjudge
