#pragma once

// A client that submits, again and again with the same key until it is told that its submission is accepted. It
// sometimes sends what was accepted once more, and sometimes cancels. One thread runs it; stop tokens end it.

#include <chrono>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "api/client/client.hpp"
#include "tests/chaos/dice.hpp"
#include "tests/chaos/ledger.hpp"

namespace pushjudge::chaos {

struct SubmitterOptions {
  std::string name;                   // the beginning of its keys
  bool by_socket = false;             // submits over a WebSocket, else by POST
  std::vector<client::Url> gateways;  // it goes to one, and after an error to any
};

class Submitter {
 public:
  Submitter(SubmitterOptions options, Ledger& ledger, Dice dice);
  ~Submitter();

  // Until `enough`; what was begun is then brought to its end, unless `give_up` comes first.
  void run(const std::stop_token& enough, const std::stop_token& give_up);

 private:
  struct Job;
  enum class Attempt { acknowledged, again, refused };

  Job next_job();
  bool submit(const Job& job, const std::stop_token& give_up);
  Attempt post(const Job& job);
  Attempt send(const Job& job);
  Attempt take(const Job& job, const nlohmann::json& answer, bool may_be_replayed);
  void cancel(const std::string& token, const std::stop_token& give_up);
  void change_gateway();
  void pause(int least_ms, int most_ms);

  SubmitterOptions options_;
  Ledger& ledger_;
  Dice dice_;
  int last_job_ = 0;
  int last_frame_ = 0;
  std::string last_token_;
  std::string last_refusal_;
  client::Client client_;
  std::optional<client::Stream> stream_;
};

}  // namespace pushjudge::chaos
