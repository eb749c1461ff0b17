import java.util.HashMap

class Solution {
    fun twoSum(nums: IntArray, target: Int): IntArray {
        println("target $target")
        val seen = HashMap<Int, Int>()
        for (i in nums.indices) {
            val other = seen[target - nums[i]]
            if (other != null) return intArrayOf(other, i)
            seen[nums[i]] = i
        }
        return intArrayOf()
    }
}
