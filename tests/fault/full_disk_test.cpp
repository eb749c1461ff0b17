// A disk that is full for real, below the whole of it.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "proto/base/unique_fd.hpp"
#include "tests/fault/scene.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;
using nlohmann::json;
using std::chrono::seconds;

namespace {

constexpr std::size_t kOutputBytes = 300'000;

// A small disk in memory, in a mount namespace of this thread and of what it starts from now on, so that nothing is
// left mounted whatever happens.
class SmallDisk {
 public:
  explicit SmallDisk(const std::string& folder) : folder_(folder) {
    std::filesystem::create_directory(folder);
    if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=3m,mode=700") != 0) {
      why_not_ = std::strerror(errno);
    }
  }
  ~SmallDisk() {
    if (why_not_.empty()) ::umount2(folder_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  const std::string& why_not() const { return why_not_; }  // empty: it is there

  void fill() const {
    const UniqueFd file(::open((folder_ + "/filler").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    REQUIRE(file);
    static constexpr std::array<char, 4'096> kBytes{};
    while (::write(file.get(), kBytes.data(), kBytes.size()) > 0) {
    }
    CHECK(errno == ENOSPC);
  }
  void make_room() const { std::filesystem::remove(folder_ + "/filler"); }

 private:
  std::string folder_;
  std::string why_not_;
};

json program(const std::string& source) {
  return {{"language", "bash"}, {"source_code", source}};
}

std::size_t count_of(const std::string& text, const std::string& word) {
  std::size_t count = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + word.size())) ++count;
  return count;
}

}  // namespace

TEST_CASE("full disk: POST is refused, reports are kept by their workers, and all goes on when there is room again") {
  const TemporaryFolder folder;
  const SmallDisk disk(folder.file("data"));
  if (!disk.why_not().empty()) {
    // Root can, unless it is one in name only; others cannot.
    if (::geteuid() == 0 && std::getenv("PJ_REQUIRE_SANDBOX") != nullptr) FAIL("no disk of our own: ", disk.why_not());
    MESSAGE("*** SKIPPED: no disk of our own can be mounted: ", disk.why_not());
    return;
  }
  ClusterOptions options;
  options.workers = 2;
  options.data = folder.file("data");
  Cluster cluster(options);

  // One whose report will need room, one whose worker will die; both are under way when the disk becomes full.
  auto stream = cluster.stream();
  auto other_stream = cluster.stream();
  const json reporting =
      cluster.submit(program("sleep 1; head -c " + std::to_string(kOutputBytes) + " /dev/zero | tr '\\0' x"));
  const json losing = cluster.submit(program("sleep 4; echo done"));
  Watched reported = watch_until(stream, reporting, "started");
  Watched lost = watch_until(other_stream, losing, "started");
  disk.fill();

  // What the log has room for is still taken; then it is refused, the small as well as the large.
  std::vector<json> accepted;
  for (const std::size_t bytes : {20'000, 2'000, 1}) {
    CAPTURE(bytes);
    client::Reply reply;
    for (int i = 0; i < 500; ++i) {
      auto posted =
          post(cluster, program("echo kept #" + std::string(bytes, 'x')), "key-" + std::to_string(accepted.size()));
      REQUIRE(posted);
      reply = *std::move(posted);
      if (reply.status != 201) break;
      accepted.push_back(json::parse(reply.body));
    }
    CHECK(reply.status == 503);
    CHECK_FALSE(reply.header("Retry-After").empty());
    CHECK(json::parse(reply.body).contains("error"));
  }

  // The report is made, sent again and again, and never settled.
  const std::string worker = reported.events.back().at("submission").at("worker");
  REQUIRE(eventually([&] { return cluster.log(worker).find("verdict=accepted") != std::string::npos; }));
  const std::size_t refused = count_of(cluster.log("queue"), "turn_rolled_back");
  CHECK(eventually([&] { return count_of(cluster.log("queue"), "turn_rolled_back") >= refused + 2; }));
  const std::string other = lost.events.back().at("submission").at("worker");
  REQUIRE(other != worker);
  cluster.worker(other == "worker-0" ? 0 : 1).kill();
  CHECK(eventually([&] { return cluster.log("queue").find("worker_lost") != std::string::npos; }));
  // Whoever asks is answered all the same.
  const auto shown = cluster.client().get(token_of(reporting));
  REQUIRE(shown);
  CHECK(shown->at("state") == "running");
  CHECK(cluster.core().running());

  disk.make_room();
  read_until_finished(stream, reported);
  read_until_finished(other_stream, lost);
  CHECK(reported.kinds() == Kinds{"queued", "started", "finished"});
  CHECK(reported.last().at("stdout").get<std::string>().size() == kOutputBytes);
  CHECK(reported.last().at("attempt") == 1);
  CHECK(lost.kinds() == Kinds{"queued", "started", "requeued", "started", "finished"});
  CHECK(without_gap(reported));
  CHECK(without_gap(lost));
  for (const json& one : accepted) {
    auto later = cluster.stream();
    const Watched watched = watch(later, one);
    CHECK(watched.last().at("stdout") == "kept\n");
    CHECK(watched.last().at("attempt") == 1);
  }
  // What was refused can be sent again, and is one submission.
  const auto again = post(cluster, program("echo kept"), "key-" + std::to_string(accepted.size()));
  REQUIRE(again);
  CHECK(again->status == 201);
  CHECK(again->header("Idempotent-Replayed").empty());
  auto later = cluster.stream();
  (void)watch(later, json::parse(again->body));
  CHECK(cluster.core().running());
  const Ledger ledger = sound_ledger(cluster);
  CHECK(ledger.size() == accepted.size() + 3);
}
