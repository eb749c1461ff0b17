#include "api/server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "api/coroutine.hpp"
#include "api/http_session.hpp"

namespace pushjudge {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds kPauseAfterFailure{50};
constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json; charset=utf-8\r\nRetry-After: 1\r\n"
    "Connection: close\r\nContent-Length: 41\r\n\r\n{\"status\":503,\"error\":\"Too many clients\"}";

// Best effort and never waiting: there is no room for anybody who reads slowly.
void turn_away(TcpSocket socket) {
  error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(kFull.data(), kFull.size()), ignored);
  socket.shutdown(TcpSocket::shutdown_send, ignored);
}

}  // namespace

Result<std::uint16_t> Server::listen() {
  const Config& config = context_.config;
  error_code failed;
  const auto address = asio::ip::make_address(config.address, failed);
  if (failed) return Error{Errc::invalid, "'" + config.address + "' is no IP address"};
  const tcp::endpoint endpoint(address, config.port);
  acceptor_.open(endpoint.protocol(), failed);
  if (!failed) acceptor_.set_option(TcpAcceptor::reuse_address(true), failed);
  if (!failed) acceptor_.bind(endpoint, failed);
  if (!failed) acceptor_.listen(TcpAcceptor::max_listen_connections, failed);
  if (failed) {
    return Error{Errc::unavailable, "cannot listen on " + config.address + " port " + std::to_string(config.port) +
                                        ": " + failed.message()};
  }
  return acceptor_.local_endpoint().port();
}

void Server::start() {
  asio::co_spawn(acceptor_.get_executor(), accept_all(), LogAndDrop{"accept_all"});
}

void Server::stop() {
  error_code ignored;
  acceptor_.close(ignored);
}

asio::awaitable<void> Server::accept_all() {
  asio::steady_timer pause(acceptor_.get_executor());
  error_code failed;
  while (acceptor_.is_open()) {
    TcpSocket socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, failed));
    if (!acceptor_.is_open()) break;
    if (failed) {  // out of descriptors, mostly: connections that end will give some back
      log::warn("accept_failed", {{"reason", failed.message()}, {"connections", context_.connections.size()}});
      pause.expires_after(kPauseAfterFailure);
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, failed));
      continue;
    }
    if (context_.connections.full()) {
      turn_away(std::move(socket));
      continue;
    }
    asio::co_spawn(acceptor_.get_executor(), serve_http(std::move(socket), context_), LogAndDrop{"serve_http"});
  }
}

}  // namespace pushjudge
