def makeRing(head):
    last = head
    while last.next:
        last = last.next
    if last is not head:
        last.next = head
    return head
