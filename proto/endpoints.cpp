#include "proto/endpoints.hpp"

#include <charconv>

namespace pushjudge {
namespace {

constexpr std::string_view kIpc = "ipc://";
constexpr std::string_view kTcp = "tcp://";
constexpr std::size_t kSocketPathMax = 107;  // sizeof(sockaddr_un::sun_path) - 1
constexpr std::size_t kLongestName = std::string_view("/pipe.18446744073709551615.sock").size();

std::string_view folder_of(std::string_view queue) {
  std::string_view folder = queue.substr(kIpc.size());
  while (folder.size() > 1 && folder.ends_with('/')) folder.remove_suffix(1);
  return folder;
}

std::string tcp_endpoint(const TcpAddress& address, int offset) {
  return std::string(kTcp) + address.host + ":" + std::to_string(address.port + offset);
}

}  // namespace

Result<TcpAddress> parse_tcp(std::string_view address) {
  const Error error{Errc::invalid, "'" + std::string(address) + "' is no tcp address; expected tcp://HOST:PORT"};
  if (!address.starts_with(kTcp)) return error;
  const std::string_view rest = address.substr(kTcp.size());
  const std::size_t colon = rest.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return error;
  const std::string_view host = rest.substr(0, colon);
  const std::string_view digits = rest.substr(colon + 1);
  int port = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (failure != std::errc() || end != digits.data() + digits.size() || port < 1 || port > 65535) return error;
  if (host.find(':') != std::string_view::npos && !(host.starts_with('[') && host.ends_with(']'))) return error;
  return TcpAddress{std::string(host), port};
}

Result<Endpoints> endpoints_of(std::string_view queue) {
  if (queue.starts_with(kIpc)) {
    const std::string_view folder = folder_of(queue);
    if (!folder.starts_with('/')) {
      return Error{Errc::invalid, "'" + std::string(queue) + "' is not absolute; expected ipc:///FOLDER"};
    }
    if (folder.size() + kLongestName > kSocketPathMax) {
      return Error{Errc::invalid, "the folder of '" + std::string(queue) + "' is too long for socket files; at most " +
                                      std::to_string(kSocketPathMax - kLongestName) + " characters"};
    }
    const std::string base = std::string(kIpc) + std::string(folder);
    return Endpoints{base + "/lobby.sock", base + "/uplink.sock", base + "/submit.sock", base + "/events.sock"};
  }
  auto address = parse_tcp(queue);
  if (!address) {
    return Error{Errc::invalid,
                 "'" + std::string(queue) + "' is no address of a core; expected ipc:///FOLDER or tcp://HOST:PORT"};
  }
  if (address->port + kPipePortOffset > 65535) {
    return Error{Errc::invalid, "port " + std::to_string(address->port) + " leaves no room for the pipes"};
  }
  return Endpoints{tcp_endpoint(*address, 0), tcp_endpoint(*address, 1), tcp_endpoint(*address, 2),
                   tcp_endpoint(*address, 3)};
}

std::string ipc_pipe_endpoint(std::string_view queue, std::uint64_t session) {
  return std::string(kIpc) + std::string(folder_of(queue)) + "/pipe." + std::to_string(session) + ".sock";
}

std::string with_host_of(std::string_view endpoint, std::string_view queue) {
  auto named = parse_tcp(endpoint);
  auto reached = parse_tcp(queue);
  if (!named || !reached) return std::string(endpoint);
  return std::string(kTcp) + reached->host + ":" + std::to_string(named->port);
}

}  // namespace pushjudge
