#pragma once

// One address names a core; its sockets are derived from it. Pure; any thread.
//
//   ipc:///run/pushjudge     a folder on this machine: lobby.sock, uplink.sock, submit.sock, events.sock, pipe.N.sock
//   in it tcp://host:7001          lobby 7001, uplink 7002, submit 7003, events 7004, pipes from 7100 on

#include <string>
#include <string_view>

#include "proto/base/result.hpp"

namespace pushjudge {

struct Endpoints {
  std::string lobby;   // ROUTER at the core; workers' REQ
  std::string uplink;  // PULL at the core; workers' PUSH
  std::string submit;  // ROUTER at the core; gateways' DEALER
  std::string events;  // PUB at the core; gateways' SUB
};

// Errors: `invalid` for an address of another form, an ipc path that is not absolute or too long for a socket
// (sockaddr_un holds 107 characters), or a port that leaves no room for the others.
Result<Endpoints> endpoints_of(std::string_view queue);

// Where the core binds the pipe of session `session` for a worker that came by `queue`: a socket file beside the
// others, or a tcp wildcard that the caller binds to a port from the range of pipes.
std::string ipc_pipe_endpoint(std::string_view queue, std::uint64_t session);

// A tcp endpoint as the core names it ("tcp://0.0.0.0:7105") with the host replaced by the one the worker used
// ("core").
std::string with_host_of(std::string_view endpoint, std::string_view queue);

struct TcpAddress {
  std::string host;
  int port = 0;
};
Result<TcpAddress> parse_tcp(std::string_view address);  // "tcp://host:port", also "tcp://[::1]:port"

inline constexpr int kPipePortOffset = 99;  // the first port of pipes, counted from the lobby's
inline constexpr int kPipePortCount = 900;

}  // namespace pushjudge
