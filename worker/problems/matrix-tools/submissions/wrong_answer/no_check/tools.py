P = 1_000_003


def add(a, b):
    return [[(x + y) % P for x, y in zip(row, other)] for row, other in zip(a, b)]


def multiply(a, b):
    columns = list(zip(*b))
    return [[sum(x * y for x, y in zip(row, column)) % P for column in columns] for row in a]


def power(a, k):
    result = [[int(i == j) for j in range(len(a))] for i in range(len(a))]
    while k:
        if k & 1:
            result = multiply(result, a)
        a = multiply(a, a)
        k >>= 1
    return result
