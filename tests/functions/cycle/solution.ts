function makeRing(head: ListNode | null): ListNode | null {
  let last = head;
  while (last.next) last = last.next;
  if (last !== head) last.next = head;
  return head;
}
