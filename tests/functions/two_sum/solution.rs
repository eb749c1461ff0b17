use std::collections::HashMap;

impl Solution {
    pub fn two_sum(nums: Vec<i32>, target: i32) -> Vec<i32> {
        println!("target {}", target);
        let mut seen = HashMap::new();
        for (i, &number) in nums.iter().enumerate() {
            if let Some(&j) = seen.get(&(target - number)) {
                return vec![j, i as i32];
            }
            seen.insert(number, i as i32);
        }
        vec![]
    }
}
