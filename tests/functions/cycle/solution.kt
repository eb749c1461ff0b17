class Solution {
    fun makeRing(head: ListNode?): ListNode? {
        var last = head
        while (last?.next != null) last = last.next
        if (last !== head) last?.next = head
        return head
    }
}
