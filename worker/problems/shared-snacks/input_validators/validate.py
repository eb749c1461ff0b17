#!/usr/bin/env python3
"""Checks the bags: exit code 42 says that the input is valid."""
import re
import sys

match = re.fullmatch(rb"([1-9][0-9]{0,2}) ([1-9][0-9]{0,4})\n([1-9][0-9]{0,4}(?: [1-9][0-9]{0,4})*)\n", sys.stdin.buffer.read())
if not match:
    sys.exit("two lines of positive integers with one space between them are expected")
n, s = int(match[1]), int(match[2])
bags = list(map(int, match[3].split(b" ")))
if n > 100 or s > 10_000 or max(bags) > 10_000:
    sys.exit("a number is out of range")
if len(bags) != n:
    sys.exit(f"{n} bags are announced, {len(bags)} follow")
sys.exit(42)
