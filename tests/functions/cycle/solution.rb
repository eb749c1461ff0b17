def make_ring(head)
  last = head
  last = last.next while last.next
  last.next = head unless last == head
  head
end
