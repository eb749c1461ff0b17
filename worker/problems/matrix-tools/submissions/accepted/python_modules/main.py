import sys

from bench import Bench

if __name__ == "__main__":
    words = iter(sys.stdin.read().split())
    q = int(next(words))
    bench = Bench(words)
    for _ in range(q):
        for line in bench.run():
            print(line)
