function makeRing(head) {
  let last = head;
  while (last.next) last = last.next;
  if (last !== head) last.next = head;
  return head;
}
