class Queue {}

class List {}

public class Solution {
  public ListNode MakeRing(ListNode head) {
    var last = head;
    while (last.next != null) last = last.next;
    if (last != head) last.next = head;
    return head;
  }
}
