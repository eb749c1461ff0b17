# expect: exited 0 | runs=2 collect_tree=1 within_ms=10000
# A folder that is to be taken out as a whole, with ways out of it and things that are no files.
import os, socket
os.symlink("/etc", "folder")
os.symlink("/etc/passwd", "file")
os.symlink("/proc/self/environ", "environ")
os.symlink("/proc/1/root", "root")
os.symlink("../../../../../etc/passwd", "up")
os.symlink("loop", "loop")
os.mkfifo("fifo")
socket.socket(socket.AF_UNIX).bind("socket")
os.makedirs("/".join(["d"] * 12))
for name in (b"new\nline", b"\xff\xfe", b"x" * 255, b"-rf", b" "):
    with open(name, "w") as file:
        file.write("mine")
with open("closed", "w") as file:
    file.write("mine")
os.chmod("closed", 0)
os.mkdir("locked")
os.chmod("locked", 0)
