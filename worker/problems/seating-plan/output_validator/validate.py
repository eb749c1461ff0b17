#!/usr/bin/env python3
"""validate.py INPUT ANSWER FEEDBACK_DIR < OUTPUT: is this a seating plan that makes all wishes come true?

Exit code 42 accepts, 43 rejects; anything else says that the judges have made a mistake.
"""
import os
import sys

ACCEPTED, REJECTED, OUR_FAULT = 42, 43, 1
OUTPUT_MAX = 1 << 20  # many times as long as any right output


def end(code, judges, team=None):
    with open(os.path.join(sys.argv[3], "judgemessage.txt"), "a") as file:
        file.write(judges + "\n")
    if team:
        with open(os.path.join(sys.argv[3], "teammessage.txt"), "a") as file:
            file.write(team + "\n")
    sys.exit(code)


def shown(token):
    """The start of a token of any bytes, as something that can be printed."""
    return ascii(token[:20].decode("latin-1"))


def read_guest(token, n):
    if len(token) > 4 or not token.isdigit() or not 1 <= int(token) <= n:
        end(REJECTED, f"{shown(token)} is no guest", "Your output holds something that is not the number of a guest.")
    return int(token)


def first_broken_wish(order, wishes):
    seat = {guest: number for number, guest in enumerate(order)}
    return next(((a, b) for a, b in wishes if seat[a] > seat[b]), None)


def main():
    with open(sys.argv[1]) as file:
        numbers = list(map(int, file.read().split()))
    n = numbers[0]
    wishes = list(zip(numbers[2::2], numbers[3::2]))
    with open(sys.argv[2]) as file:
        answer = file.read().split()
    possible = answer != ["impossible"]
    if possible and (sorted(map(int, answer)) != list(range(1, n + 1)) or first_broken_wish(list(map(int, answer)), wishes)):
        end(OUR_FAULT, "the judges' own answer is no seating plan")

    output = sys.stdin.buffer.read(OUTPUT_MAX + 1)
    if len(output) > OUTPUT_MAX:
        end(REJECTED, "the output is far too long", "Your output is far too long.")
    tokens = output.split()
    if not tokens:
        end(REJECTED, "there is no output", "Your program has written nothing.")
    if tokens[0].lower() == b"impossible":
        if len(tokens) > 1:
            end(REJECTED, f"{shown(tokens[1])} follows after 'impossible'", "Something follows after the word impossible.")
        if possible:
            end(REJECTED, "'impossible', but there is a plan", "There is a seating plan.")
        end(ACCEPTED, "rightly impossible")

    order = [read_guest(token, n) for token in tokens[: n + 1]]
    if len(order) != n:
        end(REJECTED, f"{len(tokens)} guests instead of {n}", "This is not the number of guests that were invited.")
    if len(set(order)) != n:
        end(REJECTED, "a guest has more than one seat", "A guest has more than one seat.")
    broken = first_broken_wish(order, wishes)
    if broken:
        end(REJECTED, f"guest {broken[0]} does not sit to the left of {broken[1]}", "A wish does not come true.")
    if not possible:
        end(OUR_FAULT, "a plan has been found where the judges say that there is none")
    end(ACCEPTED, "a right plan")


main()
