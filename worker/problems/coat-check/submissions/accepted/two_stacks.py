class CoatCheck:

    def __init__(self, hooks: int):
        self.hooks = hooks
        self.coats = []
        self.heaviest_up_to = [-1]

    def hang(self, owner: str, weight: int) -> bool:
        if len(self.coats) == self.hooks:
            return False
        self.coats.append(owner)
        self.heaviest_up_to.append(max(weight, self.heaviest_up_to[-1]))
        return True

    def take(self) -> str:
        if not self.coats:
            return ""
        self.heaviest_up_to.pop()
        return self.coats.pop()

    def heaviest(self) -> int:
        return self.heaviest_up_to[-1]
