#include "api/gateway.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdio>
#include <fstream>
#include <limits>

#include "api/echo.hpp"
#include "proto/base/log.hpp"

namespace pushjudge {
namespace {

namespace asio = boost::asio;

constexpr std::string_view kPushPath = "/ws";
constexpr std::string_view kBroadcastPath = "/ws/broadcast";
constexpr std::string_view kEchoPath = "/ws/echo";
constexpr std::chrono::milliseconds kQuietCheck{10};
constexpr std::chrono::milliseconds kCutTime{1'000};

CoreClientOptions core_options(const Config& config) {
  CoreClientOptions options;
  options.queue = config.queue;
  options.key_file = config.key;
  options.server_key = config.server_key;
  options.request_timeout = config.core_timeout;
  return options;
}

std::vector<AddressRange> ranges_of(const std::vector<std::string>& texts) {
  std::vector<AddressRange> ranges;
  for (const std::string& text : texts) {
    if (const auto range = AddressRange::parse(text)) ranges.push_back(*range);
  }
  return ranges;
}

Admission::Options admission_options(const Config& config) {
  Admission::Options options;
  options.tokens = config.auth_token;
  options.per_minute = config.submissions_per_minute;
  options.burst = config.submissions_burst;
  options.events_tokens = config.events_token;
  options.admin_tokens = config.judge0.authz_token;
  options.token_name = config.judge0.authn_header;
  options.admin_token_name = config.judge0.authz_header;
  options.addresses_allowed = ranges_of(config.judge0.allow_ip);
  options.addresses_disallowed = ranges_of(config.judge0.disallow_ip);
  return options;
}

// What may wait for one socket is bounded, and a listener that keeps to its window must never come near that bound.
Flow::Bounds window_of(const Config& config) {
  return {std::clamp<std::size_t>(config.ws_outbox_frames_max / 2, 1, config.events_window),
          std::min(config.events_window_bytes, config.ws_outbox_bytes_max / 2)};
}

CallbackOptions callback_options(const Config& config) {
  CallbackOptions options;
  options.enabled = config.judge0.enable_callbacks;
  options.sender.guard = CallbackGuard(ranges_of(config.callbacks_allow));
  options.sender.timeout = std::chrono::ceil<std::chrono::milliseconds>(
      std::chrono::duration<double>(std::min(config.judge0.callbacks_timeout, kCallbackTimeoutSecondsMax)));
  options.sender.follow_redirects = config.callbacks_follow_redirects != 0;
  options.sender.ca_file = config.callbacks_ca_file;
  options.retry.tries_max = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(config.judge0.callbacks_max_tries, std::numeric_limits<std::uint32_t>::max()));
  options.retry.backoff = config.callbacks_backoff;
  for (const std::string& text : config.callbacks_secret) {
    if (auto secret = CallbackSecret::parse(text)) options.secrets.push_back(*std::move(secret));
  }
  return options;
}

// Whoever waits for the file finds it whole or not at all.
Result<void> write_port_file(const std::string& path, std::uint16_t port) {
  const std::string unfinished = path + ".new";
  std::ofstream stream(unfinished, std::ios::trunc);
  stream << port << "\n";
  stream.close();
  if (!stream || std::rename(unfinished.c_str(), path.c_str()) != 0) {
    return Error{Errc::unavailable, "cannot write '" + path + "'"};
  }
  return {};
}

asio::awaitable<Response> needs_upgrade(Request) {
  Response response = error_response(426, "this path speaks WebSocket");
  response.with("Upgrade", "websocket");
  co_return response;
}

asio::awaitable<Response> say_hi(Request) {
  co_return text_response(200, "hi there");
}

}  // namespace

Gateway::Gateway(asio::io_context& io, Config config, StaticFiles files)
    : config_(std::move(config)),
      files_(std::move(files)),
      connections_(config_.connections_max),
      bodies_(config_.bodies_bytes_max),
      recent_(config_.recent_bytes_max),
      round_(io.get_executor()),
      room_(round_),
      admission_(admission_options(config_)),
      router_(admission_, {config_.allow_origin, config_.judge0.disallow_origin}),
      core_(io, core_options(config_), *this),
      past_(core_, recent_, hub_),
      listeners_(core_, window_of(config_)),
      feed_(io.get_executor(), core_, config_.feed_interval),
      callbacks_(io.get_executor(), core_, callback_options(config_)),
      intake_(core_, config_.judge0, [this](std::string_view url) { return callbacks_.check_url(url); }),
      reception_(core_, intake_, admission_, config_.judge0),
      submissions_(core_, hub_, recent_, reception_, admission_, config_.judge0, config_.wait_max),
      batches_(core_, recent_, intake_, admission_, config_.judge0),
      submission_events_(hub_, past_),
      ops_(core_, config_.judge0),
      events_(core_, listeners_, feed_, admission_),
      problems_(core_, admission_),
      leetcode_(core_, reception_),
      push_{io.get_executor(), config_, core_, hub_, past_, intake_, admission_, listeners_, feed_},
      context_{config_,
               router_,
               admission_,
               connections_,
               bodies_,
               round_,
               [this](std::string_view path, const Caller& caller, Socket& socket) {
                 return make_socket_user(path, caller, socket);
               },
               [](std::string_view path) { return path == kPushPath || path == kBroadcastPath || path == kEchoPath; }},
      server_(io, context_) {
  add_routes();
  room_.set_relay([this](bool binary, const std::string& data) { core_.broadcast(binary, data); });
}

void Gateway::add_routes() {
  batches_.add_to(router_);  // before what takes /submissions/{token}
  submissions_.add_to(router_);
  submission_events_.add_to(router_);
  ops_.add_to(router_);
  events_.add_to(router_);
  problems_.add_to(router_);
  leetcode_.add_to(router_);
  router_.add("GET", kPushPath, needs_upgrade);
  router_.add("GET", kBroadcastPath, say_hi);
  router_.add("GET", kEchoPath, needs_upgrade);
  router_.set_files([this](const Request& request) { return files_.find(request); });
}

std::shared_ptr<SocketUser> Gateway::make_socket_user(std::string_view path, const Caller& caller, Socket& socket) {
  if (path == kBroadcastPath) return room_.make_member(socket);
  if (path == kEchoPath) return make_echo(socket);
  return make_push_session(push_, caller, socket);
}

Result<std::uint16_t> Gateway::open() {
  auto port = server_.listen();
  if (!port) return port;
  if (!config_.port_file.empty()) {
    if (auto written = write_port_file(config_.port_file, *port); !written) return written.error();
  }
  server_.start();
  log::info("listening",
            {{"address", config_.address}, {"port", *port}, {"queue", config_.queue}, {"page_files", files_.count()}});
  return port;
}

asio::awaitable<bool> Gateway::close() {
  log::info("draining", {{"connections", connections_.size()}});
  server_.stop();
  submissions_.drain();
  callbacks_.drain(config_.drain_max * 4 / 5);  // the rest is for saying so to the core
  connections_.drain();
  const bool drained = co_await quiet_within(config_.drain_max);
  if (drained) co_return true;
  log::warn("drain_timed_out", {{"connections", connections_.size()}, {"requests", push_.requests}});
  connections_.cut();
  co_return co_await quiet_within(kCutTime);
}

asio::awaitable<bool> Gateway::quiet_within(std::chrono::milliseconds max) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor);
  boost::system::error_code ignored;
  for (const auto deadline = Steady::now() + max; Steady::now() < deadline;) {
    if (quiet()) co_return true;
    timer.expires_after(kQuietCheck);
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  co_return quiet();
}

bool Gateway::quiet() const {
  return connections_.empty() && push_.requests == 0 && listeners_.running() == 0 && !feed_.asking() &&
         callbacks_.quiet();
}

void Gateway::on_event(std::shared_ptr<const Event> event, const std::string& epoch) {
  recent_.add(event, epoch);
  hub_.publish(*event, epoch);
  feed_.on_event(*event);
  listeners_.on_event(std::move(event), epoch);
}

void Gateway::on_epoch(const std::string& epoch) {
  log::info("epoch", {{"epoch", epoch}});
  recent_.clear();
  hub_.change_epoch(epoch);
  listeners_.on_epoch();
}

void Gateway::on_callbacks_due() {
  callbacks_.on_due();
}

void Gateway::on_forget(const Token& token) {
  recent_.forget(token);
}

void Gateway::on_test_done(const Token& token, const TestProgress& progress) {
  hub_.publish(token, progress);
}

void Gateway::on_broadcast(bool binary, const std::string& data) {
  room_.tell_all(binary, data);
}

}  // namespace pushjudge
