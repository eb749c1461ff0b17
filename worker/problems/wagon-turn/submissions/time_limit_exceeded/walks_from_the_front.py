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
            for i in range(bay // 2):
                a, b = number(begin + i), number(begin + bay - 1 - i)
                a.val, b.val = b.val, a.val
        return train
