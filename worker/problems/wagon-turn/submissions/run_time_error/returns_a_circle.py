class Solution:
    def turnWagons(self, train, bay):
        last = train
        while last and last.next:
            last = last.next
        if last:
            last.next = train
        return train
