// Who may come by tcp and what they may do there: real workers with right and wrong keys, and peers that speak the
// protocol and lie.

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "proto/base/unique_fd.hpp"
#include "proto/endpoints.hpp"
#include "proto/messages.hpp"
#include "queue/keys.hpp"
#include "queue/socket.hpp"
#include "tests/e2e/cluster.hpp"

using namespace pushjudge;
using namespace pushjudge::testing;
using nlohmann::json;
using std::chrono::seconds;

namespace {

ClusterOptions keyed(int workers) {
  ClusterOptions options;
  options.keys = true;
  options.workers = workers;
  return options;
}

json echo(const std::string& text) {
  return {{"language", "bash"}, {"source_code", "echo " + text}};
}

// Whether the core's log comes to hold a line with all of these.
bool core_says(const Cluster& cluster, const std::vector<std::string>& words) {
  return eventually([&] {
    const std::string log = cluster.log("queue");
    for (std::size_t begin = 0; begin < log.size();) {
      const std::size_t end = std::min(log.find('\n', begin), log.size());
      const std::string line = log.substr(begin, end - begin);
      if (std::all_of(words.begin(), words.end(), [&](const auto& word) { return line.find(word) != line.npos; })) {
        return true;
      }
      begin = end + 1;
    }
    return false;
  });
}

std::size_t lines_with(const std::string& text, const std::string& word) {
  std::size_t count = 0;
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) ++count;
  return count;
}

std::uint64_t counted(const Cluster& cluster, const std::string& what) {
  const auto health = cluster.health();
  return health && health->contains(what) ? (*health)[what].get<std::uint64_t>() : 0;
}

std::vector<std::string> worker_names(const Cluster& cluster) {
  std::vector<std::string> names;
  const auto health = cluster.health();
  if (!health || !health->contains("workers")) return names;
  for (const json& worker : (*health)["workers"]) names.push_back(worker.at("name"));
  return names;
}

bool has_worker(const Cluster& cluster, const std::string& name) {
  const auto names = worker_names(cluster);
  return std::count(names.begin(), names.end(), name) == 1;
}

ClientKeys keys_of(const Cluster& cluster, const std::string& name) {
  const auto arguments = cluster.with_key(name);
  const auto keys = client_keys(arguments.at(1), arguments.at(3));
  REQUIRE(keys);
  REQUIRE(keys->has_value());
  return **keys;
}

ClientKeys new_key(const Cluster& cluster, const std::string& name, const std::string& role) {
  cluster.make_key(name, role);
  cluster.enrol(name);
  return keys_of(cluster, name);
}

// The next frame that is a T, whatever comes before it.
template <class T>
std::optional<T> next_of(Socket& socket, std::chrono::milliseconds deadline = seconds(20)) {
  std::optional<T> found;
  eventually(
      [&] {
        while (!found) {
          const auto frame = socket.receive();
          if (!frame) return false;
          found = decode<T>(*frame);
        }
        return true;
      },
      deadline);
  return found;
}

// One end of the wire in the hands of a test.
class Peer {
 public:
  Peer(const Cluster& cluster, std::optional<ClientKeys> keys)
      : queue_(cluster.queue()), endpoints_(*endpoints_of(cluster.queue())), keys_(std::move(keys)) {}

  Socket socket(SocketType type, const std::string& endpoint) {
    Socket made(context_, type, SocketOptions{});
    if (keys_) made.use_keys(*keys_);
    REQUIRE(made.connect(endpoint));
    return made;
  }
  Hello hello(std::uint8_t uuid) const {
    Hello made;
    made.worker.fill(uuid);
    made.name = "liar";
    made.queue = queue_;
    Language bash;
    bash.id = 46;
    bash.slug = "bash";
    bash.name = "Bash";
    made.languages = {bash};
    return made;
  }
  std::optional<Welcome> join(const Hello& hello, std::chrono::milliseconds deadline = seconds(20)) {
    Socket lobby = socket(SocketType::dealer, endpoints_.lobby);
    REQUIRE(lobby.send(encode(hello)));
    return next_of<Welcome>(lobby, deadline);
  }
  const Endpoints& endpoints() const { return endpoints_; }

 private:
  SocketContext context_;
  std::string queue_;
  Endpoints endpoints_;
  std::optional<ClientKeys> keys_;
};

// A worker that has joined: its session, its pipe, its uplink.
struct Joined {
  Joined(Peer& peer, const Hello& hello) {
    const auto welcome = peer.join(hello);
    REQUIRE(welcome);
    session = welcome->session;
    pipe.emplace(peer.socket(SocketType::pull, welcome->pipe));
    uplink.emplace(peer.socket(SocketType::push, peer.endpoints().uplink));
    REQUIRE(next_of<Ping>(*pipe));
  }
  std::uint64_t session = 0;
  std::optional<Socket> pipe;
  std::optional<Socket> uplink;
};

Report lie() {
  Report report;
  report.verdict = Verdict::accepted;
  report.stdout_text = "a lie\n";
  return report;
}

UniqueFd raw_connection(const std::string& endpoint) {
  const auto reached = parse_tcp(endpoint);
  REQUIRE(reached);
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  REQUIRE(::inet_pton(AF_INET, reached->host.c_str(), &address.sin_addr) == 1);
  address.sin_port = htons(static_cast<std::uint16_t>(reached->port));
  REQUIRE(::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  return fd;
}

void send_raw(const UniqueFd& fd, const std::string& bytes) {
  // The core may have closed it before the last byte.
  ::send(fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

}  // namespace

TEST_CASE("keys: a worker and a gateway that are enrolled do their work") {
  Cluster cluster(keyed(1));
  auto stream = cluster.stream();
  const Watched watched = watch(stream, cluster.submit(echo("keyed")));
  CHECK(watched.last().at("stdout") == "keyed\n");
  CHECK(worker_names(cluster) == std::vector<std::string>{"worker-0"});
  cluster.restart_core();
  cluster.wait_for_workers(1);
  CHECK(watch(stream, cluster.submit(echo("again"))).last().at("stdout") == "again\n");
}

TEST_CASE("keys: who has not the right one is refused, and the core's log says why; enrolled later it comes in") {
  Cluster cluster(keyed(1));
  cluster.make_key("stranger", "worker");
  cluster.make_key("gate", "gateway");
  cluster.enrol("gate");
  const std::size_t unknown = cluster.add_worker_at({{}, "", cluster.with_key("stranger")});
  CHECK(core_says(cluster, {"key_refused", "socket=lobby", "not enrolled", "address=::ffff:127."}));
  CHECK(core_says(cluster, {"key_refused", "socket=uplink", "not enrolled"}));
  const std::size_t wrong_role = cluster.add_worker_at({{}, "", cluster.with_key("gate")});
  CHECK(core_says(cluster, {"key_refused", "socket=lobby", "key=gate", "a gateway's key"}));
  const std::size_t without = cluster.add_worker_at({{}, "", {}});
  CHECK(core_says(cluster, {"connection_refused", "socket=lobby", "one side has keys and the other has none"}));
  auto wrong_server = cluster.with_key("worker-0");
  wrong_server.back() = make_keys().public_key;
  const std::size_t misled = cluster.add_worker_at({{}, "", wrong_server});
  CHECK(core_says(cluster, {"connection_refused", "socket=lobby", "another key of the core's"}));
  for (const std::size_t worker : {unknown, wrong_role, without, misled}) {
    const std::string name = "worker-" + std::to_string(worker);
    CAPTURE(name);
    CHECK(eventually([&] { return cluster.log(name).find("core_refuses_us") != std::string::npos; }));
  }
  CHECK(worker_names(cluster) == std::vector<std::string>{"worker-0"});
  CHECK(counted(cluster, "refused_connections") > 0);

  cluster.enrol("stranger");
  CHECK(eventually([&] { return has_worker(cluster, "stranger/worker-1"); }));
  cluster.worker(0).kill();
  auto stream = cluster.stream();
  CHECK(watch(stream, cluster.submit(echo("enrolled"))).last().at("worker") == "stranger/worker-1");
}

TEST_CASE("keys: a worker whose key is revoked loses its session and its job at once, and comes back when enrolled") {
  Cluster cluster(keyed(1));
  auto stream = cluster.stream();
  const json accepted = cluster.submit({{"language", "bash"}, {"source_code", "sleep 4; echo done"}});
  Watched watched = watch_until(stream, accepted, "started");
  cluster.add_worker();
  cluster.wait_for_workers(2);
  cluster.revoke("worker-0");
  read_until(stream, watched, "requeued", seconds(10));
  read_until_finished(stream, watched);
  CHECK(watched.last().at("attempt") == 2);
  CHECK(watched.last().at("worker") == "worker-1");
  CHECK(core_says(cluster, {"key_revoked", "key=worker-0"}));
  CHECK(core_says(cluster, {"key_refused", "socket=lobby", "key=worker-0", "its key is revoked"}));
  CHECK(worker_names(cluster) == std::vector<std::string>{"worker-1"});
  cluster.enrol("worker-0");
  CHECK(eventually([&] { return has_worker(cluster, "worker-0"); }));
}

TEST_CASE("keys: a gateway whose key is revoked hears no more and is asked nothing") {
  ClusterOptions options = keyed(1);
  options.gateways = 2;
  Cluster cluster(options);
  Peer peer(cluster, keys_of(cluster, "api-0"));
  Socket events = peer.socket(SocketType::sub, peer.endpoints().events);
  REQUIRE(next_of<Tick>(events));
  cluster.revoke("api-0");
  REQUIRE(core_says(cluster, {"key_refused", "socket=events", "key=api-0", "its key is revoked"}));
  while (events.receive()) {
  }
  auto stream = cluster.stream(1);
  CHECK(watch(stream, cluster.submit(echo("unheard"), 1)).last().at("stdout") == "unheard\n");
  CHECK_FALSE(events.receive());
  const auto refused = cluster.client(0).submit(echo("refused"));
  CHECK_FALSE(refused);
}

TEST_CASE("keys: a pipe gives nothing to another worker's key, and everything to its own") {
  Cluster cluster(keyed(0));
  Peer anna(cluster, new_key(cluster, "anna", "worker"));
  Peer bert(cluster, new_key(cluster, "bert", "worker"));
  const auto welcome = anna.join(anna.hello(1));
  REQUIRE(welcome);
  Socket stolen = bert.socket(SocketType::pull, welcome->pipe);
  CHECK(core_says(cluster, {"key_refused", "socket=pipe", "key=bert", "the pipe is another's"}));
  Socket own = anna.socket(SocketType::pull, welcome->pipe);
  CHECK(next_of<Ping>(own));
  CHECK_FALSE(stolen.receive());
}

TEST_CASE("keys: nobody speaks for another worker, reports its job, or takes its place") {
  Cluster cluster(keyed(0));
  Peer anna_peer(cluster, new_key(cluster, "anna", "worker"));
  Peer bert_peer(cluster, new_key(cluster, "bert", "worker"));
  Joined anna(anna_peer, anna_peer.hello(1));
  Joined bert(bert_peer, bert_peer.hello(2));
  auto stream = cluster.stream();
  // Until the gateway has heard of the language.
  REQUIRE(eventually([&] {
    const auto languages = cluster.client().languages();
    return languages && !languages->empty();
  }));
  const json accepted = cluster.submit(echo("anna"));
  REQUIRE(anna.uplink->send(encode(Credit{anna.session, 1})));
  const auto job = next_of<Job>(*anna.pipe);
  REQUIRE(job);

  const std::uint64_t before = counted(cluster, "refused_frames");
  const std::vector<std::string> lies{encode(Finished{anna.session, job->ref, lie()}),
                                      encode(Finished{bert.session, job->ref, lie()}),
                                      encode(Failed{anna.session, job->ref, "a lie"}),
                                      encode(Failed{bert.session, job->ref, "a lie"}),
                                      encode(Compiled{anna.session, job->ref, 1}),
                                      encode(Beat{anna.session, 1'000, {}}),
                                      encode(Credit{anna.session, 1'000}),
                                      encode(Drain{anna.session}),
                                      encode(Bye{anna.session})};
  for (const std::string& frame : lies) REQUIRE(bert.uplink->send(frame));
  CHECK(eventually([&] { return counted(cluster, "refused_frames") == before + lies.size(); }));
  CHECK(core_says(cluster, {"frame_refused", "socket=uplink", "key=bert", "another's session or job"}));

  // The same uuid: it would end her session.
  CHECK_FALSE(bert_peer.join(bert_peer.hello(1), seconds(2)));
  CHECK(core_says(cluster, {"frame_refused", "socket=lobby", "key=bert", "another's worker"}));
  // Her job: it would become his.
  Hello claim = bert_peer.hello(3);
  claim.running = {job->ref};
  const auto welcome = bert_peer.join(claim);
  REQUIRE(welcome);
  CHECK(welcome->dropped == std::vector{job->ref});
  CHECK(core_says(cluster, {"frame_refused", "socket=lobby", "key=bert", "another's job"}));

  Report report = lie();
  report.stdout_text = "the truth\n";
  REQUIRE(anna.uplink->send(encode(Finished{anna.session, job->ref, report})));
  const auto ack = next_of<Ack>(*anna.pipe);
  REQUIRE(ack);
  CHECK(ack->code == AckCode::committed);
  const Watched watched = watch(stream, accepted);
  CHECK(watched.kinds() == std::vector<std::string>{"queued", "started", "finished"});
  CHECK(watched.last().at("stdout") == "the truth\n");
  CHECK(watched.last().at("worker") == "anna/liar");
  // Said again it is late, and she is told so.
  REQUIRE(anna.uplink->send(encode(Finished{anna.session, job->ref, lie()})));
  const auto late = next_of<Ack>(*anna.pipe);
  REQUIRE(late);
  CHECK(late->code == AckCode::stale);
}

TEST_CASE("keys: a worker's key opens no gateway's socket, and a gateway's no worker's") {
  Cluster cluster(keyed(0));
  Peer worker(cluster, new_key(cluster, "anna", "worker"));
  Peer gateway(cluster, keys_of(cluster, "api-0"));
  Socket submit = worker.socket(SocketType::dealer, worker.endpoints().submit);
  Socket events = worker.socket(SocketType::sub, worker.endpoints().events);
  submit.send(encode(Stats{1}));
  CHECK(core_says(cluster, {"key_refused", "socket=submit", "key=anna", "a worker's key"}));
  CHECK(core_says(cluster, {"key_refused", "socket=events", "key=anna", "a worker's key"}));
  Socket uplink = gateway.socket(SocketType::push, gateway.endpoints().uplink);
  CHECK(core_says(cluster, {"key_refused", "socket=uplink", "key=api-0", "a gateway's key"}));
  CHECK_FALSE(gateway.join(gateway.hello(1), seconds(2)));
  CHECK(core_says(cluster, {"key_refused", "socket=lobby", "key=api-0", "a gateway's key"}));
  CHECK_FALSE(submit.receive());
  CHECK_FALSE(events.receive());
}

TEST_CASE("keys: rubbish at every port is counted, logged with restraint and dropped, and disturbs nobody") {
  Cluster cluster(keyed(1));
  auto stream = cluster.stream();
  Peer worker(cluster, new_key(cluster, "anna", "worker"));
  Peer gateway(cluster, keys_of(cluster, "api-0"));
  Socket lobby = worker.socket(SocketType::dealer, worker.endpoints().lobby);
  Socket uplink = worker.socket(SocketType::push, worker.endpoints().uplink);
  Socket submit = gateway.socket(SocketType::dealer, gateway.endpoints().submit);

  // Of no type, of another socket's type, cut short.
  const std::vector<std::string> frames{"",
                                        "x",
                                        std::string(1'000, '\xff'),
                                        encode(Tick{}),
                                        encode(Submit{}).substr(0, 20),
                                        encode(Hello{}).substr(0, 9),
                                        encode(Finished{1, {2, 3}, lie()}).substr(0, 15)};
  const auto sent = [&](Socket& socket, const std::string& frame) {
    CHECK(eventually([&] { return socket.send(frame); }));
  };
  for (Socket* socket : {&lobby, &uplink, &submit}) {
    for (const std::string& frame : frames) sent(*socket, frame);
  }
  const std::size_t rubbish = 3 * frames.size();
  CHECK(eventually([&] { return counted(cluster, "malformed_frames") >= rubbish; }));
  for (const auto* socket : {"lobby", "uplink", "submit"}) {
    CHECK(core_says(cluster, {"malformed_frame_dropped", std::string("socket=") + socket}));
  }

  constexpr std::size_t kFlood = 20'000;
  const std::size_t lines_before = lines_with(cluster.log("queue"), "malformed_frame_dropped");
  const auto began = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < kFlood; ++i) sent(uplink, "flood");
  CHECK(eventually([&] { return counted(cluster, "malformed_frames") >= rubbish + kFlood; }));
  const auto lasted = std::chrono::ceil<seconds>(std::chrono::steady_clock::now() - began);
  CHECK(lines_with(cluster.log("queue"), "malformed_frame_dropped") - lines_before <=
        static_cast<std::size_t>(lasted.count()) + 1);

  // Longer than any message may be: ZeroMQ cuts its sender off.
  Peer loud_peer(cluster, new_key(cluster, "loud", "worker"));
  Joined loud(loud_peer, loud_peer.hello(9));
  const std::size_t ended_before = lines_with(cluster.log("queue"), "connection_ended socket=uplink");
  sent(*loud.uplink, std::string(static_cast<std::size_t>(kFrameBytesMax) + 1'000, 'x'));
  CHECK(eventually([&] { return lines_with(cluster.log("queue"), "connection_ended socket=uplink") > ended_before; }));

  // No ZeroMQ at all, at every port there is, also a pipe's.
  const auto welcome = worker.join(worker.hello(1));
  REQUIRE(welcome);
  const Endpoints& endpoints = worker.endpoints();
  const std::uint64_t refused = counted(cluster, "refused_connections");
  std::vector<UniqueFd> held;
  for (const auto& endpoint : {endpoints.lobby, endpoints.uplink, endpoints.submit, endpoints.events, welcome->pipe}) {
    for (const std::string& bytes : {std::string("GET / HTTP/1.1\r\nHost: core\r\n\r\n"), std::string(500, '\xff'),
                                     std::string(10'000, '\0'), std::string("\xff\0\0\0\0\0\0\0\1\x7f\3", 11)}) {
      held.push_back(raw_connection(endpoint));
      send_raw(held.back(), bytes);
    }
  }
  CHECK(eventually([&] { return counted(cluster, "refused_connections") >= refused + 5; }));

  CHECK(watch(stream, cluster.submit(echo("undisturbed"))).last().at("stdout") == "undisturbed\n");
  CHECK(has_worker(cluster, "worker-0"));
  CHECK(lines_with(cluster.log("worker-0"), "session_lost") == 0);
}

TEST_CASE("keys: a core that asks for none says so, and one on folders alone makes none") {
  ClusterOptions open;
  open.tcp = true;
  open.workers = 0;
  const Cluster insecure(open);
  CHECK(core_says(insecure, {"listening_without_keys", "tcp://"}));
  CHECK_FALSE(std::filesystem::exists(insecure.folder() / "data" / "server.key"));

  const Cluster keyed_one(keyed(0));
  CHECK(core_says(keyed_one, {"keys_needed", "server_key="}));
  CHECK(lines_with(keyed_one.log("queue"), "listening_without_keys") == 0);
}
