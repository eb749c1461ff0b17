func makeRing(head *ListNode) *ListNode {
	last := head
	for last.Next != nil {
		last = last.Next
	}
	if last != head {
		last.Next = head
	}
	return head
}
