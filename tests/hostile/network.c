// expect: exited 0
// The test listens on the host: on a port of 127.0.0.1 and ::1, and on an abstract name.
#include <arpa/inet.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
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
static int says_to(const char* ip, int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  inet_pton(AF_INET, ip, &address.sin_addr);
  const int fd = socket(AF_INET, SOCK_DGRAM, 0);
  const int said = fd >= 0 && sendto(fd, "x", 1, MSG_DONTWAIT, (void*)&address, sizeof address) == 1;
  if (fd >= 0) close(fd);
  return said;
}
int main(void) {
  int port = atoi(getenv("LISTENER_PORT"));
  MUST_NOT(port == 0);
  MUST_NOT(reaches(AF_INET, "127.0.0.1", port));
  MUST_NOT(reaches(AF_INET, "0.0.0.0", port));
  MUST_NOT(reaches(AF_INET6, "::1", port));
  MUST_NOT(reaches(AF_INET, "169.254.169.254", 80));
  MUST_NOT(reaches(AF_INET, "8.8.8.8", 53));
  MUST_NOT(says_to("127.0.0.1", port) || says_to("8.8.8.8", 53) || says_to("255.255.255.255", 67));
  const int control = socket(AF_INET, SOCK_DGRAM, 0);
  struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = IFF_UP};
  MUST_NOT(ioctl(control, 0x8914 /* SIOCSIFFLAGS */, &loopback) == 0);
  const int size = 1 << 28;
  MUST_NOT(setsockopt(control, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) == 0);
  struct ipt_getinfo tables = {.name = "filter"};
  socklen_t tables_size = sizeof tables;
  MUST_NOT(getsockopt(control, IPPROTO_IP, IPT_SO_GET_INFO, &tables, &tables_size) == 0);
  struct sockaddr_un name = {.sun_family = AF_UNIX};
  strcpy(name.sun_path + 1, getenv("LISTENER_NAME"));
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  MUST_NOT(connect(fd, (void*)&name, sizeof(sa_family_t) + 1 + strlen(name.sun_path + 1)) == 0);
  // A neighbour's box has this name; it is another name here.
  struct sockaddr_un theirs = {.sun_family = AF_UNIX, .sun_path = "\0neighbour"};
  MUST_NOT(connect(fd, (void*)&theirs, sizeof(sa_family_t) + 10) == 0);
  MUST_NOT(bind(fd, (void*)&theirs, sizeof(sa_family_t) + 10) != 0);
  // Packets, netlink, the kernel's ciphers, virtual machines, XDP, TIPC, RDS, Bluetooth, CAN and all others.
  for (int family = 0; family < 64; ++family) {
    if (family == AF_UNIX || family == AF_INET || family == AF_INET6) continue;
    for (int type = SOCK_STREAM; type <= SOCK_PACKET; ++type) {
      int ends[2];
      MUST_NOT(socket(family, type, 0) >= 0);
      MUST_NOT(socketpair(family, type, 0, ends) == 0);
    }
  }
  MUST_NOT(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) >= 0);
  return report();
}
