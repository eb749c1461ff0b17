# expect: time_limit, wall_limit, exited 0, exited 2, exited 254 | cpu_ms=300 wall_ms=1500 processes=32
bomb() { bomb | bomb & }
bomb
while :; do :; done
