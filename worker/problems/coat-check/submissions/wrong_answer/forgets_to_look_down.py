class CoatCheck:
    def __init__(self, hooks):
        self.hooks, self.coats, self.most = hooks, [], -1

    def hang(self, owner, weight):
        if len(self.coats) == self.hooks:
            return False
        self.coats.append(owner)
        self.most = max(self.most, weight)
        return True

    def take(self):
        return self.coats.pop() if self.coats else ""

    def heaviest(self):
        return self.most if self.coats else -1
