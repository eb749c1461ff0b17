#pragma once

// Those who listen to the events of all submissions, over a WebSocket or an event stream. They fail the test when
// something else comes than is waited for.

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "proto/base/unique_fd.hpp"
#include "tests/e2e/cluster.hpp"

namespace pushjudge::testing {

// A cluster whose clients may listen.
ClusterOptions with_listeners(const std::vector<std::string>& gateway_arguments = {});

// from, from + 1, …, to
std::vector<std::uint64_t> numbers(std::uint64_t from, std::uint64_t to);

class Listening {
 public:
  Listening(const Cluster& cluster, std::string cursor, const std::string& from = "now", int gateway = 0);

  const nlohmann::json& subscribed() const { return subscribed_; }
  const std::vector<nlohmann::json>& events() const { return events_; }
  std::vector<std::uint64_t> seqs() const;
  std::uint64_t last_seq() const { return events_.back().at("seq"); }

  // So many events more.
  void read(std::size_t count);
  // Gives the answer, which is "acked"; events that come before it are kept. `cursor` empty: its own.
  nlohmann::json acknowledge(std::uint64_t seq, const std::string& cursor = {});
  // Sends the frame and gives what comes next that is no event.
  nlohmann::json ask(const nlohmann::json& frame);
  // Passes over events, which are of what was before, until it is told where it begins anew.
  nlohmann::json await_subscribed();
  // Whether nothing waits before the answer to a ping.
  bool ping_is_next();

 private:
  nlohmann::json next();

  client::Stream stream_;
  const std::string cursor_;
  nlohmann::json subscribed_;
  std::vector<nlohmann::json> events_;
};

// The reader of one event stream.
class StreamReader {
 public:
  struct Told {
    std::string id;
    std::string name;
    nlohmann::json data;
  };

  // GET of the target, with what a client of the cluster shows.
  StreamReader(const Cluster& cluster, const std::string& target, int gateway = 0,
               const std::string& last_event_id = {});

  // The next event; fails the test when none comes.
  Told next();
  // The same of this name, which it must have.
  nlohmann::json next(const std::string& name) { return expect(next(), name).data; }
  // Whether nothing comes for so long.
  bool silent_for(std::chrono::milliseconds time);

 private:
  static Told expect(Told told, const std::string& name);
  std::optional<Told> take();
  // False: nothing came in time.
  bool receive(std::chrono::milliseconds max);

  UniqueFd socket_;
  std::string text_;
};

}  // namespace pushjudge::testing
