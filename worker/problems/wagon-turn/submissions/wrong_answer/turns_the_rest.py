class Solution:
    def turnWagons(self, train, bay):
        numbers = []
        while train:
            numbers.append(train.val)
            train = train.next
        turned = [n for at in range(0, len(numbers), bay) for n in reversed(numbers[at:at + bay])]
        head = None
        for number in reversed(turned):
            head = ListNode(number, head)
        return head
