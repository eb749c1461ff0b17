# expect: exited 0 | runs=2 within_ms=4000
# What lies in the box is thrown away as a whole, not file by file.
import os
os.chdir("/tmp")
depth = 0
try:
    while depth < 6000:
        os.mkdir("d")
        os.chdir("d")
        depth += 1
except OSError:
    pass
os.chmod(".", 0)
names = ["new\nline", "x" * 255, "\\", "*", "-rf", " "]
for name in names:
    open("/box/" + name, "w").close()
    os.chmod("/box/" + name, 0)
os.chmod("/box", 0)
