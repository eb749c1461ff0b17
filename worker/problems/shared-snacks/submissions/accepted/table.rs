use std::io::Read;

fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<usize> = text.split_ascii_whitespace().map(|word| word.parse().unwrap()).collect();
    let (n, s, bags) = (numbers[0], numbers[1], &numbers[2..]);

    // possible[i][x]: the bags from i on can hold x biscuits.
    let mut possible = vec![vec![false; s + 1]; n + 1];
    possible[n][0] = true;
    for i in (0..n).rev() {
        for x in 0..=s {
            possible[i][x] = possible[i + 1][x] || (x >= bags[i] && possible[i + 1][x - bags[i]]);
        }
    }
    if !possible[0][s] {
        println!("-1");
        return;
    }
    let mut left = s;
    let mut taken = Vec::new();
    for i in 0..n {
        if left >= bags[i] && possible[i + 1][left - bags[i]] {
            left -= bags[i];
            taken.push((i + 1).to_string());
        }
    }
    println!("{}\n{}", taken.len(), taken.join(" "));
}
