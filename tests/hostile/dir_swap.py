# expect: exited 0 | runs=2 collect=victim/file
# A folder and a symlink to the host change places while the box is being looked at; nothing lives any more by then.
import os
os.mkdir("victim")
open("victim/file", "w").write("mine")
if os.fork() == 0:
    while True:
        os.rename("victim", "other")
        os.symlink("/etc", "victim")
        os.unlink("victim")
        os.rename("other", "victim")
for i in range(2000):
    os.path.exists("victim/file")
