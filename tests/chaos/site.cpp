#include "tests/chaos/site.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/system/system_error.hpp>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include "proto/endpoints.hpp"

namespace pushjudge::chaos {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using std::chrono::milliseconds;
using testing::eventually;

constexpr milliseconds kStartMax{30'000};
constexpr milliseconds kStopMax{30'000};
constexpr milliseconds kClearMax{10'000};

// Cheap ones: what is tested here is not how they run.
constexpr const char* kLanguages[] = {"bash", "text"};

std::string program(const std::string& name) {
  return std::string(PJ_BIN_DIR) + "/" + name;
}

// An address of the loopback that no other run of this program uses at the same time.
std::string host(int last) {
  const int pid = ::getpid();
  return "127." + std::to_string(1 + pid / 250 % 250) + "." + std::to_string(pid % 250) + "." + std::to_string(last);
}

std::string tcp(const std::string& host, int port) {
  return "tcp://" + host + ":" + std::to_string(port);
}

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> children;
  std::error_code gone;  // a process that has ended has none
  for (const auto& thread : fs::directory_iterator("/proc/" + std::to_string(pid) + "/task", gone)) {
    std::ifstream file(thread.path() / "children");
    for (pid_t child = 0; file >> child;) children.push_back(child);
  }
  return children;
}

std::vector<fs::path> groups_of(const std::set<pid_t>& keepers) {
  std::vector<fs::path> found;
  std::error_code ignored;  // groups come and go while others work on this machine
  const auto options = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator at("/sys/fs/cgroup", options, ignored), end; at != end; at.increment(ignored)) {
    const std::string name = at->path().filename();
    constexpr std::string_view kPrefix = "pushjudge-";
    if (!name.starts_with(kPrefix)) continue;
    pid_t keeper = 0;
    if (std::istringstream(name.substr(kPrefix.size())) >> keeper && keepers.contains(keeper)) {
      found.push_back(at->path());
    }
  }
  return found;
}

}  // namespace

// ---- Actor

Actor::Actor(std::string name, std::vector<std::string> argv, fs::path log)
    : name_(std::move(name)), argv_(std::move(argv)), log_(std::move(log)) {}

void Actor::start() {
  frozen_ = false;
  process_.emplace(argv_, log_);
}

void Actor::kill() {
  process_->kill();
  process_.reset();
}

void Actor::freeze() {
  process_->signal(SIGSTOP);
  frozen_ = true;
}

void Actor::thaw() {
  process_->signal(SIGCONT);
  frozen_ = false;
}

int Actor::stop() {
  process_->signal(SIGTERM);
  const int code = process_->wait(kStopMax);
  process_.reset();
  return code;
}

std::optional<int> Actor::ended_by_itself() {
  if (!process_ || process_->running()) return std::nullopt;
  const int code = process_->wait();
  process_.reset();
  return code;
}

// ---- Site

Site::Site(SiteOptions options, Ledger& ledger) : options_(std::move(options)), ledger_(ledger) {
  // What a killed worker leaves behind becomes a child of this process, which so sees that it ends.
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) throw std::system_error(errno, std::generic_category(), "prctl");

  const auto count = [](int number) { return static_cast<std::size_t>(number); };
  std::vector<std::uint16_t> gateway_ports;
  // Below those that the system gives to clients.
  constexpr int kFirst = 20'000;
  constexpr int kLast = 31'000;
  constexpr int kGatewayOffset = 10;
  for (int base = kFirst + ::getpid() * 7 % 8'000;; base += 1'000) {
    if (base > kLast) throw std::runtime_error("no ports are free");
    try {
      // Taken for a moment, to see that they are free for the core and the gateways.
      std::vector<std::uint16_t> own;
      gateway_ports.clear();
      for (int i = 0; i < 4; ++i) own.push_back(static_cast<std::uint16_t>(base + i));
      for (int i = 0; i < options_.gateways; ++i) {
        gateway_ports.push_back(static_cast<std::uint16_t>(base + kGatewayOffset + i));
      }
      own.insert(own.end(), gateway_ports.begin(), gateway_ports.end());
      const Proxy free("127.0.0.1", own);
    } catch (const boost::system::system_error&) {
      continue;
    }
    port_ = static_cast<std::uint16_t>(base);
    break;
  }
  const std::vector<std::uint16_t> sockets = {port_, static_cast<std::uint16_t>(port_ + 1),
                                              static_cast<std::uint16_t>(port_ + 2),
                                              static_cast<std::uint16_t>(port_ + 3)};
  std::vector<std::uint16_t> with_pipes = sockets;
  for (int i = 0; i < kPipePortCount; ++i) {
    with_pipes.push_back(static_cast<std::uint16_t>(port_ + kPipePortOffset + i));
  }

  const auto languages = options_.folder / "languages";
  fs::create_directory(languages);
  for (const char* slug : kLanguages) {
    fs::copy(fs::path(PJ_LANGUAGES_DIR) / slug, languages / slug, fs::copy_options::recursive);
  }

  const std::string socket_files = "ipc://" + (options_.folder / "run").string();
  const auto log = [this](const std::string& name) { return options_.folder / (name + ".log"); };
  core_.emplace("core",
                std::vector<std::string>{program("pushjudge-queue"), "--data", (options_.folder / "data").string(),
                                         "--insecure", "--listen", tcp("127.0.0.1", port_), "--listen", socket_files,
                                         "--lease-ms", std::to_string(options_.lease.count()), "--beat-ms",
                                         std::to_string(options_.beat.count())},
                log("core"));
  core_->start();
  for (int i = 0; i < options_.gateways; ++i) {
    const std::string name = "gateway-" + std::to_string(i + 1);
    const std::uint16_t port = gateway_ports[count(i)];
    gateway_ways_.push_back(std::make_unique<Proxy>(host(20 + i), sockets));
    client_ways_.push_back(std::make_unique<Proxy>(host(30 + i), std::vector<std::uint16_t>{port}));
    urls_.push_back({host(30 + i), std::to_string(port)});
    gateways_.emplace_back(name,
                           std::vector<std::string>{program("pushjudge-api"), "--queue", tcp(host(20 + i), port_),
                                                    "--port", std::to_string(port)},
                           log(name));
    gateways_.back().start();
  }
  for (int i = 0; i < options_.workers; ++i) {
    const std::string name = "worker-" + std::to_string(i + 1);
    std::string queue = socket_files;
    if (i + 1 < options_.workers) {
      queue = tcp(host(10 + i), port_);
      worker_ways_.push_back(std::make_unique<Proxy>(host(10 + i), with_pipes));
    }
    workers_.emplace_back(
        name,
        std::vector<std::string>{program("pushjudge-worker"), "--queue", queue, "--name", name, "--slots",
                                 std::to_string(options_.slots), "--languages", languages.string()},
        log(name));
    workers_.back().start();
  }
  if (!wait_until_healthy(kStartMax)) {
    throw std::runtime_error("the site does not become healthy; its logs are in " + options_.folder.string());
  }
}

Site::~Site() {
  // Whatever stop() did not end. The order matters to nobody any more.
  for (Actor* actor : actors()) {
    if (actor->up()) actor->kill();
  }
  eventually(
      [this] {
        reap_orphans();
        return children_of(::getpid()).empty();
      },
      kClearMax);
}

std::vector<Actor*> Site::actors() {
  std::vector<Actor*> all;
  for (Actor& worker : workers_) all.push_back(&worker);
  for (Actor& gateway : gateways_) all.push_back(&gateway);
  if (core_) all.push_back(&*core_);
  return all;
}

void Site::look_after() {
  for (Actor* actor : actors()) {
    if (const auto code = actor->ended_by_itself()) {
      ledger_.violation(actor->name() + " ended by itself with code " + std::to_string(*code) + "; its log is " +
                        actor->log().string());
      actor->start();
    }
  }
  note_sandboxes();
  reap_orphans();
}

void Site::reap_orphans() {
  std::set<pid_t> ours;
  for (Actor* actor : actors()) {
    if (actor->up()) ours.insert(actor->pid());
  }
  for (const pid_t child : children_of(::getpid())) {
    if (ours.contains(child)) continue;
    sandboxes_.insert(child);
    ::waitpid(child, nullptr, WNOHANG);
  }
}

void Site::note_sandboxes() {
  for (const Actor& worker : workers_) {
    if (!worker.up()) continue;
    for (const pid_t child : children_of(worker.pid())) sandboxes_.insert(child);
  }
}

bool Site::wait_until_healthy(milliseconds max) {
  return eventually(
      [this] {
        look_after();
        return std::ranges::all_of(urls_, [this](const client::Url& url) {
          client::Client client(url, milliseconds(2'000));
          const auto languages = client.languages();
          const auto reply = client.request("GET", "/health");
          if (!languages || languages->size() != std::size(kLanguages) || !reply || reply->status != 200) return false;
          const json health = json::parse(reply->body, nullptr, false);
          return health.is_object() && health.contains("workers") && health["workers"].size() == workers_.size();
        });
      },
      max);
}

void Site::stop() {
  note_sandboxes();
  for (Actor* actor : actors()) {
    const int code = actor->stop();
    if (code != 0) {
      ledger_.violation(actor->name() + " was asked to end and ended with code " + std::to_string(code) +
                        "; its log is " + actor->log().string());
    }
  }
  look_for_leftovers();
}

void Site::look_for_leftovers() {
  const bool gone = eventually(
      [this] {
        reap_orphans();
        return children_of(::getpid()).empty();
      },
      kClearMax);
  if (!gone) {
    for (const pid_t child : children_of(::getpid())) {
      ledger_.violation("process " + std::to_string(child) +
                        " is left behind: " + testing::read_file("/proc/" + std::to_string(child) + "/cmdline"));
    }
  }
  // Whatever a killed sandbox could not remove, the next one on this machine does.
  testing::Process next({program("pushjudge-sandbox"), "check"}, options_.folder / "sandbox-check.log");
  next.wait(kStopMax);
  for (const fs::path& group : groups_of(sandboxes_)) {
    ledger_.violation("control group " + group.string() + " is left behind");
  }
  std::istringstream mounts(testing::read_file("/proc/self/mountinfo"));
  for (std::string line; std::getline(mounts, line);) {
    if (line.find(options_.folder.string()) != std::string::npos) ledger_.violation("left mounted: " + line);
  }
}

std::uint64_t Site::count_in_logs(const std::string& name, const std::string& text) const {
  std::uint64_t count = 0;
  for (const auto& entry : fs::directory_iterator(options_.folder)) {
    const std::string file = entry.path().filename();
    if (!file.starts_with(name) || !file.ends_with(".log")) continue;
    std::ifstream log(entry.path());
    for (std::string line; std::getline(log, line);) {
      if (line.find(text) != std::string::npos) ++count;
    }
  }
  return count;
}

}  // namespace pushjudge::chaos
