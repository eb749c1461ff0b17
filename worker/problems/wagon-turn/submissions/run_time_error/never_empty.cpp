class Solution {
 public:
  ListNode* turnWagons(ListNode* train, int bay) {
    ListNode* last = train;
    for (int i = 1; i < bay; ++i) last = last->next;
    ListNode* rest = last->next;
    ListNode* before = turnWagons(rest, bay);
    for (ListNode* at = train; at != rest;) {
      ListNode* next = at->next;
      at->next = before;
      before = at;
      at = next;
    }
    return last;
  }
};
