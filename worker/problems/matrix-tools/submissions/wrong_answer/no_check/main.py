# Works with tools that take matrices of any sizes, and cuts them to what fits.
import sys

import tools

words = iter(sys.stdin.read().split())
drawers = {}
for _ in range(int(next(words))):
    command, x = next(words), next(words)
    if command == "set":
        rows, columns = int(next(words)), int(next(words))
        drawers[x] = [[int(next(words)) for _ in range(columns)] for _ in range(rows)]
    elif command == "show":
        for row in drawers.get(x, []):
            print(*row)
    elif command == "flip":
        drawers[x] = list(zip(*drawers.get(next(words), [])))
    elif command == "pow":
        drawers[x] = tools.power(drawers.get(next(words), []), int(next(words)))
    else:
        tool = {"add": tools.add, "mul": tools.multiply}[command]
        drawers[x] = tool(drawers.get(next(words), []), drawers.get(next(words), []))
