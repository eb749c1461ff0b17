# expect: exited 0 | runs=3
# Puts other things in the place of what was placed in the box; the next run has the right ones.
import os, shutil
for name in os.listdir("/box"):
    os.unlink("/box/" + name)
for name in ("program", "main", "a.out", "run", "compile.sh", "stdin.txt", "stdout.txt", "script.py", "meta"):
    os.symlink(os.environ["CANARY"], "/box/" + name)
    try:
        open("/box/" + name, "w").write("taken")  # into a file of the box's own /tmp, if at all
    except OSError:
        pass
