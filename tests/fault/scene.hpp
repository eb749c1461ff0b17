#pragma once

// What the tests of the crash table have in common: a cluster, a client that posts while something dies, and a look at
// what is stored afterwards.

#include <doctest/doctest.h>

#include <future>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/e2e/cluster.hpp"
#include "tests/fault/ledger.hpp"

namespace pushjudge::testing {

using Kinds = std::vector<std::string>;

inline constexpr int kKilled = 128 + 9;  // what Process::wait() says of one that SIGKILL ended

// Has a process die at a crash point (proto/base/crash_point.hpp).
Environment dies_at(const std::string& point);

nlohmann::json echo(const std::string& text);
nlohmann::json sleeper(const std::string& seconds);
nlohmann::json endless();

std::string token_of(const nlohmann::json& accepted);

// POST /submissions with an Idempotency-Key, from a thread of its own.
std::future<Result<client::Reply>> post_later(const Cluster& cluster, const nlohmann::json& attributes,
                                              const std::string& key, int gateway = 0);
// The same, waited for.
Result<client::Reply> post(const Cluster& cluster, const nlohmann::json& attributes, const std::string& key,
                           int gateway = 0);

// A worker comes and leaves, after which the languages are known and nobody is there.
void let_worker_teach_languages(Cluster& cluster);
// Waits until the gateway knows the languages.
void wait_for_gateway(const Cluster& cluster, int gateway);

// Each number from 1 on, once: what a subscriber from the beginning must see.
bool without_gap(const Watched& watched);

// The ledger, after it was checked for breaches.
Ledger sound_ledger(const Cluster& cluster);

}  // namespace pushjudge::testing
