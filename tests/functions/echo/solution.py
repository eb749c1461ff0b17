class Echo:
    def __init__(self, title: str):
        self.name = title

    def nextInteger(self, value):
        return value + 1

    def nextLong(self, value):
        return value + 1

    def halfOf(self, value):
        return value / 2

    def negation(self, value):
        return not value

    def nextCharacter(self, value):
        return chr(ord(value) + 1)

    def shout(self, value):
        return value + "!"

    def turned(self, value):
        before = None
        while value:
            before = ListNode(value.val, before)
            value = value.next
        return before

    def mirrored(self, value):
        if value:
            value.left, value.right = self.mirrored(value.right), self.mirrored(value.left)
        return value

    def integers(self, value):
        return value[::-1]

    def longs(self, value):
        return value[::-1]

    def doubles(self, value):
        return value[::-1]

    def flags(self, value):
        return value[::-1]

    def letters(self, value):
        return value[::-1]

    def words(self, value):
        return value[::-1]

    def grid(self, value):
        return value[::-1]

    def board(self, value):
        return value[::-1]

    def numbers(self, value):
        return value[::-1]

    def names(self, value):
        return value[::-1]

    def rows(self, value):
        return value[::-1]

    def table(self, value):
        return value[::-1]

    def firstOf(self, value):
        return value[0]

    def forest(self, value):
        return value[::-1]

    def chains(self, value):
        return value[::-1]

    def remember(self, value):
        self.remembered = value

    def recall(self):
        return self.remembered

    def title(self):
        return self.name
