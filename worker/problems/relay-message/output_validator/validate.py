#!/usr/bin/env python3
"""validate.py INPUT ANSWER FEEDBACK_DIR < OUTPUT: the lightship, and the judge of the text that arrives.

It is called after each of the two runs. ANSWER holds a number and the text. After the first run, which encodes, the flashes
are passed on as nextpass.in, with the one changed that the number tells (counted from 0, and from the start again behind the
last flash; -1 changes none). After the second run, which decodes, the text has to be there.

Exit code 42 accepts, 43 rejects; anything else says that the judges have made a mistake.
"""
import os
import re
import sys

ACCEPTED, REJECTED = 42, 43
FLASHES_MAX = 1000
OUTPUT_MAX = 1 << 16

_, answer_file, feedback_dir = sys.argv[1:4]


def feedback(name):
    return os.path.join(feedback_dir, name)


def end(code, judges, team=None):
    with open(feedback("judgemessage.txt"), "a") as file:
        file.write(judges + "\n")
    if team:
        with open(feedback("teammessage.txt"), "a") as file:
            file.write(team + "\n")
    sys.exit(code)


def shown(token):
    """The start of a token of any bytes, as something that can be printed."""
    return ascii(token[:60].decode("latin-1"))


def only_token(what):
    output = sys.stdin.buffer.read(OUTPUT_MAX + 1)
    if len(output) > OUTPUT_MAX:
        end(REJECTED, f"{what}: the output is far too long", "Your output is far too long.")
    tokens = output.split()
    if len(tokens) != 1:
        end(REJECTED, f"{what}: {len(tokens)} words instead of one", "Your output should be one line with one word.")
    return tokens[0]


def pass_on(change):
    flashes = only_token("encode")
    if not re.fullmatch(rb"[01]+", flashes):
        end(REJECTED, f"encode: {shown(flashes)} is not made of 0 and 1", "A message should be made of 0 and 1.")
    if len(flashes) > FLASHES_MAX:
        end(REJECTED, f"encode: {len(flashes)} flashes", "There are too many flashes in the message.")
    passed = bytearray(flashes)
    note = f"encode: {len(flashes)} flashes, none of them changed"
    if change >= 0:
        at = change % len(flashes)
        passed[at] ^= 1  # turns the character 0 into 1, and 1 into 0
        note = f"encode: {len(flashes)} flashes, of which {at} is changed"
    with open(feedback("encoded.txt"), "wb") as file:  # tells the next call that it comes after the second run
        file.write(flashes + b"\n")
    with open(feedback("nextpass.in"), "wb") as file:
        file.write(b"decode\n" + passed + b"\n")
    end(ACCEPTED, note)


def compare(text):
    arrived = only_token("decode")
    if arrived != text:
        end(REJECTED, f"decode: {shown(arrived)} instead of {shown(text)}", "The text that arrived is not the one that was sent.")
    end(ACCEPTED, "decode: the text has arrived")


def main():
    with open(answer_file, "rb") as file:
        change, text = file.read().split()
    if os.path.exists(feedback("encoded.txt")):
        compare(text)
    else:
        pass_on(int(change))


main()
