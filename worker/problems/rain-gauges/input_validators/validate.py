#!/usr/bin/env python3
"""validate.py [group1|group2|group3]: checks the gauges; exit code 42 says that the input is valid."""
import re
import sys

NUMBER = rb"(?:0|[1-9][0-9]{0,9})"
N_MAX, SHOWN_MIN = {"group1": (200, 1), "group2": (2000, 1)}.get(sys.argv[1] if len(sys.argv) > 1 else "", (10_000, 0))

match = re.fullmatch(rb"(%b) (%b)\n(%b(?: %b)*)\n" % ((NUMBER,) * 4), sys.stdin.buffer.read())
if not match:
    sys.exit("two lines of integers with one space between them are expected")
n, s = int(match[1]), int(match[2])
gauges = list(map(int, match[3].split(b" ")))
if not 1 <= n <= N_MAX or s > 10**9:
    sys.exit("line 1: out of range")
if len(gauges) != n:
    sys.exit(f"{n} gauges are announced, {len(gauges)} follow")
if min(gauges) < SHOWN_MIN or max(gauges) > 1000:
    sys.exit("line 2: out of range")
sys.exit(42)
