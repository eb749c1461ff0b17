// pushjudge-api: reads its settings, wires the gateway, waits for a signal, lets the gateway drain.

#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <filesystem>

#include "api/config.hpp"
#include "api/coroutine.hpp"
#include "api/gateway.hpp"
#include "api/static_files.hpp"
#include "proto/base/crash_point.hpp"
#include "proto/base/log.hpp"

namespace {

namespace asio = boost::asio;
using pushjudge::log::error;

// For what is open beside connections: the core's sockets, the listener, the log, and callbacks on their way, with the
// connections that are kept for the next ones.
constexpr std::size_t kOtherDescriptors = 256;

// Each connection is a descriptor, and the usual soft limit is 1024. Where the hard one is too low as well, so many
// connections as it allows: whoever is one too many is then told so, instead of waiting for a descriptor unanswered.
void make_room_for_connections(std::size_t& connections_max) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) pushjudge::log::warn("descriptor_limit_not_raised");
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= connections_max + kOtherDescriptors) return;
  const std::size_t possible = limit.rlim_cur > kOtherDescriptors ? limit.rlim_cur - kOtherDescriptors : 1;
  pushjudge::log::warn("too_few_descriptors", {{"limit", std::size_t{limit.rlim_cur}},
                                               {"connections_max", connections_max},
                                               {"connections_possible", possible}});
  connections_max = possible;
}

std::string own_path() {
  std::error_code failed;
  return std::filesystem::read_symlink("/proc/self/exe", failed).string();
}

asio::awaitable<void> serve_until_signal(pushjudge::Gateway& gateway, asio::io_context& io, int& exit_code) {
  asio::signal_set signals(io, SIGINT, SIGTERM);
  co_await signals.async_wait(asio::use_awaitable);
  signals.clear();  // a second signal ends the process at once
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  const bool quiet = co_await gateway.close();
  if (!quiet) {
    error("connections_hang");
    std::_Exit(1);
  }
  exit_code = 0;
  io.stop();
}

int serve(pushjudge::Config config) {
  const std::string web = config.web.empty() ? pushjudge::default_web_folder(own_path()) : config.web;
  auto files = pushjudge::StaticFiles::load(web);
  if (!files) {
    error("page_not_loaded", {{"reason", files.error().message}});
    return 1;
  }
  make_room_for_connections(config.connections_max);
  std::signal(SIGPIPE, SIG_IGN);

  asio::io_context io(1);
  pushjudge::Gateway gateway(io, std::move(config), *std::move(files));
  auto port = gateway.open();
  if (!port) {
    error("not_started", {{"reason", port.error().message}});
    return 1;
  }
  int exit_code = 1;
  asio::co_spawn(io, serve_until_signal(gateway, io, exit_code), pushjudge::LogAndDrop{"serve_until_signal"});
  io.run();
  pushjudge::log::info("stopped");
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  auto read = pushjudge::read_command_line(argc, argv);
  if (const auto* finish = std::get_if<pushjudge::Finish>(&read)) {
    std::fputs(finish->output.c_str(), finish->exit_code == 0 ? stdout : stderr);
    return finish->exit_code;
  }
  auto& config = std::get<pushjudge::Start>(read).config;
  pushjudge::log::start("api", config.log_level);
  if (const auto armed = pushjudge::arm_crash_point(); !armed) {
    std::fprintf(stderr, "pushjudge-api: %s\n", armed.error().message.c_str());
    return 2;
  }
  if (!config.judge0_ignored.empty()) {
    std::string variables;
    for (const std::string& variable : config.judge0_ignored) variables += (variables.empty() ? "" : ",") + variable;
    pushjudge::log::info("judge0_conf_not_used", {{"file", config.judge0_conf}, {"variables", variables}});
  }
  try {
    return serve(std::move(config));
  } catch (const std::exception& thrown) {
    error("not_started", {{"reason", thrown.what()}});
    return 1;
  }
}
