struct Echo {
    title: String,
    remembered: i32,
}

impl Echo {
    fn new(title: String) -> Self {
        Echo { title, remembered: 0 }
    }
    fn next_integer(&self, value: i32) -> i32 {
        value + 1
    }
    fn next_long(&self, value: i64) -> i64 {
        value + 1
    }
    fn half_of(&self, value: f64) -> f64 {
        value / 2.0
    }
    fn negation(&self, value: bool) -> bool {
        !value
    }
    fn next_character(&self, value: char) -> char {
        (value as u8 + 1) as char
    }
    fn shout(&self, value: String) -> String {
        value + "!"
    }
    fn turned(&self, mut value: Option<Box<ListNode>>) -> Option<Box<ListNode>> {
        let mut head = None;
        while let Some(mut node) = value {
            value = node.next.take();
            node.next = head;
            head = Some(node);
        }
        head
    }
    fn mirrored(&self, value: Option<Rc<RefCell<TreeNode>>>) -> Option<Rc<RefCell<TreeNode>>> {
        let node = value?;
        let left = node.borrow_mut().left.take();
        let right = node.borrow_mut().right.take();
        node.borrow_mut().left = self.mirrored(right);
        node.borrow_mut().right = self.mirrored(left);
        Some(node)
    }
    fn integers(&self, value: Vec<i32>) -> Vec<i32> {
        value.into_iter().rev().collect()
    }
    fn longs(&self, value: Vec<i64>) -> Vec<i64> {
        value.into_iter().rev().collect()
    }
    fn doubles(&self, value: Vec<f64>) -> Vec<f64> {
        value.into_iter().rev().collect()
    }
    fn flags(&self, value: Vec<bool>) -> Vec<bool> {
        value.into_iter().rev().collect()
    }
    fn letters(&self, value: Vec<char>) -> Vec<char> {
        value.into_iter().rev().collect()
    }
    fn words(&self, value: Vec<String>) -> Vec<String> {
        value.into_iter().rev().collect()
    }
    fn grid(&self, value: Vec<Vec<i32>>) -> Vec<Vec<i32>> {
        value.into_iter().rev().collect()
    }
    fn board(&self, value: Vec<Vec<char>>) -> Vec<Vec<char>> {
        value.into_iter().rev().collect()
    }
    fn numbers(&self, value: Vec<i32>) -> Vec<i32> {
        value.into_iter().rev().collect()
    }
    fn names(&self, value: Vec<String>) -> Vec<String> {
        value.into_iter().rev().collect()
    }
    fn rows(&self, value: Vec<Vec<String>>) -> Vec<Vec<String>> {
        value.into_iter().rev().collect()
    }
    fn table(&self, value: Vec<Vec<i32>>) -> Vec<Vec<i32>> {
        value.into_iter().rev().collect()
    }
    fn forest(&self, value: Vec<Option<Rc<RefCell<TreeNode>>>>) -> Vec<Option<Rc<RefCell<TreeNode>>>> {
        value.into_iter().rev().collect()
    }
    fn chains(&self, value: Vec<Option<Box<ListNode>>>) -> Vec<Option<Box<ListNode>>> {
        value.into_iter().rev().collect()
    }
    fn first_of(&self, value: Vec<Option<Box<ListNode>>>) -> Option<Box<ListNode>> {
        value.into_iter().next().unwrap()
    }
    fn remember(&mut self, value: i32) {
        self.remembered = value;
    }
    fn recall(&self) -> i32 {
        self.remembered
    }
    fn title(&self) -> String {
        self.title.clone()
    }
}
