#include <doctest/doctest.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <cctype>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>

#include "api/gateway.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace pushjudge;

namespace {

using Operation = std::pair<std::string, std::string>;  // "GET", "/languages/{id}"

std::set<Operation> documented() {
  const auto document = nlohmann::json::parse(std::ifstream(PJ_OPENAPI_FILE));
  std::set<Operation> operations;
  for (const auto& [path, methods] : document.at("paths").items()) {
    for (const auto& [name, operation] : methods.items()) {
      if (name == "parameters") continue;
      std::string method = name;
      std::transform(method.begin(), method.end(), method.begin(), [](unsigned char c) { return std::toupper(c); });
      operations.emplace(method, path);
    }
  }
  return operations;
}

std::set<Operation> served() {
  const testing::TemporaryFolder folder;
  boost::asio::io_context io;
  Config config;
  config.queue = "ipc://" + folder.file("run");
  auto files = StaticFiles::load(folder.file("web"));
  REQUIRE(files);
  const Gateway gateway(io, std::move(config), *std::move(files));
  std::set<Operation> operations;
  for (const Router::RouteName& route : gateway.routes()) operations.emplace(route.method, route.pattern);
  return operations;
}

std::set<Operation> without(const std::set<Operation>& all, const std::set<Operation>& others) {
  std::set<Operation> left;
  std::set_difference(all.begin(), all.end(), others.begin(), others.end(), std::inserter(left, left.end()));
  return left;
}

}  // namespace

TEST_CASE("openapi: the document describes every route there is, and none that is not") {
  for (const auto& [method, path] : without(served(), documented())) FAIL_CHECK(method, " ", path, " is not described");
  for (const auto& [method, path] : without(documented(), served())) FAIL_CHECK(method, " ", path, " is not there");
  CHECK(documented().size() > 30);
}
