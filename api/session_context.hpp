#pragma once

// What a connection needs of the gateway around it. All of it outlives every connection. Net thread.

#include <functional>
#include <memory>
#include <string_view>

#include "api/config.hpp"
#include "api/connections.hpp"
#include "api/router.hpp"
#include "api/socket.hpp"
#include "api/write_round.hpp"

namespace pushjudge {

struct SessionContext {
  const Config& config;
  const Router& router;
  const Admission& admission;
  Connections& connections;
  Budget& bodies;
  WriteRound& round;
  // Who speaks over a WebSocket that was opened at this path. Null: none can be opened there.
  std::function<std::shared_ptr<SocketUser>(std::string_view path, const Caller& caller, Socket& socket)>
      make_socket_user;
  // The paths at which make_socket_user() gives one.
  std::function<bool(std::string_view path)> is_socket_path;
};

}  // namespace pushjudge
