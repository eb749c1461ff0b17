impl Solution {
    pub fn rotate(matrix: &mut Vec<Vec<i32>>) {
        matrix.reverse();
        for i in 0..matrix.len() {
            for j in i + 1..matrix.len() {
                let one = matrix[i][j];
                matrix[i][j] = matrix[j][i];
                matrix[j][i] = one;
            }
        }
    }
}
