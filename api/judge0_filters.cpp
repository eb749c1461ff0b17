#include "api/judge0_filters.hpp"

#include <nlohmann/json.hpp>
#include <string>

namespace pushjudge {

Response judge0_error(int status, std::string_view message) {
  return json_response(status, {{"error", message}});
}

std::optional<Response> refuse_maintenance(const Judge0Settings& settings) {
  if (!settings.maintenance_mode) return std::nullopt;
  return judge0_error(503, settings.maintenance_message);
}

std::optional<Response> refuse_wait(const Judge0Settings& settings, bool wait) {
  if (!wait || settings.enable_wait_result) return std::nullopt;
  return judge0_error(400, "wait not allowed");
}

std::optional<Response> refuse_delete(const Judge0Settings& settings) {
  if (settings.enable_submission_delete) return std::nullopt;
  return judge0_error(400, "delete not allowed");
}

std::optional<Response> refuse_batches(const Judge0Settings& settings) {
  if (settings.enable_batched_submissions) return std::nullopt;
  return judge0_error(400, "batched submissions are not allowed");
}

std::optional<Response> refuse_batch_size(const Judge0Settings& settings, std::size_t size) {
  if (size == 0) return judge0_error(400, "there should be at least one submission in a batch");
  if (size <= settings.max_submission_batch_size) return std::nullopt;
  return judge0_error(400, "number of submissions in a batch should be less than or equal to " +
                               std::to_string(settings.max_submission_batch_size));
}

}  // namespace pushjudge
