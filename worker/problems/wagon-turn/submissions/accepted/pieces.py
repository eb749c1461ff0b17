class Solution:
    def turnWagons(self, train: Optional[ListNode], bay: int) -> Optional[ListNode]:
        front = end = ListNode(0, train)
        while True:
            last = end
            for _ in range(bay):
                last = last.next
                if last is None:
                    return front.next
            first, rest = end.next, last.next
            before, at = rest, first
            while at is not rest:
                at.next, before, at = before, at, at.next
            end.next = last
            end = first
