"""Matrices of integers modulo P, as lists of rows."""

P = 1_000_003


class SizeError(Exception):
    pass


def size(a):
    return len(a), len(a[0])


def identity(n):
    return [[int(i == j) for j in range(n)] for i in range(n)]


def flip(a):
    return [list(column) for column in zip(*a)]


def add(a, b):
    if size(a) != size(b):
        raise SizeError
    return [[(x + y) % P for x, y in zip(row, other)] for row, other in zip(a, b)]


def multiply(a, b):
    if len(a[0]) != len(b):
        raise SizeError
    columns = list(zip(*b))
    return [[sum(x * y for x, y in zip(row, column)) % P for column in columns] for row in a]


def power(a, k):
    if len(a) != len(a[0]):
        raise SizeError
    result = identity(len(a))
    while k:
        if k & 1:
            result = multiply(result, a)
        a = multiply(a, a)
        k >>= 1
    return result
