#!/usr/bin/env python3
"""Checks the commands: exit code 42 says that the input is valid."""
import re
import sys

ENTRY = rb"(?:0|[1-9][0-9]{0,5}|100000[0-2])"
POWER = rb"(?:0|[1-9][0-9]{0,14}|1000000000000000)"
SIZE = rb"([1-9]|1[0-2])"
SET = re.compile(rb"set [A-Z] " + SIZE + rb" " + SIZE)
OTHER = re.compile(rb"(?:add|mul) [A-Z] [A-Z] [A-Z]|flip [A-Z] [A-Z]|pow [A-Z] [A-Z] " + POWER + rb"|show [A-Z]")

data = sys.stdin.buffer.read()
if not data.endswith(b"\n"):
    sys.exit("the last line does not end")
lines = data[:-1].split(b"\n")
if not re.fullmatch(rb"[1-9][0-9]?|100", lines[0]):
    sys.exit("line 1: the number of commands is expected")
at = 1
for _ in range(int(lines[0])):
    if at >= len(lines):
        sys.exit("commands are missing")
    match = SET.fullmatch(lines[at])
    if not match and not OTHER.fullmatch(lines[at]):
        sys.exit(f"line {at + 1}: a command is expected")
    at += 1
    if match:
        row = re.compile(ENTRY + (rb"(?: %b){%d}" % (ENTRY, int(match[2]) - 1)))
        for _ in range(int(match[1])):
            if at >= len(lines) or not row.fullmatch(lines[at]):
                sys.exit(f"line {at + 1}: a row of the matrix is expected")
            at += 1
if at != len(lines):
    sys.exit("something follows after the last command")
sys.exit(42)
