# expect: exited 0
# The kernel's files: what is there is the program's own and can only be read; what could be set has no effect outside.
import os
pid = os.getpid()
assert {int(name) for name in os.listdir("/proc") if name.isdigit()} == {pid}
assert all(name.isdigit() or name in ("self", "thread-self") for name in os.listdir("/proc")), os.listdir("/proc")
for name in ("oom_score_adj", "comm", "mem", "uid_map", "gid_map", "setgroups", "loginuid", "timens_offsets", "attr/current",
             "coredump_filter", "clear_refs", "make-it-fail", "autogroup", "projid_map", "sched"):
    for path in ("/proc/self/" + name, "/proc/1/" + name, "/proc/%d/task/%d/%s" % (pid, pid, name)):
        try:
            os.close(os.open(path, os.O_WRONLY))
            raise SystemExit(path + " can be written")
        except OSError:
            pass
for name in ("sys", "keys", "key-users", "kallsyms", "kcore", "kmsg", "sysrq-trigger", "modules", "cmdline", "version",
             "net/../sysvipc", "mounts/../../sys", "interrupts", "iomem", "timer_list", "sched_debug", "config.gz", "acpi",
             "scsi", "bus", "fs", "irq", "tty"):
    assert not os.path.exists("/proc/" + name), name
assert not os.path.exists("/sys/kernel") and not os.path.exists("/sys/fs/cgroup")
assert os.readlink("/proc/self/root") == "/"
assert os.stat("/proc/self/root").st_ino == os.stat("/").st_ino
for name in ("1/root", "1/cwd", "1/exe", "1/fd", "1/ns/user", "1/map_files"):
    assert not os.path.exists("/proc/" + name), name
