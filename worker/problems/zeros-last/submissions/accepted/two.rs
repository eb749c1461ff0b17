impl Solution {
    pub fn zeros_last(crates: &mut Vec<i32>) {
        let length = crates.len();
        crates.retain(|&apples| apples != 0);
        crates.resize(length, 0);
    }
}
