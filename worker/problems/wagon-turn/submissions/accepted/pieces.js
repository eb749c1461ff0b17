var turnWagons = function(train, bay) {
    const front = new ListNode(0, train);
    let end = front;
    while (true) {
        let last = end;
        for (let i = 0; i < bay; i++) {
            last = last.next;
            if (!last) return front.next;
        }
        const first = end.next, rest = last.next;
        let before = rest, at = first;
        while (at !== rest) {
            const next = at.next;
            at.next = before;
            before = at;
            at = next;
        }
        end.next = last;
        end = first;
    }
};
