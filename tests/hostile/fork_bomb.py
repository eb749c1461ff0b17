# expect: time_limit, wall_limit | cpu_ms=300 wall_ms=1500 processes=32
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
