// A core, a gateway's end and a worker's end in one process: what is said of problems over the wire.

#include <doctest/doctest.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "proto/base/unique_fd.hpp"
#include "proto/endpoints.hpp"
#include "queue/client.hpp"
#include "queue/core.hpp"
#include "queue/link.hpp"
#include "queue/mailbox.hpp"
#include "queue/socket.hpp"
#include "queue/sqlite_engine.hpp"
#include "tests/support/problems.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace pushjudge;
using std::chrono::milliseconds;

namespace {

constexpr std::int32_t kCpp = 54;

// A core on a thread of its own.
class RunningCore {
 public:
  RunningCore(const std::string& database, CoreOptions options)
      : stop_(::eventfd(0, EFD_CLOEXEC)),
        engine_(database, [this](std::function<void()> function) { mailbox_.post(std::move(function)); }),
        core_(std::move(options), engine_, mailbox_),
        thread_([this] { core_.run(stop_.get()); }) {}
  ~RunningCore() {
    const std::uint64_t one = 1;
    CHECK(::write(stop_.get(), &one, sizeof one) == sizeof one);
    thread_.join();
  }
  RunningCore(const RunningCore&) = delete;
  RunningCore& operator=(const RunningCore&) = delete;

 private:
  UniqueFd stop_;
  Mailbox mailbox_;
  SqliteEngine engine_;
  Core core_;
  std::thread thread_;
};

struct Listener final : CoreListener {
  void on_event(std::shared_ptr<const Event> event, const std::string&) override { events.push_back(std::move(event)); }
  void on_epoch(const std::string&) override {}
  void on_callbacks_due() override {}
  void on_forget(const Token&) override {}
  void on_broadcast(bool, const std::string&) override {}
  void on_test_done(const Token& token, const TestProgress& progress) override { tests.emplace_back(token, progress); }

  std::vector<std::shared_ptr<const Event>> events;
  std::vector<std::pair<Token, TestProgress>> tests;
};

struct Handler final : LinkHandler {
  void on_job(Job job) override { jobs.push_back(std::move(job)); }
  void on_drop(JobRef) override {}
  void on_joined(bool) override {}
  void on_blob(const Digest& digest, std::optional<std::string> bytes) override {
    blobs[digest].push_back(std::move(bytes));
  }

  std::vector<Job> jobs;
  std::map<Digest, std::vector<std::optional<std::string>>> blobs;
};

// The whole, of which all but the core is on the test's thread.
class Wire {
 public:
  Wire() {
    start_core();
    CoreClientOptions client_options;
    client_options.queue = address();
    client_options.request_timeout = std::chrono::seconds(30);
    client.emplace(io, client_options, listener);
  }

  void start_core() {
    CoreOptions options;
    options.listen = {address()};
    options.times.restart = milliseconds(500);
    options.queue_max = 100;
    core.emplace(folder.file("test.db"), std::move(options));
  }

  void start_worker() {
    LinkOptions options;
    options.queue = address();
    options.name = "worker";
    options.slots = 4;
    options.languages = {{kCpp, "cpp", "C++", "main.cpp", "c++", "./a.out"}};
    link.emplace(std::move(options), handler);
  }

  template <class Condition>
  bool eventually(Condition condition) {
    return testing::eventually([&] {
      turn();
      return condition();
    });
  }

  template <class T>
  T wait_for(boost::asio::awaitable<T> question) {
    std::optional<T> answer;
    boost::asio::co_spawn(io, keep(std::move(question), answer), rethrow);
    if (!eventually([&] { return answer.has_value(); })) throw std::runtime_error("no answer");
    return *std::move(answer);
  }

  // Stores its files and adds it; gives its version.
  Digest add(const Problem& problem, const std::vector<std::string>& files, bool publish = true) {
    for (const std::string& file : files) REQUIRE(wait_for(client->store_blob(file)));
    const auto added = wait_for(client->add_problem(encode(problem), publish));
    REQUIRE(added);
    REQUIRE(added->missing.empty());
    return added->version;
  }

  std::string address() const { return "ipc://" + folder.path().string(); }

  testing::TemporaryFolder folder;
  boost::asio::io_context io;
  Listener listener;
  Handler handler;
  std::optional<RunningCore> core;
  std::optional<CoreClient> client;
  std::optional<Link> link;

 private:
  template <class T>
  static boost::asio::awaitable<void> keep(boost::asio::awaitable<T> question, std::optional<T>& answer) {
    answer.emplace(co_await std::move(question));
  }
  static void rethrow(std::exception_ptr thrown) {
    if (thrown) std::rethrow_exception(thrown);
  }

  void turn() {
    if (link) link->wait({}, milliseconds(1));
    io.restart();
    io.poll();
  }
};

// A core that says what the test wants, to one worker.
class ScriptedCore {
 public:
  explicit ScriptedCore(const std::string& address)
      : endpoints_(*endpoints_of(address)),
        lobby_(context_, SocketType::router, SocketOptions{}),
        uplink_(context_, SocketType::pull, SocketOptions{}),
        pipe_(context_, SocketType::push, SocketOptions{}) {
    REQUIRE(lobby_.bind(endpoints_.lobby));
    REQUIRE(uplink_.bind(endpoints_.uplink));
    pipe_endpoint_ = *pipe_.bind(ipc_pipe_endpoint(address, kSession));
  }

  // Lets the worker in, keeps its session alive, and takes in which files it wants.
  void turn() {
    while (const auto letter = lobby_.receive_letter()) {
      Welcome welcome;
      welcome.session = kSession;
      welcome.lease_ms = 60'000;
      welcome.beat_ms = 20'000;
      welcome.pipe = pipe_endpoint_;
      lobby_.send(letter->peer, encode(welcome));
    }
    if (!heard_) pipe_.send(encode(Ping{}));
    while (const auto frame = uplink_.receive()) {
      heard_ = true;
      if (const auto blob = decode<WantBlob>(*frame)) wanted.push_back(blob->digest);
    }
  }
  void send(const BlobData& file) { pipe_.send(encode(file)); }

  std::vector<Digest> wanted;  // in the order of asking

 private:
  static constexpr std::uint64_t kSession = 1;
  Endpoints endpoints_;
  SocketContext context_;
  Socket lobby_;
  Socket uplink_;
  Socket pipe_;
  std::string pipe_endpoint_;
  bool heard_ = false;
};

Submission solving(const std::optional<std::string>& problem) {
  Submission made;
  made.token = Token::make(wall_now());
  made.language_id = kCpp;
  made.source_code = "int main() {}";
  made.problem = problem;
  made.created_at = wall_now();
  return made;
}

TestProgress progress_of(std::uint32_t done) {
  TestProgress made;
  made.done = done;
  made.of = 2;
  made.test.name = "secret/" + std::to_string(done);
  made.test.verdict = Verdict::accepted;
  return made;
}

}  // namespace

TEST_CASE("wire: a problem is added once its files are there, listed, fetched, published again and removed") {
  Wire wire;
  const Problem problem = testing::small_problem("sum", "1 2\n", "3\n");
  const std::string manifest = encode(problem);
  const auto early = wire.wait_for(wire.client->add_problem(manifest, true));
  REQUIRE(early);
  CHECK(early->slug == "sum");
  CHECK(early->version == digest_of(manifest));
  CHECK(early->missing.size() == 2);
  const auto stored = wire.wait_for(wire.client->store_blob("1 2\n"));
  REQUIRE(stored);
  CHECK(stored->digest == digest_of("1 2\n"));
  REQUIRE(wire.wait_for(wire.client->store_blob("3\n")));
  const auto added = wire.wait_for(wire.client->add_problem(manifest, true));
  REQUIRE(added);
  CHECK(added->missing.empty());

  Problem better = problem;
  better.title = "Better";
  const auto draft = wire.wait_for(wire.client->add_problem(encode(better), false));
  REQUIRE(draft);
  const auto listed = wire.wait_for(wire.client->problems());
  REQUIRE(listed);
  REQUIRE(listed->problems.size() == 1);
  CHECK(listed->problems[0].slug == "sum");
  CHECK(listed->problems[0].version == added->version);
  CHECK(listed->problems[0].published_at > 0);
  const auto got = wire.wait_for(wire.client->problem("sum"));
  REQUIRE(got);
  CHECK(got->manifest == manifest);
  CHECK(got->version == added->version);
  CHECK(got->published_at == listed->problems[0].published_at);
  const auto got_draft = wire.wait_for(wire.client->problem("sum@" + to_hex(draft->version)));
  REQUIRE(got_draft);
  CHECK(got_draft->manifest == encode(better));
  CHECK(got_draft->published_at == 0);

  REQUIRE(wire.wait_for(wire.client->add_problem(encode(better), true)));
  CHECK(wire.wait_for(wire.client->problem("sum"))->version == draft->version);
  REQUIRE(wire.wait_for(wire.client->remove_problem("sum")));
  CHECK(wire.wait_for(wire.client->problems())->problems.empty());
  CHECK(wire.wait_for(wire.client->problem("sum")).error().code == Errc::not_found);
  CHECK(wire.wait_for(wire.client->problem("sum@" + to_hex(draft->version))));
  const auto again = wire.wait_for(wire.client->remove_problem("sum"));
  REQUIRE_FALSE(again);
  CHECK(again.error().code == Errc::not_found);
  CHECK(again.error().message == "there is no problem sum");
}

TEST_CASE("wire: a file of the largest size goes up and comes down, and what is no manifest is refused") {
  Wire wire;
  const std::string bytes(kBlobBytesMax, 'x');
  REQUIRE(wire.wait_for(wire.client->store_blob(bytes)));
  CHECK(wire.wait_for(wire.client->store_blob(bytes + "x")).error().code == Errc::too_large);
  CHECK(wire.wait_for(wire.client->add_problem("no manifest", true)).error().code == Errc::invalid);
  Problem lying = testing::small_problem("sum", bytes, bytes);
  lying.tests[0].answer.size = lying.tests[0].input.size = 1;
  CHECK(wire.wait_for(wire.client->add_problem(encode(lying), true)).error().code == Errc::invalid);

  wire.start_worker();
  wire.link->want_blob(digest_of(bytes));
  REQUIRE(wire.eventually([&] { return wire.handler.blobs.contains(digest_of(bytes)); }));
  CHECK((wire.handler.blobs[digest_of(bytes)].at(0) == bytes));
}

TEST_CASE("wire: a submission has the version that its problem had when it came in, and the worker is told") {
  Wire wire;
  const Problem problem = testing::small_problem("sum", "in", "out");
  const Digest first = wire.add(problem, {"in", "out"});
  Submission before = solving("sum");
  before.problem_version = digest_of("what a gateway may say");
  REQUIRE(wire.wait_for(wire.client->submit(before, "")));
  Problem other = problem;
  other.title = "Other";
  const Digest second = wire.add(other, {});
  REQUIRE(wire.wait_for(wire.client->submit(solving("sum"), "")));
  REQUIRE(wire.wait_for(wire.client->submit(solving("sum@" + to_hex(first)), "")));
  REQUIRE(wire.wait_for(wire.client->submit(solving(std::nullopt), "")));
  wire.start_worker();
  REQUIRE(wire.eventually([&] { return wire.handler.jobs.size() == 4; }));
  CHECK(wire.handler.jobs[0].submission.problem == "sum");
  CHECK(wire.handler.jobs[0].submission.problem_version == first);
  CHECK(wire.handler.jobs[1].submission.problem_version == second);
  CHECK(wire.handler.jobs[2].submission.problem_version == first);
  CHECK_FALSE(wire.handler.jobs[3].submission.problem_version);
  const auto got = wire.wait_for(wire.client->get(before.token));
  REQUIRE(got);
  CHECK(got->submission.problem_version == first);
  CHECK(got->snapshot.problem == "sum");
}

TEST_CASE("wire: a submission to a problem that is none is refused by name, and a batch with one altogether") {
  Wire wire;
  wire.add(testing::small_problem("sum", "in", "out"), {"in", "out"});
  const auto refused = wire.wait_for(wire.client->submit(solving("product"), ""));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::not_found);
  CHECK(refused.error().message == "there is no problem product");
  std::vector<SubmitBatch::Entry> batch{{solving("sum"), ""}, {solving(std::nullopt), ""}, {solving("product"), ""}};
  const auto answers = wire.wait_for(wire.client->submit_batch(batch));
  REQUIRE(answers.size() == 3);
  for (const auto& answer : answers) {
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Errc::not_found);
    CHECK(answer.error().message == "there is no problem product (submission 2 of the batch, counted from 0)");
  }
  CHECK(wire.wait_for(wire.client->stats())->queued == 0);
  batch.pop_back();
  for (const auto& answer : wire.wait_for(wire.client->submit_batch(batch))) CHECK(answer);
}

TEST_CASE("wire: a submission sent again by its key is the same, also when its problem is there no more") {
  Wire wire;
  wire.add(testing::small_problem("sum", "in", "out"), {"in", "out"});
  Submission sent = solving("sum");
  const auto first = wire.wait_for(wire.client->submit(sent, "key"));
  REQUIRE(first);
  REQUIRE(wire.wait_for(wire.client->remove_problem("sum")));
  sent.token = Token::make(wall_now());
  const auto again = wire.wait_for(wire.client->submit(sent, "key"));
  REQUIRE(again);
  CHECK(again->replayed);
  CHECK(again->token == first->token);
  CHECK(wire.wait_for(wire.client->submit(solving("sum"), "")).error().code == Errc::not_found);
}

TEST_CASE("wire: progress is told to gateways with its token, and only by whoever has the job") {
  Wire wire;
  wire.add(testing::small_problem("sum", "in", "out"), {"in", "out"});
  const Submission sent = solving("sum");
  REQUIRE(wire.wait_for(wire.client->submit(sent, "")));
  wire.start_worker();
  REQUIRE(wire.eventually([&] { return wire.handler.jobs.size() == 1; }));
  const JobRef ref = wire.handler.jobs[0].ref;
  // Neither of a job that it has not, nor what no gateway could show.
  wire.link->progress({ref.job, ref.fence + 1}, progress_of(1));
  TestProgress endless = progress_of(1);
  endless.test.message.assign(kTestMessageBytesMax + 1, 'x');
  wire.link->progress(ref, endless);
  wire.link->progress(ref, progress_of(1));
  wire.link->progress(ref, progress_of(2));
  REQUIRE(wire.eventually([&] { return wire.listener.tests.size() == 2; }));
  Report report;
  report.verdict = Verdict::accepted;
  report.score = 2;
  report.tests = {progress_of(1).test, progress_of(2).test};
  wire.link->finished(ref, report);
  wire.link->progress(ref, progress_of(3));
  REQUIRE(wire.eventually([&] { return !wire.listener.events.empty() && is_last(wire.listener.events.back()->kind); }));
  REQUIRE(wire.listener.tests.size() == 2);
  CHECK(wire.listener.tests[0].first == sent.token);
  CHECK(wire.listener.tests[0].second == progress_of(1));
  CHECK(wire.listener.tests[1].second == progress_of(2));
  CHECK(wire.listener.events.back()->snapshot.report == report);
  CHECK(wire.listener.events.back()->snapshot.problem == "sum");
}

TEST_CASE(
    "wire: a worker gets the files that it wants, the manifest too, each once, and hears of those that are none") {
  Wire wire;
  const Digest version = wire.add(testing::small_problem("sum", "in", "out"), {"in", "out"});
  std::vector<Digest> wanted{version, digest_of("in"), digest_of("out"), digest_of("none")};
  // More than the link asks for at once.
  for (int i = 0; i < 20; ++i) {
    const std::string file = "file " + std::to_string(i);
    REQUIRE(wire.wait_for(wire.client->store_blob(file)));
    wanted.push_back(digest_of(file));
  }
  wire.start_worker();
  for (const Digest& digest : wanted) {
    wire.link->want_blob(digest);
    wire.link->want_blob(digest);
  }
  REQUIRE(wire.eventually([&] { return wire.handler.blobs.size() == wanted.size(); }));
  for (const Digest& digest : wanted) {
    REQUIRE(wire.handler.blobs[digest].size() == 1);
    const auto& bytes = wire.handler.blobs[digest][0];
    REQUIRE(bytes.has_value() == (digest != digest_of("none")));
    if (bytes) CHECK(digest_of(*bytes) == digest);
  }
  // Wanted again it comes again.
  wire.link->want_blob(version);
  CHECK(wire.eventually([&] { return wire.handler.blobs[version].size() == 2; }));
}

TEST_CASE(
    "wire: what a worker wants while the core is away comes from the next core, and so does the word of its tests") {
  Wire wire;
  const Digest version = wire.add(testing::small_problem("sum", "in", "out"), {"in", "out"});
  const Submission sent = solving("sum");
  REQUIRE(wire.wait_for(wire.client->submit(sent, "")));
  wire.start_worker();
  REQUIRE(wire.eventually([&] { return wire.handler.jobs.size() == 1; }));
  wire.core.reset();
  wire.link->want_blob(version);
  wire.link->want_blob(digest_of("in"));
  wire.start_core();
  REQUIRE(wire.eventually([&] { return wire.handler.blobs.size() == 2; }));
  CHECK(digest_of(*wire.handler.blobs[version].at(0)) == version);
  // Lossy: said until a gateway that is connected again hears it.
  CHECK(wire.eventually([&] {
    wire.link->progress(wire.handler.jobs[0].ref, progress_of(1));
    return !wire.listener.tests.empty();
  }));
  CHECK(wire.listener.tests.at(0).first == sent.token);
}

TEST_CASE("wire: a file that is not the right one is as good as none, and what nobody wants is nobody's") {
  const testing::TemporaryFolder folder;
  const std::string address = "ipc://" + folder.path().string();
  ScriptedCore core(address);
  Handler handler;
  LinkOptions options;
  options.queue = address;
  Link link(options, handler);
  const auto eventually = [&](auto condition) {
    return testing::eventually([&] {
      core.turn();
      link.wait({}, milliseconds(1));
      return condition();
    });
  };
  std::vector<Digest> digests;
  for (int i = 0; i < 9; ++i) digests.push_back(digest_of("file " + std::to_string(i)));
  for (const Digest& digest : digests) link.want_blob(digest);
  REQUIRE(eventually([&] { return core.wanted.size() == 8; }));
  CHECK(core.wanted == std::vector(digests.begin(), digests.begin() + 8));
  // The ninth when one has come.
  core.send({digests[1], "file 1"});
  REQUIRE(eventually([&] { return core.wanted.size() == 9; }));
  CHECK(core.wanted[8] == digests[8]);
  core.send({digest_of("unwanted"), "unwanted"});
  core.send({digests[1], "file 1"});
  core.send({digests[0], "file 1"});
  core.send({digests[2], std::nullopt});
  REQUIRE(eventually([&] { return handler.blobs.contains(digests[2]); }));
  CHECK_FALSE(handler.blobs[digests[2]].at(0));
  CHECK(handler.blobs.size() == 3);
  CHECK(handler.blobs[digests[1]].size() == 1);
  CHECK_FALSE(handler.blobs[digests[0]].at(0));
}
