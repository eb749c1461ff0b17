#!/usr/bin/env python3
"""validate.py [group1|group2|group3|group4]: checks the map; exit code 42 says that the input is valid."""
import re
import sys

NUMBER = re.compile(rb"0|[1-9][0-9]{0,9}")
ROWS_MAX, COLUMNS_MAX = {"group1": (1, 80), "group2": (5, 5), "group3": (60, 60)}.get("".join(sys.argv[1:2]), (80, 80))


def fail(reason):
    print(reason, file=sys.stderr)
    sys.exit(1)


data = sys.stdin.buffer.read()
if not data.endswith(b"\n"):
    fail("the last line does not end")
lines = [line.split(b" ") for line in data[:-1].split(b"\n")]
if not all(NUMBER.fullmatch(word) for line in lines for word in line):
    fail("integers with one space between them are expected")
size, *rows = [list(map(int, line)) for line in lines]
if len(size) != 2 or not 1 <= size[0] <= ROWS_MAX or not 1 <= size[1] <= COLUMNS_MAX:
    fail("line 1: two integers within the limits are expected")
if len(rows) != size[0] or any(len(row) != size[1] for row in rows):
    fail("the map has not the size announced")
if max(map(max, rows)) > 10**9:
    fail("a mountain is too high")
sys.exit(42)
