#!/usr/bin/env python3
"""Checks what the first run reads: exit code 42 says that it is valid."""
import re
import sys

if not re.fullmatch(rb"encode\n[a-z_]{1,50}\n", sys.stdin.buffer.read()):
    sys.exit("the word encode and a line with a text are expected")
sys.exit(42)
