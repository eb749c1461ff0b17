#include "api/judge0_filters.hpp"

#include <doctest/doctest.h>

using namespace pushjudge;

namespace {

// "400 BODY", or "" where the request may go on.
std::string said(const std::optional<Response>& refusal) {
  return refusal ? std::to_string(refusal->status) + " " + *refusal->body : "";
}

}  // namespace

TEST_CASE("judge0 filters: each refuses in Judge0's words, and only where it is told to") {
  Judge0Settings settings;
  CHECK(said(refuse_maintenance(settings)).empty());
  CHECK(said(refuse_wait(settings, true)).empty());
  CHECK(said(refuse_delete(settings)) == R"(400 {"error":"delete not allowed"})");
  settings.enable_submission_delete = true;
  CHECK(said(refuse_delete(settings)).empty());
  settings.maintenance_mode = true;
  CHECK(said(refuse_maintenance(settings)) == R"(503 {"error":"Judge0 is currently in maintenance."})");
  settings.maintenance_message = "Back at \"noon\"";
  CHECK(said(refuse_maintenance(settings)) == R"(503 {"error":"Back at \"noon\""})");
  settings.enable_wait_result = false;
  CHECK(said(refuse_wait(settings, true)) == R"(400 {"error":"wait not allowed"})");
  CHECK(said(refuse_wait(settings, false)).empty());
}

TEST_CASE("judge0 filters: a batch has a size") {
  Judge0Settings settings;
  CHECK(said(refuse_batch_size(settings, 1)).empty());
  CHECK(said(refuse_batch_size(settings, 20)).empty());
  CHECK(said(refuse_batch_size(settings, 0)) ==
        R"(400 {"error":"there should be at least one submission in a batch"})");
  CHECK(said(refuse_batch_size(settings, 21)) ==
        R"(400 {"error":"number of submissions in a batch should be less than or equal to 20"})");
  CHECK(said(refuse_batches(settings)).empty());
  settings.enable_batched_submissions = false;
  CHECK(said(refuse_batches(settings)) == R"(400 {"error":"batched submissions are not allowed"})");
}
