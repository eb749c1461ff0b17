# expect: exited 0
# A file with the setuid bit, and one of the system, give nothing.
import os, shutil, subprocess
shutil.copy("/usr/bin/id", "/box/id")
os.chmod("/box/id", 0o6755)
for program in ("/box/id", "/usr/bin/id"):
    assert subprocess.run([program, "-u"], capture_output=True, text=True).stdout.strip() == "1000", program
for program in ("/usr/bin/su", "/usr/bin/passwd", "/usr/bin/mount", "/usr/bin/newuidmap"):
    if os.path.exists(program):
        done = subprocess.run([program, "--help"], capture_output=True, stdin=subprocess.DEVNULL)
        uids = subprocess.run(["/bin/sh", "-c", "grep Uid /proc/self/status"], capture_output=True, text=True).stdout
        assert "\t0" not in uids
