# expect: memory_limit | memory_mb=64 cpu_ms=20000
held = []
while True:
    held.append(bytearray(b"x" * (1 << 20)))
