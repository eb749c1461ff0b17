#pragma once

// A whole pushjudge of real processes on free ports and in a temporary folder: one core, gateways, workers. Everything
// it started is ended with it.

#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "api/client/client.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace pushjudge::testing {

// Settings for one process: "NAME=value".
using Environment = std::vector<std::string>;

struct ClusterOptions {
  int workers = 1;
  int slots = 1;
  int gateways = 1;
  bool tcp = false;                                         // workers and gateways come by tcp, without keys
  bool keys = false;                                        // they come by tcp, each with a key that is enrolled
  std::vector<std::string> languages = {"bash", "python"};  // fewer start sooner
  std::string data = {};                                    // folder of the database; empty: in the temporary one
  std::vector<std::string> queue_arguments = {"--lease-ms", "3000", "--beat-ms", "300"};
  std::vector<std::string> gateway_arguments = {};
  std::vector<std::string> gateway_prefix = {};  // stands before the gateways' command lines
  std::string auth_token = {};                   // what clients show
  // An address that the core listens on too, where `core_prefix`, which stands before its command line, puts it.
  std::string also_listen = {};
  std::vector<std::string> core_prefix = {};
};

// How a worker comes that is not like the others.
struct WorkerPlace {
  std::vector<std::string> prefix;     // stands before its command line
  std::string queue;                   // empty: as the others
  std::vector<std::string> arguments;  // --key and --server-key, say
};

class Cluster {
 public:
  explicit Cluster(ClusterOptions options = {});

  client::Client client(int gateway = 0) const;
  client::Stream stream(int gateway = 0, const std::string& path = "/ws") const;
  std::string url(int gateway = 0) const;
  const std::string& auth_token() const { return options_.auth_token; }  // what clients show

  // The slugs of the problems that are published.
  std::vector<std::string> published() const;

  // POST /submissions; fails the test when it is refused.
  nlohmann::json submit(const nlohmann::json& attributes, int gateway = 0) const;

  // Each kills what runs under the name or starts it again; all of it with the same data.
  void kill_core() { core_->kill(); }
  void start_core(Environment environment = {});
  void restart_core(Environment environment = {});
  Process& core() { return *core_; }
  std::size_t add_worker(Environment environment = {});  // its number
  std::size_t add_worker_at(const WorkerPlace& place, Environment environment = {});
  Process& worker(std::size_t number) { return workers_.at(number); }
  Process& gateway(int number) { return gateways_.at(static_cast<std::size_t>(number)); }
  // Its number. `queue` is the address it comes by; empty: the cluster's.
  int add_gateway(Environment environment = {}, const std::string& queue = {});

  void wait_for_workers(std::size_t count) const;
  Result<nlohmann::json> health() const;

  // Runs `pushjudge-queue` with a command; fails the test when it refuses.
  void queue_command(std::vector<std::string> arguments) const;
  // Such commands.
  void make_key(const std::string& name, const std::string& role) const;  // in folder()
  void enrol(const std::string& name) const;  // until the core, which must be running, has noticed
  void revoke(const std::string& name) const;
  // The arguments of a worker or gateway that has this key.
  std::vector<std::string> with_key(const std::string& name) const;
  std::string log(const std::string& name) const { return read_file(folder_.path() / (name + ".log")); }
  // The queue address that workers and gateways come by.
  const std::string& queue() const { return queue_; }
  const std::filesystem::path& folder() const { return folder_.path(); }
  std::string database() const { return options_.data + "/pushjudge.db"; }

 private:
  ClusterOptions options_;
  TemporaryFolder folder_;
  std::string queue_;
  std::vector<std::string> listen_;
  std::optional<Process> core_;
  std::vector<Process> gateways_;
  std::vector<client::Url> urls_;
  std::vector<Process> workers_;
};

// What a subscriber sees of one submission until it is finished.
struct Watched {
  nlohmann::json subscribed;
  std::vector<nlohmann::json> events;

  std::vector<std::string> kinds() const;
  std::vector<std::uint64_t> seqs() const;
  const nlohmann::json& last() const { return events.back().at("submission"); }
};

// Subscribes from the beginning and reads until the finished event. Fails the test when that does not come.
Watched watch(client::Stream& stream, const nlohmann::json& accepted,
              std::chrono::milliseconds max = std::chrono::seconds(60));
// The same until an event of this kind.
Watched watch_until(client::Stream& stream, const nlohmann::json& accepted, const std::string& kind,
                    std::chrono::milliseconds max = std::chrono::seconds(60));
// Reads on without subscribing anew.
void read_until_finished(client::Stream& stream, Watched& watched,
                         std::chrono::milliseconds max = std::chrono::seconds(60));
// Reads on until an event of this kind.
void read_until(client::Stream& stream, Watched& watched, const std::string& kind,
                std::chrono::milliseconds max = std::chrono::seconds(60));

}  // namespace pushjudge::testing
