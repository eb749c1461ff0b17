# expect: exited 0 | runs=2 collect=trap within_ms=10000
# Everything a folder can hold that is no ordinary file, under every kind of name; and a file of which only the box knows.
import fcntl, os, socket, struct
assert os.listdir("/tmp") == [] and os.listdir("/dev/shm") == [], "not empty"
os.mkfifo("trap")
os.mkfifo("/tmp/fifo")
socket.socket(socket.AF_UNIX).bind("/tmp/socket")
os.symlink("loop", "loop")
os.symlink("/etc/shadow", "shadow")
os.symlink("/proc/self/environ", "environ")
names = [b"new\nline", b"\xff\xfe", b"x" * 255, b"-rf", b" ", b"\\", b"*", b"a\tb"]
for folder in (b"/box/", b"/tmp/", b"/dev/shm/"):
    for name in names:
        os.close(os.open(folder + name, os.O_CREAT | os.O_WRONLY, 0o600))
hidden = os.open("/tmp", os.O_TMPFILE | os.O_RDWR, 0o600)
os.write(hidden, b"hidden")
try:
    os.link("/proc/self/fd/%d" % hidden, "/tmp/linked", follow_symlinks=True)
except OSError:
    pass
for path in ("/box/-rf", "/tmp/-rf"):
    fd = os.open(path, os.O_RDONLY)
    try:
        fcntl.ioctl(fd, 0x40086602, struct.pack("l", 0x10))  # FS_IOC_SETFLAGS: cannot be changed
        raise SystemExit("a file became immutable")
    except OSError:
        pass
for target in ("/usr/bin/env", "/etc/passwd", "/dev/null"):
    for make in (os.link, os.rename):
        try:
            make(target, "/box/host")
            raise SystemExit("a file of the host was taken in")
        except OSError:
            pass
os.mkdir("gone")
os.chdir("gone")
os.rmdir("/box/gone")
os.mkdir("/tmp/locked")
os.chmod("/tmp/locked", 0)
