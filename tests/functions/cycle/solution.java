class Solution {
  public ListNode makeRing(ListNode head) {
    ListNode last = head;
    while (last.next != null) last = last.next;
    if (last != head) last.next = head;
    return head;
  }
}
