class Solution {
    fun countDown(start: Int): Int {
        check(start != 0) { "there is nothing below" }
        return start - 1
    }
}
