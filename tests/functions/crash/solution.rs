impl Solution {
    pub fn count_down(start: i32) -> i32 {
        if start == 0 {
            panic!("there is nothing below zero");
        }
        start - 1
    }
}
