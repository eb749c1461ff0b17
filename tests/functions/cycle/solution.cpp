class Solution {
 public:
  ListNode* makeRing(ListNode* head) {
    ListNode* last = head;
    while (last->next) last = last->next;
    if (last != head) last->next = head;
    return head;
  }
};
