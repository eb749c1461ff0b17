// expect: exited 0
// Files and processes of the host. The test made a canary that everybody may read.
#include <dirent.h>
#include "probe.h"
static int readable(const char* path) {
  int fd = open(path, O_RDONLY | O_NONBLOCK);
  char byte;
  int got = fd >= 0 && read(fd, &byte, 1) == 1;
  if (fd >= 0) close(fd);
  return got;
}
static int writable(const char* path) {
  int fd = open(path, O_WRONLY | O_NONBLOCK);
  if (fd >= 0) close(fd);
  return fd >= 0;
}
static int visible(const char* path) { return access(path, F_OK) == 0; }
int main(void) {
  char path[4096];
  MUST_NOT(visible(getenv("CANARY")));
  snprintf(path, sizeof path, "/proc/self/root%s", getenv("CANARY"));
  MUST_NOT(visible(path));
  snprintf(path, sizeof path, "/box/../../../..%s", getenv("CANARY"));
  MUST_NOT(visible(path));
  MUST_NOT(visible(getenv("SOURCES")));
  snprintf(path, sizeof path, "/proc/%s", getenv("HOST_PID"));
  MUST_NOT(atoi(getenv("HOST_PID")) > 100 && visible(path));
  const char* hidden[] = {"/etc/shadow",       "/etc/ssh",           "/root",         "/home",           "/work",
                          "/sys",              "/run",               "/boot",         "/mnt",            "/opt",
                          "/var/lib/dpkg",     "/proc/1/environ",    "/proc/1/root/", "/proc/1/mem",     "/proc/1/fd/0",
                          "/proc/1/cwd/",      "/proc/kcore",        "/proc/keys",    "/proc/kallsyms",  "/proc/kmsg",
                          "/proc/sys",         "/proc/sysrq-trigger", "/dev/mem",     "/dev/kmsg",       "/dev/vda",
                          "/dev/sda",          "/dev/fuse",          "/dev/kvm",      "/dev/ptmx",       "/dev/tty",
                          "/dev/pts",          "/dev/net/tun",       "/etc/machine-id", "/proc/cmdline", "/proc/config.gz"};
  for (unsigned i = 0; i < sizeof hidden / sizeof *hidden; ++i) {
    if (visible(hidden[i])) hole(hidden[i]);
  }
  const char* read_only[] = {"/etc/passwd", "/usr/bin/env", "/etc/ld.so.cache", "/proc/self/oom_score_adj", "/proc/self/comm"};
  for (unsigned i = 0; i < sizeof read_only / sizeof *read_only; ++i) {
    if (writable(read_only[i])) hole(read_only[i]);
  }
  const char* folders[] = {"/", "/usr", "/usr/bin", "/etc", "/dev", "/proc", "/var", "/etc/alternatives"};
  for (unsigned i = 0; i < sizeof folders / sizeof *folders; ++i) {
    snprintf(path, sizeof path, "%s/made-by-a-program", folders[i]);
    if (open(path, O_WRONLY | O_CREAT, 0600) >= 0) hole(folders[i]);
  }
  MUST_NOT(!readable("/etc/passwd"));
  MUST_NOT(link("/usr/bin/env", "/box/env") == 0);
  DIR* proc = opendir("/proc");
  for (struct dirent* entry; proc != 0 && (entry = readdir(proc)) != 0;) {
    int pid = atoi(entry->d_name);
    if (pid != 0 && pid != getpid()) hole(entry->d_name);
  }
  FILE* mounts = fopen("/proc/self/mountinfo", "r");
  MUST_NOT(mounts == 0);
  return report();
}
