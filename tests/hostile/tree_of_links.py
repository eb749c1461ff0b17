# expect: exited 0 | runs=2 collect_tree=1 within_ms=10000 box_mb=64
# A folder that is to be taken out as a whole: one large file under many names is as large as all of them.
import os
with open("large", "wb") as large:
    large.write(b"x" * (8 << 20))
for i in range(100):
    os.link("large", "large-%d" % i)
