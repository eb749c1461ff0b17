#include <fcntl.h>
#include <sys/socket.h>

#include <cstdio>
#include <string_view>

#include "worker/sandbox/commands.hpp"
#include "worker/sandbox/keeper.hpp"

namespace {

using namespace pushjudge::sandbox;

constexpr int kClientSocket = 3;
constexpr const char* kUsage =
    "pushjudge-sandbox runs programs that nobody trusts.\n"
    "  serve      serve a worker on descriptor 3 (started by the worker)\n"
    "  run        run one program by hand\n"
    "  check      say what this host offers; exit status 1 if it cannot make boxes\n"
    "  --help, --version\n\n";

int serve_command() {
  int type = 0;
  socklen_t size = sizeof type;
  if (::getsockopt(kClientSocket, SOL_SOCKET, SO_TYPE, &type, &size) < 0 || type != SOCK_SEQPACKET) {
    std::fputs("serve: descriptor 3 is not a SOCK_SEQPACKET socket; this is started by pushjudge-worker\n", stderr);
    return 2;
  }
  if (::fcntl(kClientSocket, F_SETFD, FD_CLOEXEC) < 0) return 1;
  static Keeper keeper(kClientSocket);
  return keeper.serve();
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view command = argc > 1 ? argv[1] : "--help";
  if (command == "serve" && argc == 2) return serve_command();
  if (command == "run") return run_command(argc - 1, argv + 1);
  if (command == "check" && argc == 2) return check_command();
  if (command == "--version" && argc == 2) {
    std::puts("pushjudge-sandbox " PJ_VERSION);
    return 0;
  }
  const bool asked = command == "--help" || command == "-h";
  std::fputs(kUsage, asked ? stdout : stderr);
  std::fputs(kRunUsage, asked ? stdout : stderr);
  return asked ? 0 : 2;
}
