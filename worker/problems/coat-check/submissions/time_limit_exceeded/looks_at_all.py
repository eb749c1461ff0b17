class CoatCheck:
    def __init__(self, hooks):
        self.hooks, self.coats = hooks, []

    def hang(self, owner, weight):
        if len(self.coats) == self.hooks:
            return False
        self.coats.append((owner, weight))
        return True

    def take(self):
        return self.coats.pop()[0] if self.coats else ""

    def heaviest(self):
        for owner, weight in self.coats:
            if all(weight >= other for someone, other in self.coats):
                return weight
        return -1
