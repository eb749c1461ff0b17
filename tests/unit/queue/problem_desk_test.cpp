#include "queue/problem_desk.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/problems.hpp"

using namespace pushjudge;

namespace {

const Digest kPublished = digest_of("published");
const Digest kDraft = digest_of("draft");

ProblemCatalog catalog_of_sum() {
  ProblemCatalog catalog;
  catalog.versions = {{kPublished, "sum"}, {kDraft, "sum"}, {digest_of("other"), "other"}};
  ProblemCard card;
  card.slug = "sum";
  card.version = kPublished;
  catalog.published["sum"] = card;
  return catalog;
}

}  // namespace

TEST_CASE("problem desk: a slug names what is published, and a version itself where it is of that slug") {
  const ProblemCatalog catalog = catalog_of_sum();
  const auto found = [&](const std::string& reference) {
    const auto version = resolve(catalog, reference);
    return version ? to_hex(*version) : version.error().message;
  };
  CHECK(found("sum") == to_hex(kPublished));
  CHECK(found("sum@" + to_hex(kPublished)) == to_hex(kPublished));
  CHECK(found("sum@" + to_hex(kDraft)) == to_hex(kDraft));
  CHECK(found("other") == "there is no problem other");
  CHECK(found("other@" + to_hex(kDraft)) == "there is no problem other@" + to_hex(kDraft));
  CHECK(found("sum@" + to_hex(Digest{})) == "there is no problem sum@" + to_hex(Digest{}));
  // What is no name is not repeated.
  CHECK(found("<Sum>") == "there is no problem of that name");
  CHECK(found(std::string(1'000, 'a')) == "there is no problem of that name");
  CHECK(resolve(catalog, "x").error().code == Errc::not_found);
}

TEST_CASE("problem desk: the version in a submission is the core's word, whatever was said before") {
  const ProblemCatalog catalog = catalog_of_sum();
  Submission submission;
  submission.problem_version = kDraft;
  REQUIRE(resolve_problem(catalog, submission));
  CHECK_FALSE(submission.problem_version);
  submission.problem = "sum";
  submission.problem_version = kDraft;
  REQUIRE(resolve_problem(catalog, submission));
  CHECK(submission.problem_version == kPublished);
  submission.problem = "none";
  CHECK_FALSE(resolve_problem(catalog, submission));
  CHECK_FALSE(submission.problem_version);
}

TEST_CASE("problem desk: what is too large or no manifest is no order") {
  CHECK(order_to_store(std::string(kBlobBytesMax + 1, 'x')).error().code == Errc::too_large);
  CHECK(order_to_add(std::string(kManifestBytesMax + 1, 'x'), true).error().code == Errc::too_large);
  CHECK(order_to_add("", true).error().code == Errc::invalid);
  Problem nameless = testing::small_problem("sum", "in", "out");
  nameless.slug = "Not a slug";
  CHECK(order_to_add(encode(nameless), true).error().code == Errc::invalid);
  const Problem problem = testing::small_problem("sum", "in", "out");
  const auto order = order_to_add(encode(problem), false);
  REQUIRE(order);
  CHECK(order->card.version == digest_of(encode(problem)));
  CHECK(order->files == blobs_of(problem));
  CHECK(*order->manifest == encode(problem));
  CHECK_FALSE(order->publish);
}

TEST_CASE("problem desk: a file is wanted once by a session, and each may want so many") {
  WantedBlobs wanted;
  std::vector<Digest> digests;
  for (std::size_t i = 0; i <= kWantedBlobsOfSessionMax; ++i) digests.push_back(digest_of(std::to_string(i)));
  for (std::size_t i = 0; i < kWantedBlobsOfSessionMax; ++i) {
    CHECK(wanted.add(1, digests[i]));
    CHECK_FALSE(wanted.add(1, digests[i]));
  }
  CHECK_FALSE(wanted.add(1, digests.back()));
  CHECK(wanted.add(2, digests[0]));
  wanted.remove(1, digests[0]);
  wanted.remove(1, digests[0]);
  CHECK(wanted.add(1, digests.back()));
  SessionId session = 3;
  while (wanted.size() < kWantedBlobsMax) REQUIRE(wanted.add(session++, digests[0]));
  CHECK_FALSE(wanted.add(session, digests[0]));
}
