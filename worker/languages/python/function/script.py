# Calls a solution, which is solution.py, with each test, and tells of the answers on descriptor 3.

import json
import os
import sys
import time
import types

NONCE = sys.argv.pop()
CODE_FILE = "solution.py"
RECURSION_LIMIT = 550000
NODES_MAX = 10_000_000  # more is taken for a circle

# What solutions find there without an import. Last what is always there, since others have such names too.
PRELUDE = """
import array, bisect, builtins, collections, copy, datetime, functools, heapq, io, itertools, json, math, operator
import random, re, string, sys, typing
from string import *
from re import *
from datetime import *
from collections import *
from heapq import *
from bisect import *
from copy import *
from math import *
from random import *
from itertools import *
from functools import *
from operator import *
from typing import *
from builtins import *
"""


class ListNode:
    def __init__(self, val=0, next=None):
        self.val = val
        self.next = next


class TreeNode:
    def __init__(self, val=0, left=None, right=None):
        self.val = val
        self.left = left
        self.right = right


def element_of(kind):
    return kind[:-2] if kind.endswith("[]") else kind[5:-1]


def is_container(kind):
    return kind.endswith("]") or kind.endswith(">")


# To what the solution is called with, and from what it gave back. Both take JSON's values; what JSON says just so stays
# as it is.


def read_list(values):
    head = None
    for value in reversed(values or []):
        head = module.ListNode(value, head)
    return head


def read_tree(values):
    if not values:
        return None
    values = iter(values)
    root = module.TreeNode(next(values))
    parents = [root]
    for parent in parents:
        for side in ("left", "right"):
            value = next(values, None)
            if value is not None:
                child = module.TreeNode(value)
                setattr(parent, side, child)
                parents.append(child)
    return root


def read(kind, value):
    if is_container(kind):
        element = element_of(kind)
        if element in ("integer", "long", "boolean", "character", "string"):
            return value
        return [read(element, each) for each in value]
    if kind == "double":
        return float(value)
    if kind == "ListNode":
        return read_list(value)
    if kind == "TreeNode":
        return read_tree(value)
    return value


def refuse_cycle(nodes):
    if len(nodes) > NODES_MAX:
        raise ValueError("The answer has a cycle")


def write_list(node):
    values = []
    while node is not None:
        values.append(node.val)
        refuse_cycle(values)
        node = node.next
    return values


def write_tree(root):
    values = []
    level = [root]
    for node in level:
        values.append(None if node is None else node.val)
        if node is not None:
            level += (node.left, node.right)
            refuse_cycle(values)
    while values and values[-1] is None:
        values.pop()
    return values


def write_double(value):
    value = float(value)
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    return value


# As the solution has them.
NAMES = {
{{#is_function}}
    "{{raw}}": "{{name}}",
{{/is_function}}
{{#methods}}
    "{{raw}}": "{{name}}",
{{/methods}}
}
EXACTLY = {"integer": int, "long": int, "boolean": bool, "string": str, "character": str}


def write(kind, value):
    if kind == "void":
        return None
    if kind == "ListNode":
        return write_list(value)
    if kind == "TreeNode":
        return write_tree(value)
    if is_container(kind):
        if value is None or isinstance(value, (str, dict)) or not hasattr(value, "__iter__"):
            raise TypeError(f"The answer has {value!r:.60} where {kind} belongs")
        element = element_of(kind)
        wanted = EXACTLY.get(element)
        values = list(value)
        if wanted and all(type(each) is wanted for each in values):
            return values
        return [write(element, each) for each in values]
    if kind == "double" and isinstance(value, (int, float)):
        return write_double(value)
    wanted = EXACTLY.get(kind)
    if wanted and isinstance(value, wanted):
        return wanted(value)
    raise TypeError(f"The answer has {value!r:.60} where {kind} belongs")


def timed(function, arguments):
    begin = time.thread_time_ns()
    returned = function(*arguments)
    return returned, time.thread_time_ns() - begin


def run_function(signature, lines):
    name = NAMES[signature["name"]]
    parameters = [parameter["type"] for parameter in signature["params"]]
    arguments = [read(kind, json.loads(line)) for kind, line in zip(parameters, lines)]
    solution = getattr(module, "Solution", None)
    if hasattr(solution, name) or not hasattr(module, name):
        function = getattr(module.Solution(), name)
    else:
        function = getattr(module, name)
    returned, took = timed(function, arguments)
    if "output" in signature:
        output = signature["output"]["paramindex"]
        return write(parameters[output], arguments[output]), took
    return write(signature["return"]["type"], returned), took


def run_class(signature, lines):
    methods = {method["name"]: method for method in signature["methods"]}
    total = 0
    answer = []
    solution = None
    for name, arguments in zip(*map(json.loads, lines)):
        method = methods[name] if answer else signature["constructor"]
        function = getattr(solution, NAMES[name]) if answer else getattr(module, "{{class_name}}")
        arguments = [read(parameter["type"], each) for parameter, each in zip(method["params"], arguments)]
        returned, took = timed(function, arguments)
        total += took
        if answer:
            answer.append(write(method["return"]["type"], returned))
        else:
            solution = returned
            answer.append(None)
    return answer, total


def tell(line):
    line = memoryview(line)
    while line:
        line = line[os.write(3, line) :]


def main():
    signature = json.loads({{signature_string}})
    lines = sys.stdin.buffer.read().splitlines()
    output = sys.stdout
    # A character beyond Unicode, half of a pair, is nothing that stops a program.
    output.reconfigure(encoding="utf-8", errors="surrogatepass")
    sys.setrecursionlimit(RECURSION_LIMIT)
    with open(CODE_FILE, "rb") as file:
        code = compile(file.read(), CODE_FILE, "exec")
    exec(PRELUDE, module.__dict__)
    module.ListNode = ListNode
    module.TreeNode = TreeNode
    exec(code, module.__dict__)
    is_class = "classname" in signature
    run = run_class if is_class else run_function
    per_test = 2 if is_class else len(signature["params"])
    for begin in range(0, len(lines), per_test):
        answer, took = run(signature, lines[begin : begin + per_test])
        text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
        output.write(NONCE + "\n")
        output.flush()
        tell(f"{NONCE} {took // 1000} {text}\n".encode("utf-8", "surrogatepass"))


# What solutions say is theirs, by the name of a module of its own: some of the library's classes ask for it.
module = types.ModuleType("solution")
sys.modules["solution"] = module
main()
