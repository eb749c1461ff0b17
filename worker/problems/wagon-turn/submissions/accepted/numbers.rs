impl Solution {
    pub fn turn_wagons(train: Option<Box<ListNode>>, bay: i32) -> Option<Box<ListNode>> {
        let mut numbers = Vec::new();
        let mut at = &train;
        while let Some(wagon) = at {
            numbers.push(wagon.val);
            at = &wagon.next;
        }
        for piece in numbers.chunks_exact_mut(bay as usize) {
            piece.reverse();
        }
        let mut turned = None;
        for &number in numbers.iter().rev() {
            turned = Some(Box::new(ListNode { val: number, next: turned }));
        }
        turned
    }
}
