// Placed next to every hostile C program. A program that finds something open that should be closed says so and ends
// with status 1.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int holes;

static inline void hole(const char* what) {
  printf("OPEN: %s (%s)\n", what, strerror(errno));
  fflush(stdout);
  ++holes;
}

// The expression must not come true.
#define MUST_NOT(expression) \
  do {                       \
    errno = 0;               \
    if (expression) hole(#expression); \
  } while (0)

// The system call must fail with one of two errors.
#define MUST_FAIL(expression, one, other)                                     \
  do {                                                                        \
    errno = 0;                                                                \
    if ((long)(expression) >= 0 || (errno != (one) && errno != (other))) hole(#expression); \
  } while (0)

static inline int report(void) { return holes == 0 ? 0 : 1; }

static inline void spin(void) {
  for (volatile unsigned long i = 0;; ++i) {
  }
}
