# expect: exited 0
# What a program is born with: three descriptors, a clean environment, no terminal, limits.
import os, resource, signal, socket
listing = os.open("/proc/self/fd", os.O_RDONLY)
assert sorted(map(int, os.listdir(listing)))[:4] == [0, 1, 2, listing], os.listdir(listing)
given = {"PATH", "LANG", "HOME", "CANARY", "SOURCES", "HOST_PID", "LISTENER_PORT", "LISTENER_NAME", "LC_CTYPE"}
assert set(os.environ) <= given, os.environ
assert os.getcwd() == "/box"
assert set(os.listdir("/dev")) == {"null", "zero", "full", "random", "urandom", "shm", "fd", "stdin", "stdout", "stderr"}, os.listdir("/dev")
assert os.umask(0) == 0o022
assert os.getsid(0) == os.getpid()
assert os.getppid() in (0, 1)
assert not any(os.isatty(fd) for fd in (0, 1, 2))
assert socket.gethostname() == "box"
assert resource.getrlimit(resource.RLIMIT_CORE) in ((0, 0), (1, 1))  # 1: none, nor to a program of the host's
assert resource.getrlimit(resource.RLIMIT_NOFILE) == (256, 256)
assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == set()
assert signal.getsignal(signal.SIGHUP) == signal.SIG_DFL
assert os.getpid() > 1
assert os.getpriority(os.PRIO_PROCESS, 0) == 0
