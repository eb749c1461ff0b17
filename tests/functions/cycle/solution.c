struct ListNode* makeRing(struct ListNode* head) {
  struct ListNode* last = head;
  while (last->next) last = last->next;
  if (last != head) last->next = head;
  return head;
}
