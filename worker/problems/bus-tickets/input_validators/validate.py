#!/usr/bin/env python3
"""Checks the log of rides byte by byte: exit code 42 says that it is valid."""
import re
import sys

NUMBER = re.compile(rb"0|[1-9][0-9]{0,9}")


def fail(reason):
    print(reason, file=sys.stderr)
    sys.exit(1)


def numbers(line, where):
    parts = line.split(b" ")
    if len(parts) != 2 or not all(NUMBER.fullmatch(part) for part in parts):
        fail(f"{where}: two integers with one space between them are expected")
    return int(parts[0]), int(parts[1])


data = sys.stdin.buffer.read()
if not data.endswith(b"\n"):
    fail("the last line does not end")
lines = data[:-1].split(b"\n")
n, d = numbers(lines[0], "line 1")
if not 1 <= n <= 100_000 or not 1 <= d <= 1_000_000:
    fail("line 1: out of range")
if len(lines) != n + 1:
    fail(f"{n} rides are announced, {len(lines) - 1} lines follow")
before = 0
for number, line in enumerate(lines[1:], 2):
    t, c = numbers(line, f"line {number}")
    if not before <= t <= 1_000_000 or not 1 <= c <= 10**9:
        fail(f"line {number}: out of range or not sorted")
    before = t
sys.exit(42)
