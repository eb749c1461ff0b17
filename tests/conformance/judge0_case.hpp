#pragma once

// Judge0's contract as tables of requests and answers (the folder judge0/, whose README says how to read them), and the
// servers that they are asked of: real gateways at one core, with one real worker. One cluster for all tests of a
// program; it ends with the program. The thread of the tests.

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tests/e2e/cluster.hpp"

namespace pushjudge::testing {

using nlohmann::ordered_json;

// The languages of the contract that the tests use: bash, c, executable, multi-file, python, text.
const Cluster& judge0_cluster();

// A client of a gateway with these settings, "MAX_NUMBER_OF_RUNS=3", which is started when it is first asked for.
// Whoever gives it tokens says them with each request.
client::Client& judge0_client(const std::vector<std::string>& settings = {});

// What a pattern of a table does not like of an answer; empty: it fits.
std::string mismatch(const ordered_json& pattern, const ordered_json& answer);

// One request, which must be answered.
client::Reply ask(client::Client& client, std::string_view method, std::string_view target,
                  const client::Headers& headers = {}, const std::string& body = "");
client::Reply post_json(client::Client& client, std::string_view target, const ordered_json& body);

// A submission that is accepted, until it is finished: all of its fields.
ordered_json judged(client::Client& client, const ordered_json& attributes, const std::string& query = "");
// Those of one that was accepted before.
ordered_json finished(client::Client& client, const std::string& token, const std::string& query = "");

// Asks each row of the table of this name, and checks the answer.
void check_table(const std::string& name);

}  // namespace pushjudge::testing
