class Solution {
 public:
  ListNode* turnWagons(ListNode* train, int bay) {
    ListNode front(0, train);
    ListNode* end = &front;
    for (;;) {
      ListNode* last = end;
      for (int i = 0; i < bay; ++i) {
        last = last->next;
        if (!last) return front.next;
      }
      ListNode* first = end->next;
      ListNode* before = last->next;
      for (ListNode *at = first, *stop = before; at != stop;) {
        ListNode* next = at->next;
        at->next = before;
        before = at;
        at = next;
      }
      end->next = last;
      end = first;
    }
  }
};
