// expect: exited 0
// The test listens on the host: on a port of 127.0.0.1 and ::1, and on an abstract name.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>
#include "probe.h"
static int reaches(int family, const char* ip, int port) {
  struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(port)};
  struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
  int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (fd < 0) return 0;
  int result = 0;
  if (family == AF_INET) {
    inet_pton(AF_INET, ip, &four.sin_addr);
    result = connect(fd, (void*)&four, sizeof four);
  } else {
    inet_pton(AF_INET6, ip, &six.sin6_addr);
    result = connect(fd, (void*)&six, sizeof six);
  }
  int reached = result == 0 || errno == EINPROGRESS;
  close(fd);
  return reached;
}
int main(void) {
  int port = atoi(getenv("LISTENER_PORT"));
  MUST_NOT(port == 0);
  MUST_NOT(reaches(AF_INET, "127.0.0.1", port));
  MUST_NOT(reaches(AF_INET, "0.0.0.0", port));
  MUST_NOT(reaches(AF_INET6, "::1", port));
  MUST_NOT(reaches(AF_INET, "169.254.169.254", 80));
  MUST_NOT(reaches(AF_INET, "8.8.8.8", 53));
  struct sockaddr_un name = {.sun_family = AF_UNIX};
  strcpy(name.sun_path + 1, getenv("LISTENER_NAME"));
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  MUST_NOT(connect(fd, (void*)&name, sizeof(sa_family_t) + 1 + strlen(name.sun_path + 1)) == 0);
  // A neighbour's box has this name; it is another name here.
  struct sockaddr_un theirs = {.sun_family = AF_UNIX, .sun_path = "\0neighbour"};
  MUST_NOT(connect(fd, (void*)&theirs, sizeof(sa_family_t) + 10) == 0);
  MUST_NOT(bind(fd, (void*)&theirs, sizeof(sa_family_t) + 10) != 0);
  const int families[] = {AF_NETLINK, AF_PACKET, 38 /* ALG */, 40 /* VSOCK */, 44 /* XDP */, 30 /* TIPC */, 21 /* RDS */};
  for (unsigned i = 0; i < sizeof families / sizeof *families; ++i) {
    for (int type = SOCK_STREAM; type <= SOCK_SEQPACKET; ++type) MUST_NOT(socket(families[i], type, 0) >= 0);
  }
  MUST_NOT(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) >= 0);
  return report();
}
