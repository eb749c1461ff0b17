#!/usr/bin/env python3
"""Checks the pendulums: exit code 42 says that the input is valid."""
import re
import sys
from decimal import Decimal

NUMBER = rb"(?:0|[1-9][0-9]{0,2})(?:\.[0-9]{1,4})?"

data = sys.stdin.buffer.read()
match = re.fullmatch(rb"([1-9][0-9]{0,2})\n((?:%b %b\n)+)" % (NUMBER, NUMBER), data)
if not match:
    sys.exit("a line with an integer and lines with two numbers are expected")
n = int(match[1])
lines = match[2].decode().splitlines()
if n > 100 or len(lines) != n:
    sys.exit(f"{n} pendulums are announced, {len(lines)} follow; at most 100 are allowed")
for number, line in enumerate(lines, 2):
    length, angle = map(Decimal, line.split(" "))
    if not Decimal("0.01") <= length <= 100 or not Decimal("0.1") <= angle <= 179:
        sys.exit(f"line {number}: out of range")
sys.exit(42)
