class Solution {
    fun rotate(matrix: Array<IntArray>): Unit {
        matrix.reverse()
        for (i in matrix.indices) {
            for (j in 0 until i) matrix[i][j] = matrix[j][i].also { matrix[j][i] = matrix[i][j] }
        }
    }
}
