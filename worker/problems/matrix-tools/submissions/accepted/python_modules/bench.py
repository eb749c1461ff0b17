"""The bench with its drawers, which runs one command after the other."""

import matrix


class Bench:
    def __init__(self, words):
        self.words = words
        self.drawers = {}

    def number(self):
        return int(next(self.words))

    def read_matrix(self):
        rows, columns = self.number(), self.number()
        return [[self.number() for _ in range(columns)] for _ in range(rows)]

    def run(self):
        """Runs a command, and returns the lines that it writes."""
        command, x = next(self.words), next(self.words)
        # All words are read before anything can fail.
        if command == "set":
            self.drawers[x] = self.read_matrix()
            return []
        names = [next(self.words) for _ in range({"show": 0, "flip": 1, "pow": 1}.get(command, 2))]
        exponent = self.number() if command == "pow" else 0
        try:
            if command == "show":
                return [" ".join(map(str, row)) for row in self.drawers[x]]
            operands = [self.drawers[name] for name in names]
            if command == "pow":
                operands.append(exponent)
            tool = {"add": matrix.add, "mul": matrix.multiply, "flip": matrix.flip, "pow": matrix.power}[command]
            self.drawers[x] = tool(*operands)
            return []
        except (KeyError, matrix.SizeError):
            return ["error"]
