class Solution:
    def turnWagons(self, train, bay):
        def number(at):
            wagon = train
            for _ in range(at):
                wagon = wagon.next
            return wagon
        length = 0
        wagon = train
        while wagon:
            length, wagon = length + 1, wagon.next
        for begin in range(0, length - bay + 1, bay):
            for passes in range(bay):
                for at in range(begin, begin + bay - 1 - passes):
                    a, b = number(at), number(at + 1)
                    a.val, b.val = b.val, a.val
        return train
