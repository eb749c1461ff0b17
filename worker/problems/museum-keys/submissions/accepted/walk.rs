impl Solution {
    pub fn opens_all(keys: Vec<Vec<i32>>) -> bool {
        let mut opened = vec![false; keys.len()];
        let mut order = vec![0usize];
        opened[0] = true;
        while let Some(room) = order.pop() {
            for &key in &keys[room] {
                let key = key as usize;
                if !opened[key] {
                    opened[key] = true;
                    order.push(key);
                }
            }
        }
        opened.iter().all(|&open| open)
    }
}
