class CoatCheck:
    def __init__(self, hooks):
        self.hooks, self.coats, self.most = hooks, [], [-1]

    def hang(self, owner, weight):
        if len(self.coats) == self.hooks:
            return False
        self.coats.append(owner)
        self.most.append(max(weight, self.most[-1]))
        return True

    def take(self):
        self.most.pop()
        return self.coats.pop()

    def heaviest(self):
        return self.most[-1]
