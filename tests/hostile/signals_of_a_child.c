// expect: exited 0
// The program is no init: signals do to it and its children what they do everywhere, and pid 1 cannot be harmed.
#include "probe.h"
static int end_of(int signal_number, int how) {
  const pid_t pid = fork();
  if (pid == 0) {
    if (how == 0) raise(signal_number);
    if (how == 1) kill(getpid(), signal_number);
    if (how == 2) abort();
    _exit(0);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFSIGNALED(status) ? WTERMSIG(status) : -1;
}
int main(void) {
  const int deadly[] = {SIGTERM, SIGINT, SIGHUP, SIGKILL, SIGUSR1, SIGSEGV, SIGPIPE, SIGALRM};
  for (unsigned i = 0; i < sizeof deadly / sizeof *deadly; ++i) {
    MUST_NOT(end_of(deadly[i], 0) != deadly[i]);
    MUST_NOT(end_of(deadly[i], 1) != deadly[i]);
  }
  MUST_NOT(end_of(0, 2) != SIGABRT);
  for (int number = 0; number < 65; ++number) {
    kill(1, number);
    kill(getppid(), number == SIGKILL || number == SIGSTOP ? number : 0);
  }
  syscall(SYS_tgkill, 1, 1, SIGKILL);
  syscall(424 /* pidfd_send_signal */, syscall(434 /* pidfd_open */, 1, 0), SIGKILL, 0, 0);
  union sigval value = {0};
  sigqueue(1, SIGKILL, value);
  return report();
}
