#include "tests/e2e/listening.hpp"

#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <sstream>
#include <utility>

#include "tests/support/loopback.hpp"

namespace pushjudge::testing {

using nlohmann::json;

ClusterOptions with_listeners(const std::vector<std::string>& gateway_arguments) {
  ClusterOptions options;
  options.auth_token = "may-listen";
  options.gateway_arguments = {"--events-token", options.auth_token};
  options.gateway_arguments.insert(options.gateway_arguments.end(), gateway_arguments.begin(), gateway_arguments.end());
  return options;
}

std::vector<std::uint64_t> numbers(std::uint64_t from, std::uint64_t to) {
  std::vector<std::uint64_t> all;
  for (std::uint64_t number = from; number <= to; ++number) all.push_back(number);
  return all;
}

Listening::Listening(const Cluster& cluster, std::string cursor, const std::string& from, int gateway)
    : stream_(cluster.stream(gateway)), cursor_(std::move(cursor)) {
  subscribed_ = ask({{"type", "subscribe"}, {"channel", "events"}, {"cursor", cursor_}, {"from", from}});
  if (subscribed_.at("type") != "subscribed") FAIL("refused: ", subscribed_.dump());
}

json Listening::next() {
  auto message = stream_.next_json(std::chrono::seconds(30));
  if (!message) FAIL("nothing came any more after ", events_.size(), " events");
  return *std::move(message);
}

std::vector<std::uint64_t> Listening::seqs() const {
  std::vector<std::uint64_t> all;
  for (const json& event : events_) all.push_back(event.at("seq"));
  return all;
}

void Listening::read(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    json message = next();
    if (message.at("type") != "event") FAIL("no event: ", message.dump());
    events_.push_back(std::move(message));
  }
}

json Listening::ask(const json& frame) {
  REQUIRE(stream_.send(frame));
  for (;;) {
    json message = next();
    if (message.at("type") != "event") return message;
    events_.push_back(std::move(message));
  }
}

json Listening::acknowledge(std::uint64_t seq, const std::string& cursor) {
  json answer = ask({{"type", "ack"},
                     {"channel", "events"},
                     {"cursor", cursor.empty() ? cursor_ : cursor},
                     {"epoch", subscribed_.at("epoch")},
                     {"seq", seq}});
  if (answer.at("type") != "acked") FAIL("not acknowledged: ", answer.dump());
  return answer;
}

json Listening::await_subscribed() {
  for (;;) {
    json message = next();
    if (message.at("type") == "subscribed") return message;
    if (message.at("type") != "event") FAIL("not told: ", message.dump());
  }
}

bool Listening::ping_is_next() {
  REQUIRE(stream_.send({{"type", "ping"}}));
  return next().at("type") == "pong";
}

StreamReader::StreamReader(const Cluster& cluster, const std::string& target, int gateway,
                           const std::string& last_event_id) {
  const auto url = client::parse_url(cluster.url(gateway));
  REQUIRE(url);
  socket_ = connect_to_loopback(static_cast<std::uint16_t>(std::stoi(url->port)));
  // Of version 1.0, so that the stream is not cut into chunks.
  std::string request = "GET " + target + " HTTP/1.0\r\nX-Auth-Token: " + cluster.auth_token() + "\r\n";
  if (!last_event_id.empty()) request += "Last-Event-ID: " + last_event_id + "\r\n";
  request += "\r\n";
  REQUIRE(::send(socket_.get(), request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size()));
  while (text_.find("\r\n\r\n") == std::string::npos) REQUIRE(receive(std::chrono::seconds(30)));
  if (text_.find(" 200 ") > text_.find("\r\n")) FAIL("refused: ", text_);
  text_.erase(0, text_.find("\r\n\r\n") + 4);
}

bool StreamReader::receive(std::chrono::milliseconds max) {
  pollfd readable{socket_.get(), POLLIN, 0};
  if (::poll(&readable, 1, static_cast<int>(max.count())) != 1) return false;
  std::array<char, 16 << 10> bytes{};
  const ssize_t size = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
  if (size <= 0) return false;
  text_.append(bytes.data(), static_cast<std::size_t>(size));
  return true;
}

std::optional<StreamReader::Told> StreamReader::take() {
  for (std::size_t end = text_.find("\n\n"); end != std::string::npos; end = text_.find("\n\n")) {
    std::istringstream lines(text_.substr(0, end));
    text_.erase(0, end + 2);
    Told told;
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("id: ")) told.id = line.substr(4);
      if (line.starts_with("event: ")) told.name = line.substr(7);
      if (line.starts_with("data: ")) told.data = json::parse(line.substr(6));
    }
    if (!told.name.empty()) return told;  // else a comment, or the hint when to come back
  }
  return std::nullopt;
}

StreamReader::Told StreamReader::next() {
  for (;;) {
    if (auto told = take()) return *std::move(told);
    if (!receive(std::chrono::seconds(30))) FAIL("nothing comes any more");
  }
}

StreamReader::Told StreamReader::expect(Told told, const std::string& name) {
  if (told.name != name) FAIL("instead of ", name, ": ", told.name, " ", told.data.dump());
  return told;
}

bool StreamReader::silent_for(std::chrono::milliseconds time) {
  const auto until = std::chrono::steady_clock::now() + time;
  while (!take()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0 || !receive(left)) return true;
  }
  return false;
}

}  // namespace pushjudge::testing
