#pragma once

// The listening socket: takes connections in and hands each to serve_http(). Net thread.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>

#include "api/session_context.hpp"
#include "api/tcp.hpp"

namespace pushjudge {

class Server {
 public:
  Server(boost::asio::io_context& io, const SessionContext& context) : context_(context), acceptor_(io) {}

  // Opens config.address and config.port and returns the port. Errors: invalid for an address that is none, unavailable
  // for one that cannot be had.
  Result<std::uint16_t> listen();
  // Takes connections in from now on, until stop().
  void start();
  void stop();

 private:
  boost::asio::awaitable<void> accept_all();

  const SessionContext& context_;
  TcpAcceptor acceptor_;
};

}  // namespace pushjudge
