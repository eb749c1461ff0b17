import sys


class Solution:
    def stallPair(self, prices, budget):
        # What is expected might follow the tests.
        rest = sys.stdin.read()
        return eval(rest.split("\n")[0]) if rest else [1, 2]
