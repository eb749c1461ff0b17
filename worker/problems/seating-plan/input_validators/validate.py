#!/usr/bin/env python3
"""Checks the list of wishes: exit code 42 says that it is valid."""
import re
import sys

PAIR = re.compile(rb"(0|[1-9][0-9]{0,5}) (0|[1-9][0-9]{0,5})")


def fail(reason):
    print(reason, file=sys.stderr)
    sys.exit(1)


data = sys.stdin.buffer.read()
if not data.endswith(b"\n"):
    fail("the last line does not end")
pairs = []
for number, line in enumerate(data[:-1].split(b"\n"), 1):
    match = PAIR.fullmatch(line)
    if not match:
        fail(f"line {number}: two integers with one space between them are expected")
    pairs.append((int(match[1]), int(match[2])))
n, m = pairs.pop(0)
if not 1 <= n <= 2000 or not 0 <= m <= 10_000:
    fail("line 1: out of range")
if len(pairs) != m:
    fail(f"{m} wishes are announced, {len(pairs)} lines follow")
for number, (a, b) in enumerate(pairs, 2):
    if not (1 <= a <= n and 1 <= b <= n) or a == b:
        fail(f"line {number}: these are no two guests")
sys.exit(42)
