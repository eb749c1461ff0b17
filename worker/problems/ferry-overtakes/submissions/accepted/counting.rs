impl Solution {
    pub fn overtakes(speeds: Vec<i32>) -> i64 {
        let mut tree = vec![0i64; 1_000_002];
        let mut pairs = 0;
        for (seen, &speed) in speeds.iter().enumerate() {
            let mut at = speed + 1;
            pairs += seen as i64;
            while at > 0 {
                pairs -= tree[at as usize];
                at &= at - 1;
            }
            at = speed + 1;
            while (at as usize) < tree.len() {
                tree[at as usize] += 1;
                at += at & -at;
            }
        }
        pairs
    }
}
